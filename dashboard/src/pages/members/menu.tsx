// What can be done with one member: another role, a way back in, the way out.
import { Ellipsis, KeySquare, LogOut, UserRoundCog, UserRoundMinus } from "lucide-react";
import { useState } from "react";
import type { Schemas } from "@/api/client";
import { forgetWorkspace, renew, useLogin } from "@/api/session";
import { Confirm } from "@/components/confirm";
import { CopyField } from "@/components/copy";
import { FormProblem } from "@/components/page";
import { Button, IconButton } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Menu, type MenuEntry } from "@/components/ui/menu";
import { toast } from "@/components/ui/toast";
import { useForm } from "@/lib/form";
import { exactly } from "@/lib/time";
import { ADMINS, isAmong } from "@/nav";
import { changeRole, makeResetLink, removeMember, type Member } from "./queries";
import { RoleChoice, roleName } from "./roles";

export type MemberDialog = "role" | "reset" | "remove" | null;

export function MemberMenu({ member, onChoose }: { member: Member; onChoose: (dialog: MemberDialog) => void }) {
  const { user, workspace } = useLogin();
  const isMe = member.user_id === user.id;
  const isAdmin = isAmong(ADMINS, workspace?.role);
  const overMe = member.role === "owner" && workspace?.role !== "owner" ? "Only an owner can do this with an owner." : undefined;
  const entries: MenuEntry[] = isAdmin
    ? [
        { label: "Change role", icon: <UserRoundCog />, run: () => onChoose("role"), why: overMe },
        { label: "Make a reset link", icon: <KeySquare />, run: () => onChoose("reset"), why: isMe ? "Change your own password in your profile." : overMe },
        "line",
      ]
    : [];
  if (isMe) entries.push({ label: "Leave the workspace", icon: <LogOut />, isDanger: true, run: () => onChoose("remove") });
  else if (isAdmin) entries.push({ label: "Remove", icon: <UserRoundMinus />, isDanger: true, run: () => onChoose("remove"), why: overMe });
  if (entries.length === 0) return null;
  return (
    <Menu entries={entries}>
      <IconButton label={`Actions for ${member.name}`} size="icon-sm">
        <Ellipsis />
      </IconButton>
    </Menu>
  );
}

export function MemberDialogs({ member, dialog, onClose }: { member: Member; dialog: MemberDialog; onClose: () => void }) {
  const { user } = useLogin();
  const isMe = member.user_id === user.id;
  if (dialog === "role") return <RoleDialog member={member} isMe={isMe} onClose={onClose} />;
  if (dialog === "reset") return <ResetDialog member={member} onClose={onClose} />;
  if (dialog !== "remove") return null;
  return isMe ? <LeaveDialog userId={user.id} onClose={onClose} /> : <RemoveDialog member={member} onClose={onClose} />;
}

function RoleDialog({ member, isMe, onClose }: { member: Member; isMe: boolean; onClose: () => void }) {
  const { workspace } = useLogin();
  const form = useForm(
    { role: member.role },
    ({ role }) => changeRole(member.user_id, role),
    async (changed) => {
      // The login says what one may do; it has to be a new one.
      if (isMe) await renew();
      toast(`${changed.name} is ${roleName(changed.role).toLowerCase()} now`, { detail: "It acts on their next request." });
      onClose();
    },
  );
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={isMe ? "Your role" : `Role of ${member.name}`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" isBusy={form.isSending} why={form.isDirty ? undefined : "This is the role already."} onClick={form.submit}>
            Change role
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <FormProblem problem={form.problem} />
        <RoleChoice value={form.values.role} onChange={(role) => form.set("role", role)} mine={workspace?.role ?? "viewer"} />
        <p className="text-xs text-ink-3">It acts on the next request, also on {isMe ? "your" : "their"} personal keys.</p>
      </div>
    </Dialog>
  );
}

function ResetDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const [made, setMade] = useState<Schemas["ResetLink"]>();
  const form = useForm({}, () => makeResetLink(member.user_id), setMade);
  return (
    <Dialog
      isOpen
      onClose={onClose}
      mayClose={made === undefined}
      title={`Reset link for ${member.name}`}
      footer={
        made ? (
          <Button look="primary" onClick={onClose}>
            I have copied it
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button look="primary" isBusy={form.isSending} onClick={form.submit}>
              Make the link
            </Button>
          </>
        )
      }
    >
      <div className="flex flex-col gap-3 text-sm text-ink-2">
        <FormProblem problem={form.problem} />
        {made ? (
          <>
            <CopyField text={made.reset_url} label="Reset link" />
            <p>
              Hand it over yourself; it is not shown again. It works once, until {exactly(made.expires_at)}.
            </p>
          </>
        ) : (
          <p>With it {member.name} chooses a new password, which ends all of their sessions. It takes the place of any earlier link. Hand it only to them.</p>
        )}
      </div>
    </Dialog>
  );
}

const RemoveDialog = ({ member, onClose }: { member: Member; onClose: () => void }) => (
  <Confirm
    isOpen
    onClose={onClose}
    title={`Remove ${member.name}?`}
    does="Remove"
    run={async () => {
      await removeMember(member.user_id);
      toast(`${member.name} removed`);
    }}
  >
    <p>
      They and their personal keys are refused from the next request on. What they made stays. To come back they need a new invitation.
    </p>
  </Confirm>
);

export function LeaveDialog({ userId, onClose }: { userId: string; onClose: () => void }) {
  const { workspace } = useLogin();
  return (
    <Confirm
      isOpen
      onClose={onClose}
      title={`Leave ${workspace?.name}?`}
      does="Leave"
      run={async () => {
        await removeMember(userId);
        // What is in this page is not theirs any more.
        forgetWorkspace();
      }}
    >
      <p>You and your personal keys are refused from the next request on. What you made stays. To come back you need an invitation.</p>
    </Confirm>
  );
}
