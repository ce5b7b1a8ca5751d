// The time of a log: a length before now, or days from and to, in the browser's zone. In the address as `range`, or as
// `from` and `to`; the server gets moments.
import { day, oneOf } from "./address";
import { DAY_MS } from "./time";

const HOUR_MS = 3_600_000;
export const RANGES = { "1h": HOUR_MS, "24h": DAY_MS, "7d": 7 * DAY_MS, "30d": 30 * DAY_MS } as const;
export type LogPeriod = { range?: keyof typeof RANGES | undefined; from?: string | undefined; to?: string | undefined };

export function periodSearch(search: Record<string, unknown>): LogPeriod {
  const range = oneOf(Object.keys(RANGES) as (keyof typeof RANGES)[], search.range);
  return range ? { range } : { from: day(search.from), to: day(search.to) };
}

/** The day of `to` belongs to it. */
export function momentsOf({ range, from, to }: LogPeriod, now = Date.now()): { from?: string; to?: string } {
  if (range) return { from: new Date(now - RANGES[range]).toISOString() };
  const end = to ? new Date(`${to}T00:00:00`) : null;
  end?.setDate(end.getDate() + 1);
  return {
    ...(from ? { from: new Date(`${from}T00:00:00`).toISOString() } : {}),
    ...(end ? { to: end.toISOString() } : {}),
  };
}
