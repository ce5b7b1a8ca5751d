// What can be done with one link, and asking before it is deleted.
import { Link as Go } from "@tanstack/react-router";
import { Archive, ArchiveRestore, Copy, Ellipsis, Eraser, ExternalLink, Pause, Pencil, Play, QrCode, Trash2 } from "lucide-react";
import { useState } from "react";
import { useLogin } from "@/api/session";
import { Confirm } from "@/components/confirm";
import { useCopy } from "@/components/copy";
import { Button, IconButton } from "@/components/ui/button";
import { Menu, type MenuEntry } from "@/components/ui/menu";
import { count } from "@/lib/numbers";
import { ADMINS, isAmong } from "@/nav";
import { act, bare, duplicate, eraseClicks, remove, suits, type Link } from "./queries";
import { QrDialog } from "./qr";

export function LinkMenu({ link, mayEdit, onEdit, onGone }: { link: Link; mayEdit: boolean; onEdit: () => void; onGone?: () => void }) {
  const [asks, setAsks] = useState<"delete" | "erase" | "qr" | null>(null);
  const { copy } = useCopy();
  const isArchived = link.status === "archived";
  const ofCode = link.qr_code_id ? "It belongs to a QR code, and goes with it." : undefined;
  const isAdmin = isAmong(ADMINS, useLogin().workspace?.role);
  const erasing: MenuEntry[] = isAdmin ? [{ label: "Erase its clicks", icon: <Eraser />, isDanger: true, run: () => setAsks("erase") }] : [];
  const editing: MenuEntry[] = [
    "line",
    { label: "Edit", icon: <Pencil />, run: onEdit, why: isArchived ? "Take it out of the archive first." : undefined },
    { label: "Duplicate", icon: <Copy />, run: () => void duplicate(link) },
    suits("resume", link)
      ? { label: "Resume", icon: <Play />, run: () => void act("resume", [link]) }
      : { label: "Pause", icon: <Pause />, run: () => void act("pause", [link]), why: isArchived ? "It is archived: nobody gets through." : undefined },
    isArchived
      ? { label: "Take out of the archive", icon: <ArchiveRestore />, run: () => void act("unarchive", [link]), why: ofCode }
      : { label: "Archive", icon: <Archive />, run: () => void act("archive", [link]), why: ofCode },
    "line",
    ...erasing,
    { label: "Delete", icon: <Trash2 />, isDanger: true, run: () => setAsks("delete"), why: ofCode },
  ];
  return (
    <>
      <Menu
        entries={[
          { label: "Copy short link", icon: <Copy />, run: () => void copy(link.short_url) },
          { label: "QR code", icon: <QrCode />, run: () => setAsks("qr") },
          {
            label: "Open the destination",
            icon: <ExternalLink />,
            run: () => void window.open(link.destination_url ?? link.short_url, "_blank", "noopener"),
            why: link.destination_url ? undefined : "It shows a page of its own.",
          },
          ...(mayEdit ? editing : []),
        ]}
      >
        <IconButton label={`Actions for ${link.title ?? link.alias}`} size="icon-sm">
          <Ellipsis />
        </IconButton>
      </Menu>
      {asks === "qr" && <QrDialog link={link} onClose={() => setAsks(null)} />}
      {asks === "erase" && (
        <Confirm isOpen onClose={() => setAsks(null)} title="Erase the clicks of this link?" does="Erase for ever" run={() => eraseClicks(link)}>
          <p>
            Every click on <strong className="text-ink">{bare(link.short_url)}</strong> is forgotten: in memory, on disk and in the log. The reports lose them; the counter of the
            link stays. The link goes on.
          </p>
        </Confirm>
      )}
      {asks === "delete" && (
        <Confirm
          isOpen
          onClose={() => setAsks(null)}
          title="Delete this link?"
          does="Delete link"
          run={async () => {
            await remove([link]);
            onGone?.();
          }}
        >
          <p>
            <strong className="text-ink">{bare(link.short_url)}</strong> will answer 404 at once, also where it is printed, and its {count(link.clicks)} clicks leave the
            reports. This cannot be undone. Archiving keeps both.
          </p>
        </Confirm>
      )}
    </>
  );
}

export const BackToLinks = () => (
  <Go to="/links" className="rounded hover:text-ink">
    ← Links
  </Go>
);

export const EditButton = ({ onClick, why }: { onClick: () => void; why: string | undefined }) => (
  <Button icon={<Pencil />} why={why} onClick={onClick}>
    Edit
  </Button>
);
