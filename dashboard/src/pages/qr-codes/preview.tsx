// What the design looks like now and whether it will scan; the picture before stays until the next one is there.
import { Download, Eye } from "lucide-react";
import { useState } from "react";
import { ErrorPanel } from "@/components/page";
import { Button } from "@/components/ui/button";
import { Card, Skeleton } from "@/components/ui/card";
import { Drawer } from "@/components/ui/dialog";
import { cx } from "@/lib/cx";
import type { QrCode, Style } from "./design";
import { DownloadDialog } from "./downloads";
import type { Designing } from "./use-designer";
import { gradeSays, Score, VerdictPanel } from "./verdict";

/** Where the background is transparent, one wants to see that it is. */
const CHECKERS = "repeating-conic-gradient(#e9edee 0 25%, #ffffff 0 50%) 50% / 20px 20px";

const isSeeThrough = (style: Style) => style.backgroundOptions?.color === "transparent" || Boolean(style.frame?.type && style.frame.type !== "none") || Boolean(style.backgroundOptions?.round);

export function Picture({ designing, className }: { designing: Designing; className?: string }) {
  const { live, now } = designing;
  return (
    <div className={cx("relative overflow-hidden rounded-lg border border-line bg-white", className)} style={isSeeThrough(now.style) ? { background: CHECKERS } : undefined}>
      {live.picture ? (
        <img src={live.picture} alt={live.isSample ? "A sample in this style" : "The code as it will be"} className={cx("absolute inset-[4%] size-[92%] object-contain transition-opacity duration-150", (live.isSample || live.errors.length > 0) && "opacity-45")} />
      ) : (
        <Skeleton className="absolute inset-[4%] size-[92%]" />
      )}
    </div>
  );
}

/** What stands beside the steps. */
export function Preview({ designing, code, name }: { designing: Designing; code: QrCode | undefined; name: string }) {
  const { live, now, apply, mending } = designing;
  const [isOpen, setOpen] = useState(false);
  const styleErrors = live.errors.filter((error) => error.field.startsWith("style"));
  const why = live.isSample ? "Complete the content first." : styleErrors.length > 0 ? "Something in the style is wrong." : now.kind === "dynamic" && !code ? "Save it first: its address is made then." : undefined;
  return (
    <div className="flex flex-col gap-4">
      <Card>
        <div className="flex flex-col gap-3">
          <Picture designing={designing} className="aspect-square w-full" />
          <Caption designing={designing} code={code} />
          <Button icon={<Download />} why={why} onClick={() => setOpen(true)} className="justify-center">
            Download
          </Button>
        </div>
      </Card>
      <Card title="Will it scan?">
        {live.error ? (
          <ErrorPanel error={live.error} />
        ) : live.isSample ? (
          <p className="text-sm text-ink-2">That is said as soon as the content is complete.</p>
        ) : styleErrors.length > 0 ? (
          <ul role="alert" className="flex flex-col gap-1 text-sm text-bad">
            {styleErrors.map((error) => (
              <li key={error.field + error.message}>
                <code className="font-mono text-xs">{error.field.replace(/^style\./, "")}</code>: {error.message}
              </li>
            ))}
          </ul>
        ) : (
          <VerdictPanel verdict={live.verdict} onApply={apply} onMend={() => mending.mutate()} isMending={mending.isPending} />
        )}
      </Card>
      {isOpen && <DownloadDialog source={{ drawn: live.drawn, name }} style={now.style} onClose={() => setOpen(false)} />}
    </div>
  );
}

function Caption({ designing: { live, now }, code }: { designing: Designing; code: QrCode | undefined }) {
  const text = live.isSample
    ? "A sample: the content is not complete yet."
    : now.kind === "static"
      ? "Holds the content itself."
      : code || now.alias.trim()
        ? `Holds ${(live.data ?? "").replace(/^https?:\/\//, "")}`
        : "Drawn with an address as long as the one it gets when you save.";
  return (
    <p aria-live="polite" className="min-h-8 text-xs break-words text-ink-3">
      {text}
    </p>
  );
}

/** On a narrow screen: the picture and the grade at the lower edge, and the rest on demand. */
export function PreviewBar({ designing, code, name, save }: { designing: Designing; code: QrCode | undefined; name: string; save: React.ReactNode }) {
  const { live } = designing;
  const [isOpen, setOpen] = useState(false);
  const { verdict } = live;
  return (
    <div className="sticky bottom-0 z-20 -mx-4 mt-4 flex items-center gap-3 border-t border-line bg-surface/95 px-4 py-2 backdrop-blur sm:-mx-8 sm:px-8 lg:hidden">
      <Picture designing={designing} className="size-14 shrink-0" />
      <div className="flex min-w-0 flex-1 items-center gap-2">
        {verdict && <Score verdict={verdict} />}
        <span className={cx("min-w-0 text-xs text-ink-2", verdict && "max-sm:sr-only")}>{verdict ? gradeSays(verdict.verdict) : live.isSample ? "Content is not complete" : "…"}</span>
      </div>
      <Button icon={<Eye />} size="icon" aria-label="Preview and verdict" onClick={() => setOpen(true)} />
      {save}
      <Drawer isOpen={isOpen} onClose={() => setOpen(false)} title="Preview">
        <Preview designing={designing} code={code} name={name} />
      </Drawer>
    </div>
  );
}
