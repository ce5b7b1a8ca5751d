// The top of the page: four figures with their change, and below them the one that was chosen, over time.
import { useQuery } from "@tanstack/react-query";
import { useMemo, type ReactNode } from "react";
import { ErrorPanel } from "@/components/page";
import { Change } from "@/components/stats";
import { Skeleton } from "@/components/ui/card";
import { Select } from "@/components/ui/field";
import { Tip } from "@/components/ui/tooltip";
import { cx } from "@/lib/cx";
import { count, figure, pct } from "@/lib/numbers";
import SeriesChart, { type SeriesPoint } from "@/components/series-chart";
import { inSentence } from "./names";
import { intervalsFor, isPartial, periodInWords, rangeInWords, zoomed, type Interval } from "./period";
import { scansQuestion, seriesQuery, type Point, type Report } from "./queries";
import { periodOf, periodSearch, type Measure } from "./search";
import type { PageState } from "./state";

export const MEASURE_NAMES: Record<Measure, string> = { clicks: "Clicks", unique_visitors: "Unique visitors", qr_scans: "QR scans", robots: "Robots" };
const HEIGHT = "h-64 sm:h-72";

/** All clicks of a code are scans. */
export const nounOf = ({ measure, search }: PageState) => (search.qr && measure === "clicks" ? "Scans" : MEASURE_NAMES[measure]);

export const previous = <T,>(data: T | undefined) => data;

export function useSeries(page: PageState) {
  return useQuery({ ...seriesQuery(page.question, page.search.interval), placeholderData: previous });
}
export function useScans(page: PageState) {
  const question = page.question && scansQuestion(page.question);
  return useQuery({ ...seriesQuery(question, page.search.interval), placeholderData: question === null ? undefined : previous });
}

/** "1–30 Sep 2026", for the tooltip and the legend. */
export const againstWhat = (report: Report | undefined) => (report?.range.compared_from && report.range.compared_to ? rangeInWords(report.range.compared_from, report.range.compared_to) : undefined);

export function Figures({ page, report, scans }: { page: PageState; report: ReturnType<typeof useSeries>; scans: ReturnType<typeof useScans> }) {
  const { measure } = page;
  const series = measure === "qr_scans" && !page.search.qr ? scans : report;
  const shown = series.data;
  return (
    <section aria-label="Figures" className="mb-4 overflow-hidden rounded-xl border border-line bg-surface">
      <FigureRow page={page} report={report} />
      <p role="status" className="sr-only">
        {report.data?.summary && !report.isPlaceholderData && `${count(report.data.summary.clicks)} clicks by ${count(report.data.summary.unique_visitors)} unique visitors`}
      </p>
      <div className="p-4 pt-3">
        {series.error ? (
          <ErrorPanel error={series.error} onRetry={() => void series.refetch()} />
        ) : !page.question || report.isPending || (series.isPending && series.fetchStatus !== "idle") ? (
          <>
            <Skeleton className="mb-3 h-13 w-40 sm:h-7" />
            <Skeleton className={`${HEIGHT} w-full`} />
          </>
        ) : (
          <Chart page={page} report={shown ?? emptied(report.data)} isOld={series.isPlaceholderData} />
        )}
      </div>
    </section>
  );
}

/** Filters that leave scans out leave a series of nothing. */
function emptied(report: Report | undefined): Report | undefined {
  const zero = { clicks: 0, unique_visitors: 0, robots: 0, unique_visitors_is_estimate: false };
  return report && { ...report, series: report.series?.map((point) => ({ ...point, ...zero, previous: point.previous && { ...point.previous, ...zero } })) ?? null };
}

