// What can be done with one code, and what is asked before it is.
import { Link as Go, useNavigate } from "@tanstack/react-router";
import { Archive, ArchiveRestore, BookmarkPlus, Copy, CopyPlus, Download, Ellipsis, Pencil, Printer, Trash2 } from "lucide-react";
import { useState } from "react";
import { Confirm } from "@/components/confirm";
import { useCopy } from "@/components/copy";
import { FormBody } from "@/components/page";
import { Button, IconButton } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import { Menu, type MenuEntry } from "@/components/ui/menu";
import { toast } from "@/components/ui/toast";
import { useForm } from "@/lib/form";
import { count } from "@/lib/numbers";
import { templateOfCode } from "../templates/queries";
import type { QrCode, Style } from "./design";
import { DownloadDialog } from "./downloads";
import { act, duplicate, remove } from "./queries";

const ARCHIVED = "Take it out of the archive first.";
export const VIEWER = "Viewers can look at QR codes. An editor, admin or owner can change them.";

type Asks = "delete" | "download" | "template" | null;

export function CodeMenu({ code, mayEdit, onGone }: { code: QrCode; mayEdit: boolean; onGone?: () => void }) {
  const [asks, setAsks] = useState<Asks>(null);
  const { copy } = useCopy();
  const navigate = useNavigate();
  const isArchived = code.status === "archived";
  const why = isArchived ? ARCHIVED : undefined;
  const close = () => setAsks(null);
  const editing: MenuEntry[] = [
    "line",
    { label: "Edit", icon: <Pencil />, run: () => void navigate({ to: "/qr-codes/$id/edit", params: { id: code.id } }), why },
    { label: "Duplicate", icon: <CopyPlus />, run: () => void duplicate(code) },
    { label: "Save as template", icon: <BookmarkPlus />, run: () => setAsks("template") },
    isArchived ? { label: "Take out of the archive", icon: <ArchiveRestore />, run: () => void act("unarchive", [code]) } : { label: "Archive", icon: <Archive />, run: () => void act("archive", [code]) },
    "line",
    { label: "Delete", icon: <Trash2 />, isDanger: true, run: () => setAsks("delete") },
  ];
  const { short_url } = code;
  return (
    <>
      <Menu
        entries={[
          ...(short_url ? [{ label: "Copy short link", icon: <Copy />, run: () => void copy(short_url) }] : []),
          { label: "Download", icon: <Download />, run: () => setAsks("download"), why },
          { label: "Print sheet", icon: <Printer />, run: () => void navigate({ to: "/qr-codes/print", search: { ids: code.id } }), why },
          ...(mayEdit ? editing : []),
        ]}
      >
        <IconButton label={`Actions for ${code.name}`} size="icon-sm">
          <Ellipsis />
        </IconButton>
      </Menu>
      {asks === "download" && <DownloadDialog source={{ code }} style={code.style as Style} onClose={close} />}
      {asks === "template" && <SaveTemplate code={code} onClose={close} />}
      <Confirm
        isOpen={asks === "delete"}
        onClose={close}
        title="Delete this QR code?"
        does="Delete QR code"
        run={async () => {
          await remove([code]);
          onGone?.();
        }}
      >
        <DeleteWords codes={[code]} />
      </Confirm>
    </>
  );
}

export function DeleteWords({ codes }: { codes: readonly QrCode[] }) {
  const scans = codes.reduce((sum, code) => sum + (code.scans ?? 0), 0);
  const isDynamic = codes.some((code) => code.kind === "dynamic");
  if (!isDynamic) return <p>What is printed goes on working: the content is in the symbol. Here it is gone, and this cannot be undone.</p>;
  return (
    <p>
      What is printed will answer 404 at once, {scans > 0 ? `${count(scans)} scans leave the reports, ` : ""}and the address is free for anybody in this workspace. This cannot be undone. Archiving keeps all of it.
    </p>
  );
}

function SaveTemplate({ code, onClose }: { code: QrCode; onClose: () => void }) {
  const form = useForm(
    { name: code.name },
    ({ name }) => templateOfCode(code.id, name.trim()),
    (made) => {
      toast("Template saved", { detail: `${made.name} can be given to other codes now.` });
      onClose();
    },
  );
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Save as template"
      about="The style of this code by a name, for others to be made with."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" isBusy={form.isSending} onClick={form.submit}>
            Save template
          </Button>
        </>
      }
    >
      <FormBody of={form} className="flex flex-col gap-3">
        <Field label="Name" wrong={form.wrong("name")}>
          <Input name="name" value={form.values.name} onChange={(event) => form.set("name", event.target.value)} autoFocus />
        </Field>
      </FormBody>
    </Dialog>
  );
}

export const EditCode = ({ code, why }: { code: QrCode; why: string | undefined }) =>
  why ? (
    <Button icon={<Pencil />} why={why}>
      Edit design
    </Button>
  ) : (
    <Button asChild>
      <Go to="/qr-codes/$id/edit" params={{ id: code.id }}>
        <Pencil /> Edit design
      </Go>
    </Button>
  );
