// Which stretch of time the page is about: its names, its days, the one before and the one behind it. Days are calendar
// days of the report's zone, written `2026-02-15`; the server turns them into moments, so no clock change is met here.
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

export type Day = string;
export type Interval = "minute" | "hour" | "day" | "week" | "month" | "quarter" | "year";
type Preset = { range: string; name: string; key?: string };

/** In the order of the picker; the keys are those that people know from other tools of this kind. */
export const PRESETS = [
  { range: "today", name: "Today", key: "d" },
  { range: "yesterday", name: "Yesterday", key: "e" },
  { range: "24h", name: "Last 24 hours", key: "h" },
  { range: "7d", name: "Last 7 days", key: "w" },
  { range: "28d", name: "Last 28 days", key: "4" },
  { range: "30d", name: "Last 30 days", key: "t" },
  { range: "90d", name: "Last 90 days", key: "n" },
  { range: "mtd", name: "This month", key: "m" },
  { range: "last_month", name: "Last month", key: "p" },
  { range: "qtd", name: "This quarter", key: "q" },
  { range: "ytd", name: "Year to date", key: "y" },
  { range: "12m", name: "Last 12 months", key: "l" },
  { range: "all", name: "All time", key: "a" },
] as const satisfies readonly Preset[];
export type RangeName = (typeof PRESETS)[number]["range"];
export const RANGE_DEFAULT: RangeName = "30d";

/** A named range, or days. Without `to` it ends now. */
export type Period = { range: RangeName } | { from: Day; to?: Day | undefined };

const at = (day: Day) => Date.parse(`${day}T00:00:00Z`);
const dayOf = (ms: number): Day => new Date(ms).toISOString().slice(0, 10);
const civil = (year: number, month: number, day: number): Day => dayOf(Date.UTC(year, month, day));
const yearOf = (day: Day) => Number(day.slice(0, 4));
/** From 0. */
const monthOf = (day: Day) => Number(day.slice(5, 7)) - 1;

export const isDay = (text: unknown): text is Day => typeof text === "string" && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at(text)) && dayOf(at(text)) === text;
export const addDays = (day: Day, days: number): Day => dayOf(at(day) + days * DAY_MS);
export const daysBetween = (from: Day, to: Day) => Math.round((at(to) - at(from)) / DAY_MS);
export const startOfMonth = (day: Day): Day => `${day.slice(0, 7)}-01`;
export const endOfMonth = (day: Day): Day => civil(yearOf(day), monthOf(day) + 1, 0);

/** The same day of another month, or its last one: a month after 31 January is 28 February. */
export function addMonths(day: Day, months: number): Day {
  const first = civil(yearOf(day), monthOf(day) + months, 1);
  const last = endOfMonth(first);
  return addDays(first, Math.min(Number(day.slice(8)), Number(last.slice(8))) - 1);
}

