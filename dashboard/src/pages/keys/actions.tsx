// What can be done with one key, each with the question that belongs to it.
import { Ban, Copy, Ellipsis, Pencil, Power, RefreshCw, RotateCcwKey, Trash2 } from "lucide-react";
import { useState } from "react";
import { Confirm } from "@/components/confirm";
import { useCopy } from "@/components/copy";
import { FormProblem } from "@/components/page";
import { Button, IconButton } from "@/components/ui/button";
import { Segments } from "@/components/ui/checks";
import { Dialog } from "@/components/ui/dialog";
import { Menu } from "@/components/ui/menu";
import { toast, toastError } from "@/components/ui/toast";
import { useForm } from "@/lib/form";
import { exactly } from "@/lib/time";
import { KeyDrawer } from "./drawer";
import { changeKey, deleteKey, revokeKey, rotateKey, type Key, type KeyWithSecret } from "./queries";
import { SecretDialog } from "./secret";

type Asked = "rotate" | "regenerate" | "edit" | "revoke" | "delete" | null;

async function setActive(key: Key, is_active: boolean, isUndo = false) {
  try {
    await changeKey(key.id, { is_active });
    if (!isUndo) toast(`${key.name} is ${is_active ? "active again" : "deactivated"}`, { undo: () => void setActive(key, !is_active, true) });
  } catch (error) {
    toastError("The key was not changed", error);
  }
}

/** The menu of a key, and what its entries ask. `start` opens one of them from elsewhere. */
export function useKeyActions(key: Key, onGone?: () => void) {
  const [asks, setAsks] = useState<Asked>(null);
  const [made, setMade] = useState<KeyWithSecret | null>(null);
  const { copy } = useCopy();
  const close = () => setAsks(null);
  const isFinal = key.status === "revoked";
  const final = isFinal ? "It is revoked: that is final." : undefined;
  const took = (answer: KeyWithSecret) => {
    setAsks(null);
    setMade(answer);
  };
  const menu = (
    <Menu
      entries={[
        { label: "Rotate key", icon: <RotateCcwKey />, run: () => setAsks("rotate"), why: final },
        { label: "Regenerate", icon: <RefreshCw />, run: () => setAsks("regenerate"), why: final },
        key.status === "inactive"
          ? { label: "Activate", icon: <Power />, run: () => void setActive(key, true) }
          : { label: "Deactivate", icon: <Power />, run: () => void setActive(key, false), why: final },
        { label: "Edit", icon: <Pencil />, run: () => setAsks("edit"), why: final },
        { label: "Copy partial key", icon: <Copy />, run: () => void copy(key.preview) },
        "line",
        { label: "Revoke", icon: <Ban />, isDanger: true, run: () => setAsks("revoke"), why: final },
        { label: "Delete", icon: <Trash2 />, isDanger: true, run: () => setAsks("delete") },
      ]}
    >
      <IconButton label={`Actions for ${key.name}`} size="icon-sm">
        <Ellipsis />
      </IconButton>
    </Menu>
  );
  const dialogs = (
    <>
      {asks === "rotate" && <RotateDialog rotated={key} onClose={close} onMade={took} />}
      {asks === "edit" && <KeyDrawer keyToEdit={key} onClose={close} onMade={took} />}
      <Confirm isOpen={asks === "regenerate"} onClose={close} title="Regenerate this key?" does="Regenerate key" run={async () => took(await rotateKey(key.id, { grace_seconds: 0 }))}>
        <p>
          The secret <code className="font-mono text-xs text-ink">{key.preview}</code> stops working at once, and a new one takes its place. Programs that use it fail until they have the new one.
          Rotating gives them time.
        </p>
      </Confirm>
      <Confirm isOpen={asks === "revoke"} onClose={close} title={`Revoke “${key.name}”?`} does="Revoke key" run={() => revokeKey(key.id)}>
        <p>Every secret of it stops working before this answers, also one that is still in its grace. It cannot be undone; deactivating can.</p>
      </Confirm>
      <Confirm
        isOpen={asks === "delete"}
        onClose={close}
        title={`Delete “${key.name}”?`}
        does="Delete key"
        run={async () => {
          await deleteKey(key.id);
          toast("Key deleted");
          onGone?.();
        }}
      >
        <p>It stops working at once and leaves this list. What was done with it stays in the audit log.</p>
      </Confirm>
      {made && <SecretDialog made={made} title={`The new secret of ${made.name}`} onClose={() => setMade(null)} />}
    </>
  );
  return { menu, dialogs, start: setAsks, final };
}

const GRACES = { "0": "None", "3600": "1 hour", "86400": "1 day", "259200": "3 days", "604800": "7 days" } as const;
type Grace = keyof typeof GRACES;

function RotateDialog({ rotated, onClose, onMade }: { rotated: Key; onClose: () => void; onMade: (made: KeyWithSecret) => void }) {
  const form = useForm({ grace_seconds: "86400" as Grace }, (values) => rotateKey(rotated.id, { grace_seconds: Number(values.grace_seconds) }), onMade);
  const grace = Number(form.values.grace_seconds);
  const [now] = useState(() => Date.now());
  const natural = rotated.expires_at ? new Date(rotated.expires_at).getTime() : Infinity;
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Rotate key"
      about="A new secret for the same key. Name, scopes, limits and history stay."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" isBusy={form.isSending} onClick={form.submit}>
            Rotate key
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <FormProblem problem={form.problem} />
        <p className="text-sm font-medium">The old secret goes on working for</p>
        <Segments label="Grace" value={form.values.grace_seconds} onChange={(value) => form.set("grace_seconds", value)} options={(["0", "3600", "86400", "259200", "604800"] as Grace[]).map((value) => ({ value, label: GRACES[value] }))} />
        <p className="text-xs text-ink-3">{grace === 0 ? "It is dead when this answers." : `Until ${exactly(Math.min(now + grace * 1000, natural))}. Its answers then carry a Sunset header.`}</p>
        {form.wrong("grace_seconds") && <p className="text-xs text-bad">{form.wrong("grace_seconds")}</p>}
      </div>
    </Dialog>
  );
}
