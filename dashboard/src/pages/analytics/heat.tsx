// Which hours of the week are busy: a table whose cells are coloured by their number.
import { useQuery } from "@tanstack/react-query";
import { memo, useState } from "react";
import { ErrorPanel } from "@/components/page";
import { Card, Skeleton } from "@/components/ui/card";
import { cx } from "@/lib/cx";
import { count, pct } from "@/lib/numbers";
import { nounOf, previous } from "./figures";
import { inSentence } from "./names";
import { heatQuery, sortBy, type Row } from "./queries";
import type { PageState } from "./state";

const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const clock = (hour: number) => `${String(hour).padStart(2, "0")}:00`;
const cellKey = (day: number, hour: number) => day * 24 + hour;

export const HeatMap = memo(function HeatMap({ page, isWide }: { page: PageState; isWide?: boolean }) {
  const report = useQuery({ ...heatQuery(page.counted), placeholderData: previous });
  const key = sortBy(page.measure);
  const values = new Map<number, number>();
  for (const row of page.counted === null ? [] : (report.data?.breakdown?.rows ?? [])) {
    const { weekday, hour } = row.group as unknown as { weekday: number; hour: number };
    values.set(cellKey(weekday - 1, hour), (row as Row)[key]);
  }
  return (
    <Card title="Hours of the week" aside={<span className="text-xs text-ink-3">{report.data?.range.timezone}</span>} isFlush className={isWide ? "lg:col-span-2" : ""}>
      {report.error ? (
        <div className="p-3">
          <ErrorPanel error={report.error} onRetry={() => void report.refetch()} />
        </div>
      ) : (
        <div className={cx("p-4 transition-opacity", report.isPlaceholderData && "opacity-50")}>{report.isPending && page.counted !== null ? <Skeleton className="h-61 w-full" /> : <Grid values={values} noun={nounOf(page)} />}</div>
      )}
    </Card>
  );
});

function Grid({ values, noun }: { values: ReadonlyMap<number, number>; noun: string }) {
  const [pointed, setPointed] = useState<number | null>(null);
  const total = [...values.values()].reduce((sum, value) => sum + value, 0);
  const most = Math.max(1, ...values.values());
  const busiest = [...values].reduce((best, one) => (one[1] > best[1] ? one : best), [0, 0]);
  const shown = pointed ?? busiest[0];
  const value = values.get(shown) ?? 0;
  const words = `${DAYS[Math.floor(shown / 24)]} ${clock(shown % 24)}–${clock((shown % 24) + 1)}`;
  const low = inSentence(noun);
  return (
    <>
      <table className="w-full table-fixed border-separate border-spacing-[2px]" onPointerLeave={() => setPointed(null)}>
        <caption className="sr-only">{noun} by weekday and hour</caption>
        <thead>
          <tr>
            <th scope="col" className="w-9">
              <span className="sr-only">Day</span>
            </th>
            {HOURS.map((hour) => (
              <th key={hour} scope="col" className="h-5 overflow-visible text-left text-2xs font-normal whitespace-nowrap text-ink-3">
                <span className="sr-only">{clock(hour)}</span>
                <span aria-hidden className={cx(hour % 6 === 0 ? "" : hour % 3 === 0 ? "max-sm:hidden" : "hidden")}>
                  {String(hour).padStart(2, "0")}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {DAYS.map((day, row) => (
            <tr key={day}>
              <th scope="row" className="h-7 text-left text-2xs font-normal text-ink-3">
                <span aria-hidden>{day.slice(0, 3)}</span>
                <span className="sr-only">{day}</span>
              </th>
              {HOURS.map((hour) => {
                const at = cellKey(row, hour);
                const one = values.get(at) ?? 0;
                return (
                  <td
                    key={hour}
                    onPointerEnter={() => setPointed(at)}
                    className={cx("rounded-[3px] p-0", pointed === at && "outline-2 outline-ink/60")}
                    style={{ background: one > 0 ? `color-mix(in oklab, var(--chart-1) ${Math.round(8 + 92 * (one / most))}%, var(--surface))` : "var(--sunken)" }}
                  >
                    <span className="sr-only">{count(one)}</span>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <div className="mt-2.5 flex flex-wrap items-center justify-between gap-x-4 gap-y-1 text-xs text-ink-3">
        <p>
          {total === 0 ? (
            `No ${low} in this time.`
          ) : (
            <>
              {pointed === null && "Busiest: "}
              <span className="font-medium text-ink-2">{words}</span>, {count(value)} {low}, {pct((100 * value) / total)}
            </>
          )}
        </p>
        <p aria-hidden className="flex items-center gap-1">
          less
          {[8, 31, 54, 77, 100].map((tint) => (
            <span key={tint} className="size-3 rounded-[3px]" style={{ background: `color-mix(in oklab, var(--chart-1) ${tint}%, var(--surface))` }} />
          ))}
          more
        </p>
      </div>
    </>
  );
}
