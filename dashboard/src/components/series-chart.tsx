// Numbers over time, drawn by Recharts. The same numbers stand in a table for those who cannot see the drawing. An
// interval of which only a part lies in the range is drawn dashed, because it will not stay as it is.
import { useId } from "react";
import { Area, Bar, CartesianGrid, Cell, ComposedChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { compact, count } from "@/lib/numbers";

export type SeriesProps = {
  label: string;
  points: SeriesPoint[];
  /** One name and colour (`--chart-…`) for each of a point's values. Pale: what the others are compared with. */
  lines: { name: string; colour: string; isPale?: boolean }[];
  kind?: "area" | "bars";
  interval: string;
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

const written = (start: string, format: Intl.DateTimeFormatOptions) => {
  const [date = "", time = ""] = start.split("T");
  return new Intl.DateTimeFormat("en-GB", { ...format, timeZone: "UTC" }).format(new Date(`${date}T${time.slice(0, 5) || "12:00"}:00Z`));
};
const isOfClock = (interval: string) => interval === "minute" || interval === "hour";

/** Times come with the zone's offset, and are shown as that zone's wall clock. */
export function tick(start: string, interval: string, isLong = false): string {
  if (isOfClock(interval) && !isLong) return start.slice(11, 16);
  if (isOfClock(interval)) return written(start, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return written(start, interval === "year" ? { year: "numeric" } : interval === "month" || interval === "quarter" ? { month: "short", year: "2-digit" } : { day: "numeric", month: "short" });
}

/** An interval in words, for whoever points at it. */
export function intervalInWords(start: string, interval: string): string {
  if (isOfClock(interval)) return written(start, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  if (interval === "day") return written(start, { weekday: "short", day: "numeric", month: "short", year: "numeric" });
  if (interval === "week") return `Week of ${written(start, { day: "numeric", month: "short", year: "numeric" })}`;
  if (interval === "quarter") return `Quarter from ${written(start, { month: "long", year: "numeric" })}`;
  return interval === "year" ? start.slice(0, 4) : written(start, { month: "long", year: "numeric" });
}

type Drawn = Record<string, number | null>;

/** For each line a whole part (`v`) and a dashed one (`d`), which meet at their ends. */
function drawn(points: SeriesPoint[], lines: number): Drawn[] {
  const isDashed = (at: number) => points[at]?.isPartial === true;
  return points.map((point, at) => {
    const row: Drawn = { index: at };
    const touches = isDashed(at) || isDashed(at - 1) || isDashed(at + 1);
    for (let line = 0; line < lines; line++) {
      row[`v${line}`] = isDashed(at) && points.length > 1 ? null : (point.values[line] ?? null);
      row[`d${line}`] = touches && points.length > 1 ? (point.values[line] ?? null) : null;
    }
    return row;
  });
}

const axisText = { fill: "var(--ink-3)", fontSize: 11 };

export default function SeriesChart({ label, points, lines, kind = "area", interval, onPick }: SeriesProps) {
  const id = useId();
  const isLong = isOfClock(interval) && points[0]?.start.slice(0, 10) !== points.at(-1)?.start.slice(0, 10);
  const rows: Drawn[] = kind === "bars" ? points.map((point, at) => ({ index: at, ...Object.fromEntries(point.values.map((value, line) => [`v${line}`, value])) })) : drawn(points, lines.length);
  const hasPartial = points.some((point) => point.isPartial);
  return (
    <figure aria-label={label} className="m-0 h-full">
      <div aria-hidden className={onPick ? "h-full cursor-pointer" : "h-full"}>
        <ResponsiveContainer width="100%" height="100%">
          <ComposedChart
            data={rows}
            margin={{ top: 6, right: 6, bottom: 0, left: 0 }}
            accessibilityLayer={false}
            onClick={onPick && ((state) => state.activeTooltipIndex != null && onPick(Number(state.activeTooltipIndex)))}
          >
            <defs>
              {lines.map((line, at) => (
                <linearGradient key={at} id={`${id}-${at}`} x1="0" y1="0" x2="0" y2="1">
                  <stop offset="0" stopColor={`var(--${line.colour})`} stopOpacity={line.isPale ? 0 : 0.2} />
                  <stop offset="1" stopColor={`var(--${line.colour})`} stopOpacity={0} />
                </linearGradient>
              ))}
            </defs>
            <CartesianGrid vertical={false} stroke="var(--chart-grid)" />
            <XAxis dataKey="index" tickFormatter={(at: number) => tick(points[at]?.start ?? "", interval, isLong)} tickLine={false} axisLine={false} minTickGap={isLong ? 60 : 40} tickMargin={8} tick={axisText} />
            <YAxis tickFormatter={compact} tickLine={false} axisLine={false} width={40} allowDecimals={false} tick={axisText} />
            <Tooltip
              cursor={{ stroke: "var(--line-strong)", fill: "var(--hover)" }}
              isAnimationActive={false}
              content={({ active, label: at }) => (active && points[Number(at)] ? <Legend point={points[Number(at)]!} lines={lines} interval={interval} mayPick={onPick !== undefined} /> : null)}
            />
            {kind === "bars"
              ? lines.map((line, at) => (
                  <Bar key={at} dataKey={`v${at}`} stackId="all" fill={`var(--${line.colour})`} isAnimationActive={false} radius={1} maxBarSize={28}>
                    {hasPartial && points.map((point) => <Cell key={point.start} fillOpacity={point.isPartial ? 0.45 : 1} />)}
                  </Bar>
                ))
              : lines.toReversed().flatMap((line, from) => {
                  const at = lines.length - 1 - from;
                  const look = {
                    type: "monotone" as const,
                    stroke: `var(--${line.colour})`,
                    strokeOpacity: line.isPale ? 0.75 : 1,
                    strokeWidth: line.isPale ? 1.25 : 1.75,
                    isAnimationActive: false,
                    activeDot: line.isPale ? false : { r: 3.5, strokeWidth: 0, fill: `var(--${line.colour})` },
                  };
                  // A line of one point has no length.
                  const dot = points.length === 1 && !line.isPale ? { r: 3.5, strokeWidth: 0, fill: `var(--${line.colour})`, fillOpacity: 1 } : false;
                  const whole = <Area key={`v${at}`} {...look} dot={dot} dataKey={`v${at}`} fill={`url(#${id}-${at})`} />;
                  return hasPartial ? [<Area key={`d${at}`} {...look} dot={false} dataKey={`d${at}`} strokeDasharray="3 3" fill={`url(#${id}-${at})`} fillOpacity={0.4} />, whole] : [whole];
                })}
          </ComposedChart>
        </ResponsiveContainer>
      </div>
      <PointTable label={label} points={points} lines={lines} interval={interval} />
    </figure>
  );
}

function PointTable({ label, points, lines, interval }: Pick<SeriesProps, "label" | "points" | "lines" | "interval">) {
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
}

function Legend({ point, lines, interval, mayPick }: { point: SeriesPoint; lines: SeriesProps["lines"]; interval: string; mayPick: boolean }) {
  return (
    <div className="rounded-lg bg-surface px-3 py-2 text-xs shadow-pop">
      <p className="mb-1 font-medium">
        {intervalInWords(point.start, interval)}
        {point.isPartial && <span className="font-normal text-ink-3"> · not the whole {interval}</span>}
      </p>
      {lines.map((line, at) => (
        <p key={at} className="flex items-center gap-2 text-ink-2">
          <span className={line.isPale ? "h-0.5 w-2 rounded-full" : "size-2 rounded-full"} style={{ background: `var(--${line.colour})` }} />
          {line.isPale && point.before ? intervalInWords(point.before, interval) : line.name}
          <span className="tnum ml-auto pl-4 font-medium text-ink">{point.values[at] == null ? "–" : count(point.values[at])}</span>
        </p>
      ))}
      {mayPick && !isOfClock(interval) && <p className="mt-1 text-ink-3">Click to see this {interval}</p>}
    </div>
  );
}