/** The calendar day it is in a zone at that moment. */
export function dayIn(timezone: string, moment: number): Day {
  const parts = new Intl.DateTimeFormat("en-US", { timeZone: timezone, year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(moment);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}

/** First and last day; null for what has no first day (`all`) or does not begin with one (`24h`). */
export function daysOf(period: Period, today: Day): { from: Day; to: Day } | null {
  if (!("range" in period)) return { from: period.from, to: period.to ?? today };
  const since = (from: Day) => ({ from, to: today });
  switch (period.range) {
    case "today":
      return since(today);
    case "yesterday":
      return { from: addDays(today, -1), to: addDays(today, -1) };
    case "7d":
    case "28d":
    case "30d":
    case "90d":
      return since(addDays(today, 1 - Number.parseInt(period.range)));
    case "mtd":
      return since(startOfMonth(today));
    case "last_month": {
      const from = addMonths(startOfMonth(today), -1);
      return { from, to: endOfMonth(from) };
    }
    case "qtd":
      return since(civil(yearOf(today), monthOf(today) - (monthOf(today) % 3), 1));
    case "ytd":
      return since(civil(yearOf(today), 0, 1));
    case "12m":
      return since(addMonths(startOfMonth(today), -11));
    default:
      return null;
  }
}

/** These days under the name they have today, if they have one. What would end after today ends now. */
export function named(from: Day, to: Day, today: Day): Period {
  const end = to > today ? today : to;
  const found = PRESETS.find(({ range }) => {
    const days = daysOf({ range }, today);
    return days?.from === from && days.to === end;
  });
  if (found) return { range: found.range };
  return end === today ? { from } : { from, to: end };
}

/** What the API is asked. It has no names for 28 days and for the month before. */
export function asked(period: Period, today: Day): { range?: string; from?: Day; to?: Day } {
  if ("range" in period) {
    if (period.range !== "28d" && period.range !== "last_month") return { range: period.range };
    const days = daysOf(period, today)!;
    return days.to === today ? { from: days.from } : days;
  }
  return period.to === undefined ? { from: period.from } : { from: period.from, to: period.to };
}

export const needsToday = (period: Period) => "range" in period && (period.range === "28d" || period.range === "last_month");

type Unit = { months: number } | { days: number };

/** What the period is one of: a month moves by a month, also when this one is not over. */
function unitOf(period: Period, { from, to }: { from: Day; to: Day }): Unit {
  const range = "range" in period ? period.range : "";
  const isFirst = from === startOfMonth(from);
  const isClosed = to === endOfMonth(to);
  if (range === "qtd") return { months: 3 };
  if (range === "ytd" || range === "12m") return { months: 12 };
  if (range === "mtd" || (isFirst && isClosed && from.slice(0, 7) === to.slice(0, 7))) return { months: 1 };
  if (isFirst && isClosed) return { months: (yearOf(to) - yearOf(from)) * 12 + monthOf(to) - monthOf(from) + 1 };
  return { days: daysBetween(from, to) + 1 };
}

/** The period before (-1) or behind (1); null where there is none. */
export function stepped(period: Period, by: -1 | 1, today: Day): Period | null {
  const days = daysOf(period, today);
  if (!days || (by === 1 && days.to >= today)) return null;
  const unit = unitOf(period, days);
  if ("days" in unit) return named(addDays(days.from, by * unit.days), addDays(days.to, by * unit.days), today);
  const from = addMonths(days.from, by * unit.months);
  return named(from, addDays(addMonths(from, unit.months), -1), today);
}

const words = (options: Intl.DateTimeFormatOptions) => {
  const format = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" });
  return (day: Day) => format.format(at(day));
};
const shortDay = words({ day: "numeric", month: "short" });
const fullDay = words({ day: "numeric", month: "short", year: "numeric" });
const weekDay = words({ weekday: "short", day: "numeric", month: "short", year: "numeric" });
const wholeMonth = words({ month: "long", year: "numeric" });

export function daysInWords(from: Day, to: Day): string {
  if (from === to) return weekDay(from);
  if (from === startOfMonth(from) && to === endOfMonth(from)) return wholeMonth(from);
  if (from.slice(0, 4) !== to.slice(0, 4)) return `${fullDay(from)} – ${fullDay(to)}`;
  if (from.slice(0, 7) === to.slice(0, 7)) return `${Number(from.slice(8))}–${fullDay(to)}`;
  return `${shortDay(from)} – ${fullDay(to)}`;
}

export function periodInWords(period: Period, today: Day): string {
  if ("range" in period) return PRESETS.find((one) => one.range === period.range)!.name;
  return daysInWords(period.from, period.to ?? today);
}

/** From and up to (without), as reports have them: RFC 3339 with the zone's offset. Shown as that zone's days. */
export function rangeInWords(from: string, to: string): string {
  const last = to.slice(11, 19) === "00:00:00" ? addDays(to.slice(0, 10), -1) : to.slice(0, 10);
  return daysInWords(from.slice(0, 10), last);
}

/** Intervals worth drawing between two moments: two at least, and not so many that a screen cannot show them. */
export function intervalsFor(from: string, to: string): Interval[] {
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS;
  const fits: [Interval, number, number][] = [
    ["minute", 0, 1.05],
    ["hour", 0.1, 32],
    ["day", 1.1, 1_400],
    ["week", 14, 4_000],
    ["month", 45, Infinity],
    ["quarter", 180, Infinity],
    ["year", 550, Infinity],
  ];
  return fits.filter(([, least, most]) => days >= least && days <= most).map(([interval]) => interval);
}

/** Where an interval ends on its zone's wall clock, written so that it sorts. Only days and longer. */
function wallEnd(start: string, interval: Interval): string {
  const day = start.slice(0, 10);
  const end = { day: () => addDays(day, 1), week: () => addDays(day, 7), month: () => addMonths(day, 1), quarter: () => addMonths(day, 3), year: () => addMonths(day, 12) };
  return interval in end ? `${end[interval as keyof typeof end]()}T00:00:00` : "";
}

/** Whether only a part of an interval lies within the range: it began before it, or is not over yet. */
export function isPartial(start: string, interval: Interval, range: { from: string; to: string }): boolean {
  if (Date.parse(start) < Date.parse(range.from)) return true;
  if (interval === "minute" || interval === "hour") return Date.parse(start) + (interval === "hour" ? 60 : 1) * MINUTE_MS > Date.parse(range.to);
  return wallEnd(start, interval) > range.to.slice(0, 19);
}

/** The days of one interval: what the page shows when it is clicked. */
export function zoomed(start: string, interval: Interval, today: Day): Period | null {
  const day = start.slice(0, 10);
  if (interval === "minute" || interval === "hour") return null;
  return named(day, addDays(wallEnd(start, interval).slice(0, 10), -1), today);
}
