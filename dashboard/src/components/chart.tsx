// A card with a chart in it, and a list with bars.
import type { ReactNode } from "react";
import { ErrorPanel } from "./page";
import { Card, Skeleton } from "./ui/card";
import SeriesChart, { type SeriesProps } from "./series-chart";

const HEIGHT = "h-60";

export function ChartCard(props: {
  title: ReactNode;
  aside?: ReactNode;
  query: { isPending: boolean; error: unknown; refetch: () => unknown };
  /** Drawn once the query has an answer. */
  chart: () => SeriesProps;
}) {
  return (
    <Card title={props.title} aside={props.aside}>
      {props.query.error ? (
        <ErrorPanel error={props.query.error} onRetry={() => void props.query.refetch()} />
      ) : props.query.isPending ? (
        <Skeleton className={`${HEIGHT} w-full`} />
      ) : (
        <div className={HEIGHT}>
          <SeriesChart {...props.chart()} />
        </div>
      )}
    </Card>
  );
}

/** Names with a bar for their share: a breakdown, a list of routes. */
export function BarList({ rows, empty }: { rows: { name: ReactNode; key: string; value: number; shown: string }[]; empty: string }) {
  const most = Math.max(1, ...rows.map((row) => row.value));
  if (rows.length === 0) return <p className="px-4 py-8 text-center text-sm text-ink-3">{empty}</p>;
  return (
    <ul className="flex flex-col gap-0.5 p-2">
      {rows.map((row) => (
        <li key={row.key} className="relative flex h-8 items-center justify-between gap-3 px-2.5 text-sm">
          <span aria-hidden className="absolute inset-y-0.5 left-0 rounded-md bg-accent-soft" style={{ width: `${(row.value / most) * 100}%` }} />
          <span className="relative min-w-0 truncate">{row.name}</span>
          <span className="tnum relative shrink-0 text-ink-2">{row.shown}</span>
        </li>
      ))}
    </ul>
  );
}
