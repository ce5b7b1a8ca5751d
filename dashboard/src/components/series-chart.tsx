// Numbers over time, drawn by Recharts. The same numbers stand in a table for those who cannot see the drawing.
import { Area, Bar, CartesianGrid, ComposedChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { compact, count } from "@/lib/numbers";

export type SeriesProps = {
  label: string;
  points: { start: string; values: number[] }[];
  /** One name and colour (`--chart-…`) for each of a point's values. */
  lines: { name: string; colour: string }[];
  kind?: "area" | "bars";
  interval: string;
};

/** Times come with the zone's offset, and are shown as that zone's wall clock. */
export function tick(start: string, interval: string): string {
  const [date = "", time = ""] = start.split("T");
  if (interval === "minute" || interval === "hour") return time.slice(0, 5);
  const moment = new Date(`${date}T12:00:00Z`);
  const format: Intl.DateTimeFormatOptions =
    interval === "year" ? { year: "numeric" } : interval === "month" || interval === "quarter" ? { month: "short", year: "2-digit" } : { day: "numeric", month: "short" };
  return new Intl.DateTimeFormat("en-GB", { ...format, timeZone: "UTC" }).format(moment);
}

export default function SeriesChart({ label, points, lines, kind = "area", interval }: SeriesProps) {
  const rows = points.map((point) => ({ at: tick(point.start, interval), ...Object.fromEntries(point.values.map((value, at) => [`v${at}`, value])) }));
  return (
    <figure aria-label={label} className="m-0 h-full">
      <ResponsiveContainer width="100%" height="100%">
        <ComposedChart data={rows} margin={{ top: 6, right: 4, bottom: 0, left: 0 }} accessibilityLayer={false}>
          <defs>
            {lines.map((line, at) => (
              <linearGradient key={at} id={`fill-${at}`} x1="0" y1="0" x2="0" y2="1">
                <stop offset="0" stopColor={`var(--${line.colour})`} stopOpacity={0.2} />
                <stop offset="1" stopColor={`var(--${line.colour})`} stopOpacity={0} />
              </linearGradient>
            ))}
          </defs>
          <CartesianGrid vertical={false} stroke="var(--chart-grid)" />
          <XAxis dataKey="at" tickLine={false} axisLine={false} minTickGap={40} tickMargin={8} tick={{ fill: "var(--ink-3)", fontSize: 11 }} />
          <YAxis tickFormatter={compact} tickLine={false} axisLine={false} width={40} allowDecimals={false} tick={{ fill: "var(--ink-3)", fontSize: 11 }} />
          <Tooltip cursor={{ stroke: "var(--line-strong)", fill: "var(--hover)" }} isAnimationActive={false} content={(props) => <Legend {...(props as unknown as Pick<LegendProps, "active" | "label" | "payload">)} lines={lines} />} />
          {lines.map((line, at) =>
            kind === "bars" ? (
              <Bar key={at} dataKey={`v${at}`} stackId="all" fill={`var(--${line.colour})`} isAnimationActive={false} radius={1} maxBarSize={28} />
            ) : (
              <Area key={at} type="monotone" dataKey={`v${at}`} stroke={`var(--${line.colour})`} fill={`url(#fill-${at})`} strokeWidth={1.75} isAnimationActive={false} dot={false} />
            ),
          )}
        </ComposedChart>
      </ResponsiveContainer>
      <table className="sr-only">
        <caption>{label}</caption>
        <tbody>
          {points.map((point, at) => (
            <tr key={point.start}>
              <th scope="row">{rows[at]?.at}</th>
              {point.values.map((value, line) => (
                <td key={line}>{`${lines[line]?.name}: ${count(value)}`}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

type LegendProps = { active?: boolean; label?: string; payload?: { value: number }[]; lines: SeriesProps["lines"] };

function Legend({ active, label, payload, lines }: LegendProps) {
  if (!active || !payload) return null;
  return (
    <div className="rounded-lg bg-surface px-3 py-2 text-xs shadow-pop">
      <p className="mb-1 font-medium">{label}</p>
      {payload.map((one, at) => (
        <p key={at} className="flex items-center gap-2 text-ink-2">
          <span className="size-2 rounded-full" style={{ background: `var(--${lines[at]?.colour})` }} />
          {lines[at]?.name}
          <span className="tnum ml-auto pl-4 font-medium text-ink">{count(one.value)}</span>
        </p>
      ))}
    </div>
  );
}
