// The picture of a code that is kept. An archived one has none: its image answers 410, as its scans do.
import { Archive } from "lucide-react";
import { ApiImage } from "@/components/api-image";
import { cx } from "@/lib/cx";
import type { QrCode } from "./design";
import { imageKey, imagePath } from "./queries";

export function CodePicture({ code, label = "", className }: { code: QrCode; label?: string; className: string }) {
  if (code.status === "archived")
    return (
      <span className={cx("inline-grid shrink-0 place-items-center rounded-lg border border-dashed border-line-strong bg-sunken text-ink-3", className)}>
        <Archive aria-label={label ? `${label}: archived` : "Archived"} className="size-1/3 max-h-8" />
      </span>
    );
  return <ApiImage path={imagePath(code, "svg")} queryKey={imageKey(code, "svg")} label={label} className={className} />;
}
