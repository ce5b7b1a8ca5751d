// Times for people: how long ago, how long still, and the exact moment where somebody wants it.
const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "always", style: "narrow" });
/** "Yesterday" reads well, "last mo." does not. */
const relativeDay = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "narrow" });
const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "long" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const dayOfYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

const DATE_FROM_SECONDS = 300 * 86_400;

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

export function ago(moment: string | number, now = Date.now()): string {
  const seconds = (new Date(moment).getTime() - now) / 1000;
  if (Math.abs(seconds) < 45) return "just now";
  // "Last year" says less than the day does.
  if (Math.abs(seconds) > DATE_FROM_SECONDS) return dayOfYear.format(new Date(moment));
  const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? (["minute", 60] as const);
  return (unit === "day" ? relativeDay : relative).format(Math.round(seconds / size), unit);
}

export const exactly = (moment: string | number) => exact.format(new Date(moment));

export function dateOf(moment: string | number, now = new Date()): string {
  const date = new Date(moment);
  return (date.getFullYear() === now.getFullYear() ? day : dayOfYear).format(date);
}

/** What is left until a moment, in its two largest units: `23 h 12 min`. */
export function left(until: string | number, now = Date.now()): string {
  const seconds = Math.max(0, Math.floor((new Date(until).getTime() - now) / 1000));
  const [d, h, m, s] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  if (d > 0) return `${d} d ${h} h`;
  if (h > 0) return `${h} h ${m} min`;
  return m > 0 ? `${m} min ${s} s` : `${s} s`;
}

/** For `<input type="datetime-local">`, which knows no zone: the browser's. */
export function toLocalInput(moment: string | null | undefined): string {
  if (!moment) return "";
  const date = new Date(moment);
  return new Date(date.getTime() - date.getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 16);
}

export const fromLocalInput = (typed: string): string | null => (typed ? new Date(typed).toISOString() : null);
