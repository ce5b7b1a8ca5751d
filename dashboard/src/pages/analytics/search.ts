// What the address of the analytics page carries: all that is needed to show somebody else the same page. Ranges,
// filters and comparisons have the API's names, so an address can be turned into a request by hand.
import { oneOf, text } from "@/lib/address";
import { DIMENSIONS, type Dimension, type Filters, type FilterName } from "./filters";
import { isDay, PRESETS, RANGE_DEFAULT, type Interval, type Period, type RangeName } from "./period";

export const MEASURES = ["clicks", "unique_visitors", "qr_scans", "robots"] as const;
export type Measure = (typeof MEASURES)[number];
export const COMPARISONS = ["previous_period", "previous_year", "none"] as const;
export type Comparison = (typeof COMPARISONS)[number];
const INTERVALS: readonly Interval[] = ["minute", "hour", "day", "week", "month", "quarter", "year"];
const ROBOTS = ["include", "only"] as const;

export type AnalyticsSearch = Filters & {
  range?: RangeName | undefined;
  from?: string | undefined;
  to?: string | undefined;
  /** Absent: with the period before. */
  compare?: Exclude<Comparison, "previous_period"> | undefined;
  interval?: Interval | undefined;
  timezone?: string | undefined;
  /** Absent: left out. */
  robots?: (typeof ROBOTS)[number] | undefined;
  measure?: Exclude<Measure, "clicks"> | undefined;
  /** A QR code: then the page is about its scans. */
  qr?: string | undefined;
  /** The tabs that are open, where they are not the first ones. */
  show?: string | undefined;
  /** The whole list of this dimension, in front of the page. */
  detail?: Dimension | undefined;
  live?: boolean | undefined;
};

export function analyticsSearch(search: Record<string, unknown>): AnalyticsSearch {
  const names = DIMENSIONS.flatMap((by): FilterName[] => [by, `${by}_not`]);
  const filters = Object.fromEntries(names.map((name) => [name, text(search[name])])) as Filters;
  const from = isDay(search.from) ? search.from : undefined;
  const to = from && isDay(search.to) && search.to >= from ? search.to : undefined;
  const range = oneOf(PRESETS.map((one) => one.range), search.range);
  return {
    range: from || range === RANGE_DEFAULT ? undefined : range,
    from,
    to,
    compare: oneOf(["previous_year", "none"] as const, search.compare),
    interval: oneOf(INTERVALS, search.interval),
    timezone: text(search.timezone),
    robots: oneOf(ROBOTS, search.robots),
    measure: oneOf(["unique_visitors", "qr_scans", "robots"] as const, search.measure),
    qr: text(search.qr),
    show: text(search.show),
    detail: oneOf(DIMENSIONS, search.detail),
    live: search.live === true ? true : undefined,
    ...filters,
  };
}

export const periodOf = (search: AnalyticsSearch): Period => (search.from ? { from: search.from, to: search.to } : { range: search.range ?? RANGE_DEFAULT });

/** A new period takes the interval along that fits it. */
export const periodSearch = (period: Period): Pick<AnalyticsSearch, "range" | "from" | "to" | "interval"> =>
  "range" in period
    ? { range: period.range === RANGE_DEFAULT ? undefined : period.range, from: undefined, to: undefined, interval: undefined }
    : { range: undefined, from: period.from, to: period.to, interval: undefined };

export const filtersOf = (search: AnalyticsSearch): Filters =>
  Object.fromEntries(DIMENSIONS.flatMap((by): FilterName[] => [by, `${by}_not`]).flatMap((name) => (search[name] ? [[name, search[name]]] : []))) as Filters;
