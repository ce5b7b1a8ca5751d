// Codes as pictures. The browser skips what is out of sight, and pictures are fetched when they come near it.
import { useEffect, useRef, type ReactNode } from "react";
import { Link as Go } from "@tanstack/react-router";
import { Badge } from "@/components/ui/badge";
import { Skeleton } from "@/components/ui/card";
import { Checkbox } from "@/components/ui/checks";
import { cx } from "@/lib/cx";
import { plural } from "@/lib/numbers";
import { CodePicture } from "./code-picture";
import type { QrCode } from "./design";
import { payloadSpec } from "./payloads";
import { VerdictBadge } from "./verdict";
import { pathOf } from "../links/queries";

/** The next page is asked for this far before its end is seen. */
const AHEAD_PX = 800;

type Props = {
  rows: QrCode[];
  chosen: ReadonlySet<string>;
  onChoose: (chosen: ReadonlySet<string>) => void;
  menu: (code: QrCode) => ReactNode;
  hasMore: boolean;
  onMore: () => void;
};

export function CodeGrid({ rows, chosen, onChoose, menu, hasMore, onMore }: Props) {
  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    onChoose(next);
  };
  return (
    <>
      <ul aria-label="QR codes" className="grid grid-cols-[repeat(auto-fill,minmax(9.75rem,1fr))] gap-3 sm:grid-cols-[repeat(auto-fill,minmax(12rem,1fr))]">
        {rows.map((code) => (
          <li
            key={code.id}
            className={cx(
              "group relative flex min-w-0 flex-col rounded-xl border bg-surface transition-colors [contain-intrinsic-size:auto_300px] [content-visibility:auto] focus-within:border-line-strong hover:border-line-strong",
              chosen.has(code.id) ? "border-accent! bg-accent-soft/50" : "border-line",
            )}
          >
            <div className="relative grid place-items-center p-4 pb-3">
              <CodePicture code={code} className="aspect-square w-full border-0! p-1.5" />
              <Checkbox
                aria-label={`Choose ${code.name}`}
                checked={chosen.has(code.id)}
                onCheckedChange={() => toggle(code.id)}
                className={cx("absolute! top-2.5 left-2.5 z-10", !chosen.has(code.id) && chosen.size === 0 && "sm:opacity-0 sm:group-focus-within:opacity-100 sm:group-hover:opacity-100")}
              />
            </div>
            <div className="flex flex-1 flex-col gap-1.5 border-t border-line px-3 py-2.5">
              <div className="flex items-start gap-1">
                <div className="min-w-0 flex-1">
                  <Go to="/qr-codes/$id" params={{ id: code.id }} className="block truncate rounded text-sm font-medium after:absolute after:inset-0 after:rounded-xl focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-accent">
                    {code.name}
                  </Go>
                  <p className="truncate text-xs text-ink-3" title={code.short_url ?? undefined}>{code.short_url ? pathOf(code.short_url) : `${payloadSpec(code.payload.type).name}, static`}</p>
                </div>
                <span className="relative z-10 -mt-0.5 -mr-1.5">{menu(code)}</span>
              </div>
              <div className="relative z-10 mt-auto flex items-center justify-between gap-2">
                {code.status === "archived" ? <Badge dot>Archived</Badge> : <VerdictBadge verdict={code.verdict} />}
                <span className="tnum text-2xs whitespace-nowrap text-ink-2 sm:text-xs">{code.scans == null ? "not counted" : plural(code.scans, "scan")}</span>
              </div>
            </div>
          </li>
        ))}
      </ul>
      {hasMore && <More onMore={onMore} />}
    </>
  );
}

function More({ onMore }: { onMore: () => void }) {
  const edge = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!edge.current) return;
    const watch = new IntersectionObserver(([seen]) => seen?.isIntersecting && onMore(), { rootMargin: `${AHEAD_PX}px` });
    watch.observe(edge.current);
    return () => watch.disconnect();
  }, [onMore]);
  return (
    <div ref={edge} className="mt-3 grid grid-cols-2 gap-3 sm:grid-cols-5">
      <Skeleton className="h-64 w-full" />
      <Skeleton className="h-64 w-full" />
    </div>
  );
}
