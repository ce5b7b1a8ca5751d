// QR codes and links side by side: how many came by which, and how that changed.
import { useMemo } from "react";
import SeriesChart, { type SeriesPoint } from "@/components/series-chart";
import { Card, Skeleton } from "@/components/ui/card";
import { cx } from "@/lib/cx";
import { count, pct } from "@/lib/numbers";
import { valuesOf } from "./filters";
import type { useScans, useSeries } from "./figures";
import { isPartial, type Interval } from "./period";
import type { Report } from "./queries";
import type { PageState } from "./state";
import { withTrigger } from "./toolbar";

type Props = { page: PageState; report: ReturnType<typeof useSeries>; scans: ReturnType<typeof useScans> };

const LINES = [
  { name: "QR codes", colour: "chart-1" },
  { name: "Links", colour: "chart-3" },
];

function pointsOf(report: Report | undefined, scans: Report | undefined): SeriesPoint[] {
  if (!report) return [];
  // Intervals are matched by when they begin: the two answers may be a second apart.
  const scanned = new Map(scans?.series?.map((point) => [point.start, point.clicks]));
  return (report.series ?? []).map((point) => {
    const qr = Math.min(scanned.get(point.start) ?? 0, point.clicks);
    return { start: point.start, values: [qr, point.clicks - qr], isPartial: isPartial(point.start, report.range.interval as Interval, report.range) };
  });
}

export function TriggerCard({ page, report, scans }: Props) {
  const sum = report.data?.summary;
  const links = sum ? sum.clicks - sum.qr_scans : 0;
  const isReady = report.data !== undefined && (scans.data !== undefined || scans.fetchStatus === "idle");
  const points = useMemo(() => pointsOf(report.data, scans.data), [report.data, scans.data]);
  return (
    <Card title="QR codes and links" isFlush className="flex flex-col [&>div]:flex-1">
      <div className={cx("flex h-full flex-col p-4 transition-opacity", report.isPlaceholderData && "opacity-50")}>
        {!isReady || !sum ? (
          <Skeleton className="h-full min-h-64 w-full" />
        ) : sum.clicks === 0 ? (
          <p className="m-auto py-16 text-sm text-ink-3">No clicks in this time.</p>
        ) : (
          <>
            <div className="grid grid-cols-2 gap-3">
              <Part page={page} trigger="qr" name="QR codes" colour="chart-1" value={sum.qr_scans} of={sum.clicks} />
              <Part page={page} trigger="link" name="Links" colour="chart-3" value={links} of={sum.clicks} />
            </div>
            <div aria-hidden className="mt-3 flex h-2 gap-0.5 overflow-hidden rounded-full">
              <span className="bg-[var(--chart-1)]" style={{ width: `${(100 * sum.qr_scans) / sum.clicks}%` }} />
              <span className="flex-1 bg-[var(--chart-3)]" />
            </div>
            <div className="mt-4 h-52">
              <SeriesChart label="QR codes and links over time" interval={report.data?.range.interval ?? "day"} kind="bars" empty="No clicks in this time." points={points} lines={LINES} />
            </div>
          </>
        )}
      </div>
    </Card>
  );
}

function Part({ page, trigger, name, colour, value, of }: { page: PageState; trigger: "qr" | "link"; name: string; colour: string; value: number; of: number }) {
  const isChosen = valuesOf(page.filters, "trigger", "is").includes(trigger);
  return (
    <button type="button" aria-pressed={isChosen} onClick={() => withTrigger(page, trigger)} className={cx("rounded-lg border px-3 py-2 text-left hover:bg-hover", isChosen ? "border-accent bg-accent-soft" : "border-line")}>
      <span className="flex items-center gap-1.5 text-xs text-ink-2">
        <span aria-hidden className="size-2 rounded-full" style={{ background: `var(--${colour})` }} />
        {name}
      </span>
      <span className="tnum mt-0.5 flex items-baseline gap-2">
        <span className="text-lg font-semibold">{count(value)}</span>
        <span className="text-xs text-ink-3">{pct((100 * value) / of)}</span>
      </span>
    </button>
  );
}
