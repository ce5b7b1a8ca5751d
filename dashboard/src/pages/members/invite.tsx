// Inviting somebody: a role, perhaps an address, and the link to hand over. This server sends no mail by itself.
import { useState } from "react";
import type { Schemas } from "@/api/client";
import { CopyField } from "@/components/copy";
import { FormBody } from "@/components/page";
import { Button } from "@/components/ui/button";
import { Drawer } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import { useForm } from "@/lib/form";
import { exactly } from "@/lib/time";
import type { Role } from "@/nav";
import { invite } from "./queries";
import { RoleChoice, roleName } from "./roles";

export function InviteDrawer({ mine, onClose }: { mine: Role; onClose: () => void }) {
  const [made, setMade] = useState<Schemas["InvitationMade"]>();
  const form = useForm(
    { email: "", role: "editor" as Role },
    ({ email, role }) => invite({ role, ...(email.trim() ? { email: email.trim() } : {}) }),
    setMade,
  );
  if (made) return <Made made={made} onClose={onClose} />;
  return (
    <Drawer
      isOpen
      onClose={onClose}
      isDirty={form.isDirty}
      title="Invite somebody"
      about="You get a link to hand over. With it they join, with an account that they have or a new one."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" isBusy={form.isSending} onClick={form.submit}>
            Make the link
          </Button>
        </>
      }
    >
      <FormBody of={form} className="flex flex-col gap-5">
        <Field label="E-mail" isOptional wrong={form.wrong("email")} hint="Only an account with this address may use the link. Left empty: whoever has it.">
          <Input autoFocus type="email" name="email" placeholder="grace@example.com" value={form.values.email} onChange={(event) => form.set("email", event.target.value)} />
        </Field>
        <div className="flex flex-col gap-2">
          <p className="text-sm font-medium">Role</p>
          <RoleChoice value={form.values.role} onChange={(role) => form.set("role", role)} mine={mine} />
          {form.wrong("role") && (
            <p role="alert" className="text-xs text-bad">
              {form.wrong("role")}
            </p>
          )}
        </div>
        <button type="submit" hidden />
      </FormBody>
    </Drawer>
  );
}

function Made({ made, onClose }: { made: Schemas["InvitationMade"]; onClose: () => void }) {
  return (
    <Drawer
      isOpen
      onClose={onClose}
      mayClose={false}
      title="Hand over this link"
      about={`${made.email ?? "Whoever has it"} joins as ${roleName(made.role).toLowerCase()} with it, once.`}
      footer={
        <Button look="primary" onClick={onClose}>
          I have copied it
        </Button>
      }
    >
      <div className="flex flex-col gap-3">
        <CopyField text={made.invite_url} label="Invitation link" />
        <p className="text-sm text-ink-2">
          It is not shown again. It works until {exactly(made.expires_at)}, unless you withdraw it before.
        </p>
      </div>
    </Drawer>
  );
}
