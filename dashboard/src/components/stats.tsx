// One number with its name, and how it moved; a line of numbers too small to read, for the shape of it.
import { ArrowDownRight, ArrowUpRight } from "lucide-react";
import { useId, type ReactNode } from "react";
import { count, figure, pct } from "@/lib/numbers";
import { Skeleton } from "./ui/card";
import { Tip } from "./ui/tooltip";

export function StatCard({ name, value, change, hint, isLoading }: {
  name: ReactNode;
  value: number | string | undefined;
  /** Against the period before, in per cent. */
  change?: number | null | undefined;
  hint?: ReactNode;
  isLoading?: boolean;
}) {
  const shown = typeof value === "number" ? figure(value) : value;
  return (
    <div className="min-w-0 rounded-xl border border-line bg-surface px-4 py-3">
      <p className="text-xs text-ink-2 sm:truncate">{name}</p>
      <div className="mt-1 flex h-7 items-baseline gap-2">
        {isLoading ? (
          <Skeleton className="h-6 w-20 self-center" />
        ) : (
          <>
            <span className="tnum text-2xl font-semibold tracking-tight" title={typeof value === "number" ? count(value) : undefined}>
              {shown ?? "–"}
            </span>
            <Change of={change} />
          </>
        )}
      </div>
      {hint && <p className="mt-0.5 text-xs text-ink-3 sm:truncate">{hint}</p>}
    </div>
  );
}

/** Beyond it the number says only that there was next to nothing before. */
const PCT_MAX = 999;

/** Neutral: more of it is neither good nor bad. */
export function Change({ of: change, against = "the period before", isNeutral }: { of: number | null | undefined; against?: string; isNeutral?: boolean }) {
  if (change == null || change === 0) return null;
  const isUp = change > 0;
  const tone = isNeutral ? "text-ink-2" : isUp ? "text-good" : "text-bad";
  return (
    <Tip text={`Against ${against}`}>
      <span className={`tnum inline-flex items-center gap-0.5 text-xs font-medium ${tone}`}>
        {isUp ? <ArrowUpRight aria-label="up" className="size-3.5" /> : <ArrowDownRight aria-label="down" className="size-3.5" />}
        {Math.abs(change) > PCT_MAX ? `>${pct(PCT_MAX)}` : pct(Math.abs(change))}
      </span>
    </Tip>
  );
}

const [WIDTH, HEIGHT] = [96, 24];

export function Sparkline({ values, label }: { values: number[]; label: string }) {
  const id = useId();
  const most = Math.max(1, ...values);
  const step = WIDTH / Math.max(1, values.length - 1);
  const points = values.map((value, at) => `${(at * step).toFixed(1)},${(HEIGHT - 2 - (value / most) * (HEIGHT - 4)).toFixed(1)}`);
  const line = `M${points.join("L")}`;
  return (
    <svg role="img" aria-label={label} width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="shrink-0 text-accent">
      <defs>
        <linearGradient id={id} x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="currentColor" stopOpacity="0.22" />
          <stop offset="1" stopColor="currentColor" stopOpacity="0" />
        </linearGradient>
      </defs>
      <path d={`${line}L${WIDTH},${HEIGHT}L0,${HEIGHT}Z`} fill={`url(#${id})`} />
      <path d={line} fill="none" stroke="currentColor" strokeWidth="1.25" strokeLinejoin="round" />
    </svg>
  );
}
