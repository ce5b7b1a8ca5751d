// The QR image of a link, as the server draws it, and the files of it.
import { Download } from "lucide-react";
import { download } from "@/api/client";
import { ApiImage } from "@/components/api-image";
import { CopyField } from "@/components/copy";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { toastError } from "@/components/ui/toast";
import type { Link } from "./queries";

const PRINT_PIXELS = 2048;

export const QrImage = ({ id, label, className }: { id: string; label: string; className?: string }) => (
  <ApiImage path={`/v1/links/${id}/qr.svg`} queryKey={["links", "qr", id]} label={label} className={className ?? "size-40"} />
);

export function QrDownloads({ link }: { link: Link }) {
  const name = link.alias.replaceAll("/", "-");
  const take = (path: string, file: string) => void download(path, file).catch((error: unknown) => toastError("The image was not made", error));
  return (
    <div className="flex gap-2">
      <Button size="sm" icon={<Download />} onClick={() => take(`/v1/links/${link.id}/qr.svg`, `${name}.svg`)}>
        SVG
      </Button>
      <Button size="sm" icon={<Download />} onClick={() => take(`/v1/links/${link.id}/qr.png?size=${PRINT_PIXELS}`, `${name}.png`)}>
        PNG
      </Button>
    </div>
  );
}

export function QrDialog({ link, onClose }: { link: Link; onClose: () => void }) {
  return (
    <Dialog isOpen onClose={onClose} title={link.title ?? `/${link.alias}`} about="Scans are counted apart from clicks.">
      <div className="flex flex-col items-center gap-4">
        <QrImage id={link.id} label={`QR code of ${link.short_url}`} className="size-64" />
        <QrDownloads link={link} />
        <div className="w-full">
          <CopyField text={link.short_url} label="Short link" />
        </div>
      </div>
    </Dialog>
  );
}
