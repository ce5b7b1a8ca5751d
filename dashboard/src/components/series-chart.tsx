// Numbers over time as one small drawing. The same numbers stand in a table for those who cannot see it. An interval of
// which only a part lies in the range is drawn dashed or pale, because it will not stay as it is.
import { memo, useEffect, useId, useMemo, useRef, useState, type PointerEvent, type ReactNode } from "react";
import { intervalInWords, isOfClock, tick } from "@/lib/intervals";
import { compact, count } from "@/lib/numbers";
import { curve, labelStep, roundTicks, runs, type Spot } from "@/lib/plot";

export type SeriesProps = {
  label: string;
  points: SeriesPoint[];
  /** One name and colour (`--chart-…`) for each of a point's values. Pale: what the others are compared with. */
  lines: { name: string; colour: string; isPale?: boolean }[];
  kind?: "area" | "bars";
  interval: string;
  /** Stands in the chart when there is nothing to draw. */
  empty: string;
  /** What a click on an interval does. */
  onPick?: ((index: number) => void) | undefined;
};
export type SeriesPoint = {
  start: string;
  /** null: there is no such interval, as on the 31st of a month compared with one of 30 days. */
  values: (number | null)[];
  isPartial?: boolean;
  /** When the interval began that it is compared with. */
  before?: string | undefined;
};

const MARGIN = { top: 8, right: 8, bottom: 26, left: 40 };
const LABEL_PX = { short: 64, long: 104 };
const BAR_PX_MAX = 28;
const TOOLTIP_PX = 220;