function FigureRow({ page, report }: { page: PageState; report: ReturnType<typeof useSeries> }) {
  const sum = report.data?.summary;
  const isOfCode = page.search.qr !== undefined;
  const figures: { measure: Measure; hint: string; isEstimate?: boolean | undefined }[] = [
    { measure: "clicks", hint: page.search.robots === "only" ? "by robots" : page.search.robots ? "robots are counted, too" : "by people" },
    { measure: "unique_visitors", hint: sum?.unique_visitors_is_estimate ? "estimated within 1%" : "told apart within a day", isEstimate: sum?.unique_visitors_is_estimate },
    { measure: "qr_scans", hint: sum ? `${pct(sum.clicks ? (100 * sum.qr_scans) / sum.clicks : 0)} of the clicks` : " " },
    { measure: "robots", hint: page.search.robots ? "among the clicks" : "beside the clicks" },
  ];
  const all = isOfCode ? figures.filter((one) => one.measure !== "qr_scans") : figures;
  const against = againstWhat(report.data);
  return (
    <div role="group" aria-label="Choose what the page shows" className={cx("grid grid-cols-2 border-b border-line", all.length === 4 ? "lg:grid-cols-4" : "lg:grid-cols-3")}>
      {all.map(({ measure, hint, isEstimate }, at) => {
        const isChosen = page.measure === measure;
        const value = sum?.[measure];
        return (
          <div key={measure} className={cx("relative min-w-0 border-line px-4 py-3 hover:bg-hover/60", at > 0 && "lg:border-l", at % 2 === 1 && "max-lg:border-l", at > 1 && "max-lg:border-t")}>
            {isChosen && <span aria-hidden className="absolute inset-x-0 bottom-0 h-0.5 bg-accent" />}
            <button
              type="button"
              aria-pressed={isChosen}
              onClick={() => page.look({ measure: measure === "clicks" ? undefined : measure })}
              className={cx("block w-full text-left text-xs after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent", isChosen ? "font-medium text-accent-text" : "text-ink-2")}
            >
              {nounOf({ ...page, measure })}
            </button>
            <div className="mt-1 flex h-8 items-baseline gap-2">
              {report.isPending ? (
                <Skeleton className="h-6 w-20 self-center" />
              ) : (
                <>
                  <Tip text={`${isEstimate ? "About " : ""}${count(value ?? 0)}`}>
                    <span data-figure={measure} className={cx("tnum relative text-2xl font-semibold tracking-tight", report.isPlaceholderData && "opacity-50")}>
                      {value === undefined ? "–" : figure(value)}
                    </span>
                  </Tip>
                  <span className="relative">
                    <Change of={sum?.change_pct?.[measure]} isNeutral={measure === "robots"} {...(against ? { against: `${against}: ${count(sum?.previous?.[measure] ?? 0)}` } : {})} />
                  </span>
                </>
              )}
            </div>
            <p className="truncate text-xs text-ink-3">{hint}</p>
          </div>
        );
      })}
    </div>
  );
}

function pointsOf(report: Report | undefined, measure: Measure): SeriesPoint[] {
  if (!report) return [];
  const key = measure === "qr_scans" ? "clicks" : measure;
  return (report.series ?? []).map((point: Point) => ({
    start: point.start,
    values: report.range.compared_from != null ? [point[key], point.previous?.[key] ?? null] : [point[key]],
    isPartial: isPartial(point.start, report.range.interval as Interval, report.range),
    before: point.previous?.start,
  }));
}

function Chart({ page, report, isOld }: { page: PageState; report: Report | undefined; isOld: boolean }) {
  const { measure, today } = page;
  const name = nounOf(page);
  const isCompared = report?.range.compared_from != null;
  const points = useMemo(() => pointsOf(report, measure), [report, measure]);
  const lines = useMemo(() => [{ name, colour: "chart-1" }, ...(isCompared ? [{ name: "Compared with", colour: "chart-4", isPale: true }] : [])], [name, isCompared]);
  if (!report) return null;
  const interval = report.range.interval as Interval;
  const against = againstWhat(report);
  const pick = today && interval !== "minute" && interval !== "hour" && points.length > 1 ? (at: number) => {
    const to = points[at] && zoomed(points[at].start, interval, today);
    if (to) page.go(periodSearch(to));
  } : undefined;
  return (
    <div className={cx("transition-opacity", isOld && "opacity-50")}>
      <div className="mb-3 flex min-h-13 flex-wrap sm:min-h-7 items-center gap-x-4 gap-y-2 text-xs text-ink-2">
        <Line colour="chart-1">{rangeInWords(report.range.from, report.range.to)}</Line>
        {against && <Line colour="chart-4">{against}</Line>}
        <span className="flex-1" />
        <IntervalChoice page={page} report={report} />
      </div>
      <div className={HEIGHT}>
        <SeriesChart label={`${name}, ${today ? periodInWords(periodOf(page.search), today) : ""}`} interval={interval} points={points} lines={lines} empty={nothing(page, name)} onPick={pick} />
      </div>
    </div>
  );
}

const nothing = (page: PageState, name: string) => `No ${inSentence(name)} in this time${Object.keys(page.filters).length > 0 ? " that the filters let through" : ""}.`;

const Line = ({ colour, children }: { colour: string; children: ReactNode }) => (
  <span className="inline-flex items-center gap-1.5">
    <span aria-hidden className="h-0.5 w-3 rounded-full" style={{ background: `var(--${colour})` }} />
    {children}
  </span>
);

function IntervalChoice({ page, report }: { page: PageState; report: Report }) {
  const fits = intervalsFor(report.range.from, report.range.to);
  const now = report.range.interval as Interval;
  const all = fits.includes(now) ? fits : [now, ...fits];
  return (
    <Select aria-label="Interval" value={now} onChange={(event) => page.look({ interval: event.target.value as Interval })} className="h-7! w-auto! text-xs!">
      {all.map((interval) => (
        <option key={interval} value={interval}>
          By {interval}
        </option>
      ))}
    </Select>
  );
}