export default function SeriesChart(props: SeriesProps) {
  const { label, points, lines, interval, empty, onPick } = props;
  const isEmpty = points.every((point) => point.values.every((value) => !value));
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<{ width: number; height: number } | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  useEffect(() => {
    // It tells the first size, too, and unlike a question for it does not have the page laid out before its time.
    const observer = new ResizeObserver(([entry]) => entry && setSize({ width: entry.contentRect.width, height: entry.contentRect.height }));
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);
  const plot = useMemo(() => size && plotOf(props, size), [props, size]);
  const point = pointed === null ? undefined : points[pointed];
  const follow = (event: PointerEvent) => {
    if (plot) setPointed(plot.indexAt(event.clientX - box.current!.getBoundingClientRect().left));
  };
  return (
    <figure aria-label={label} className="relative m-0 h-full">
      <div
        ref={box}
        aria-hidden
        className={onPick && pointed !== null ? "h-full cursor-pointer touch-pan-y" : "h-full touch-pan-y"}
        onPointerMove={follow}
        onPointerDown={follow}
        onPointerLeave={() => setPointed(null)}
        onClick={() => pointed !== null && onPick?.(pointed)}
      >
        {plot && size && (
          <svg width={size.width} height={size.height} className="block">
            <Drawing {...props} plot={plot} />
            {pointed !== null && point && <Pointed plot={plot} at={pointed} point={point} lines={lines} kind={props.kind} />}
          </svg>
        )}
      </div>
      {plot && size && pointed !== null && point && (
        <div
          className="pointer-events-none absolute z-10 w-max rounded-lg bg-surface px-3 py-2 text-xs shadow-pop"
          style={{ top: 8, ...(plot.x(pointed) + TOOLTIP_PX < size.width ? { left: plot.x(pointed) + 12 } : { right: size.width - plot.x(pointed) + 12 }) }}
        >
          <Legend point={point} lines={lines} interval={interval} mayPick={onPick !== undefined} />
        </div>
      )}
      {isEmpty && <p className="absolute inset-x-0 top-[38%] mx-auto w-fit rounded-lg bg-surface px-3 py-1.5 text-sm text-ink-2">{empty}</p>}
      <PointTable label={label} points={points} lines={lines} interval={interval} />
    </figure>
  );
}

type Plot = ReturnType<typeof plotOf>;

/** Where everything lies, in pixels. */
function plotOf({ points, kind }: SeriesProps, { width, height }: { width: number; height: number }) {
  const inner = { width: Math.max(1, width - MARGIN.left - MARGIN.right), height: Math.max(1, height - MARGIN.top - MARGIN.bottom) };
  const heights = points.map(({ values }) => (kind === "bars" ? values.reduce<number>((sum, one) => sum + (one ?? 0), 0) : Math.max(0, ...values.map((one) => one ?? 0))));
  const ticks = roundTicks(heights.reduce((most, one) => Math.max(most, one), 0));
  const most = ticks.at(-1)!;
  const isBanded = kind === "bars" || points.length === 1;
  const band = inner.width / (isBanded ? Math.max(1, points.length) : Math.max(1, points.length - 1));
  const x = (at: number) => MARGIN.left + band * (isBanded ? at + 0.5 : at);
  const y = (value: number) => MARGIN.top + inner.height * (1 - value / most);
  const indexAt = (px: number) => Math.max(0, Math.min(points.length - 1, isBanded ? Math.floor((px - MARGIN.left) / band) : Math.round((px - MARGIN.left) / band)));
  return { x, y, ticks, band, indexAt, width, bottom: MARGIN.top + inner.height, inner };
}

const Drawing = memo(function Drawing({ points, lines, kind = "area", interval, plot }: SeriesProps & { plot: Plot }) {
  const id = useId();
  const isOfDays = isOfClock(interval) && points[0]?.start.slice(0, 10) !== points.at(-1)?.start.slice(0, 10);
  const step = labelStep(points.length, plot.inner.width, isOfDays ? LABEL_PX.long : LABEL_PX.short);
  // Counted from the end, which is the interval that people look for.
  const labelled = points.map((_, at) => at).filter((at) => (points.length - 1 - at) % step === 0);
  return (
    <>
      {plot.ticks.map((value) => (
        <g key={value}>
          <line x1={MARGIN.left} x2={plot.width - MARGIN.right} y1={plot.y(value)} y2={plot.y(value)} stroke="var(--chart-grid)" />
          <text x={MARGIN.left - 8} y={plot.y(value)} dy="0.32em" textAnchor="end" fill="var(--ink-3)" fontSize={11}>
            {compact(value)}
          </text>
        </g>
      ))}
      {labelled.map((at) => {
        const [px, half] = [plot.x(at), (isOfDays ? LABEL_PX.long : LABEL_PX.short) / 2 - 12];
        const [isFirst, isLast] = [px - half < 0, px + half > plot.width];
        return (
          <text key={at} x={isLast ? plot.width - 2 : isFirst ? 2 : px} y={plot.bottom + 18} textAnchor={isLast ? "end" : isFirst ? "start" : "middle"} fill="var(--ink-3)" fontSize={11}>
            {tick(points[at]!.start, interval, isOfDays)}
          </text>
        );
      })}
      {kind === "bars"
        ? points.map((point, at) => <Bars key={point.start} point={point} at={at} lines={lines} plot={plot} />)
        : lines.map((_, from) => lines.length - 1 - from).map((line) => <Line key={line} id={`${id}-${line}`} points={points} line={line} look={lines[line]!} plot={plot} />)}
    </>
  );
});

function Bars({ point, at, lines, plot }: { point: SeriesPoint; at: number; lines: SeriesProps["lines"]; plot: Plot }) {
  const width = Math.max(1, Math.min(BAR_PX_MAX, plot.band * 0.78));
  let below = 0;
  return (
    <g fillOpacity={point.isPartial ? 0.5 : 1}>
      {point.values.map((value, line) => {
        const from = below;
        below += value ?? 0;
        return value ? <rect key={line} x={plot.x(at) - width / 2} width={width} y={plot.y(below)} height={Math.max(1, plot.y(from) - plot.y(below))} rx={Math.min(1.5, width / 4)} fill={`var(--${lines[line]!.colour})`} /> : null;
      })}
    </g>
  );
}

function Line({ id, points, line, look, plot }: { id: string; points: SeriesPoint[]; line: number; look: SeriesProps["lines"][number]; plot: Plot }) {
  const spots = points.map((point, at): Spot | null => (point.values[line] == null ? null : { x: plot.x(at), y: plot.y(point.values[line]) }));
  const isPartial = (at: number) => points[at]?.isPartial === true;
  // The whole part ends where the dashed one begins: both have the point between them.
  const whole = runs(spots.map((spot, at) => (isPartial(at) ? null : spot)));
  const dashed = runs(spots.map((spot, at) => (isPartial(at) || isPartial(at - 1) || isPartial(at + 1) ? spot : null))).filter((run) => run.length > 1);
  const colour = `var(--${look.colour})`;
  const shared = { fill: "none", stroke: colour, strokeWidth: look.isPale ? 1.25 : 1.75, strokeOpacity: look.isPale ? 0.75 : 1, strokeLinejoin: "round" as const };
  const area = (run: Spot[]) => `${curve(run)}L${run.at(-1)!.x},${plot.bottom}L${run[0]!.x},${plot.bottom}Z`;
  return (
    <>
      {!look.isPale && (
        <>
          <linearGradient id={id} x1="0" y1={MARGIN.top} x2="0" y2={plot.bottom} gradientUnits="userSpaceOnUse">
            <stop offset="0" stopColor={colour} stopOpacity={0.22} />
            <stop offset="1" stopColor={colour} stopOpacity={0} />
          </linearGradient>
          {whole.map((run) => run.length > 1 && <path key={run[0]!.x} d={area(run)} fill={`url(#${id})`} />)}
          {dashed.map((run) => <path key={run[0]!.x} d={area(run)} fill={`url(#${id})`} fillOpacity={0.5} />)}
        </>
      )}
      {whole.map((run) => (run.length > 1 ? <path key={run[0]!.x} d={curve(run)} {...shared} /> : null))}
      {dashed.map((run) => <path key={run[0]!.x} d={curve(run)} {...shared} strokeDasharray="3 3" />)}
      {/* What stands alone has no line. */}
      {points.length === 1 && spots[0] && <circle cx={spots[0].x} cy={spots[0].y} r={look.isPale ? 3 : 4} fill={colour} />}
    </>
  );
}

function Pointed({ plot, at, point, lines, kind }: { plot: Plot; at: number; point: SeriesPoint; lines: SeriesProps["lines"]; kind: SeriesProps["kind"] }) {
  if (kind === "bars") return <rect x={plot.x(at) - plot.band / 2} width={plot.band} y={MARGIN.top} height={plot.inner.height} fill="var(--ink)" fillOpacity={0.06} />;
  return (
    <>
      <line x1={plot.x(at)} x2={plot.x(at)} y1={MARGIN.top} y2={plot.bottom} stroke="var(--line-strong)" />
      {lines.map((line, index) => (point.values[index] == null ? null : <circle key={line.name} cx={plot.x(at)} cy={plot.y(point.values[index])} r={line.isPale ? 2.5 : 3.5} fill={`var(--${line.colour})`} stroke="var(--surface)" strokeWidth={1.5} />))}
    </>
  );
}

function Legend({ point, lines, interval, mayPick }: { point: SeriesPoint; lines: SeriesProps["lines"]; interval: string; mayPick: boolean }) {
  return (
    <>
      <p className="mb-1 font-medium">
        {intervalInWords(point.start, interval)}
        {point.isPartial && <span className="font-normal text-ink-3"> · not the whole {interval}</span>}
      </p>
      {lines.map((line, at) => (
        <p key={line.name} className="flex items-center gap-2 text-ink-2">
          <span className={line.isPale ? "h-0.5 w-2 rounded-full" : "size-2 rounded-full"} style={{ background: `var(--${line.colour})` }} />
          {line.isPale && point.before ? intervalInWords(point.before, interval) : line.name}
          <span className="tnum ml-auto pl-4 font-medium text-ink">{point.values[at] == null ? "–" : count(point.values[at])}</span>
        </p>
      ))}
      {mayPick && !isOfClock(interval) && <p className="mt-1 text-ink-3">Click to see this {interval}</p>}
    </>
  );
}

const PointTable = memo(function PointTable({ label, points, lines, interval }: Pick<SeriesProps, "label" | "points" | "lines" | "interval">): ReactNode {
  return (
    // Around the table, because a table is never smaller than what is in it.
    <div className="sr-only">
      <table>
        <caption>{label}</caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            {lines.map((line) => (
              <th key={line.name} scope="col">
                {line.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {points.map((point) => (
            <tr key={point.start}>
              <th scope="row">
                {intervalInWords(point.start, interval)}
                {point.isPartial && ", not the whole of it"}
              </th>
              {point.values.map((value, line) => (
                <td key={line}>{value === null ? "–" : count(value)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
});
