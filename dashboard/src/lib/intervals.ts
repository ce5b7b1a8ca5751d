// Intervals of a report in words. Times come with the zone's offset, and are shown as that zone's wall clock.
const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format takes longer than using it a hundred times. */
function written(start: string, options: Intl.DateTimeFormatOptions): string {
  const key = JSON.stringify(options);
  const format = formats.get(key) ?? new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" });
  formats.set(key, format);
  const [date = "", time = ""] = start.split("T");
  return format.format(new Date(`${date}T${time.slice(0, 5) || "12:00"}:00Z`));
}

export const isOfClock = (interval: string) => interval === "minute" || interval === "hour";

/** For an axis. Hours alone say nothing where there are several days. */
export function tick(start: string, interval: string, isOfDays = false): string {
  if (isOfClock(interval) && !isOfDays) return start.slice(11, 16);
  if (isOfClock(interval)) return written(start, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  if (interval === "year") return start.slice(0, 4);
  return written(start, interval === "month" || interval === "quarter" ? { month: "short", year: "2-digit" } : { day: "numeric", month: "short" });
}

/** For whoever points at it. */
export function intervalInWords(start: string, interval: string): string {
  if (isOfClock(interval)) return written(start, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  if (interval === "day") return written(start, { weekday: "short", day: "numeric", month: "short", year: "numeric" });
  if (interval === "week") return `Week of ${written(start, { day: "numeric", month: "short", year: "numeric" })}`;
  if (interval === "quarter") return `Quarter from ${written(start, { month: "long", year: "numeric" })}`;
  return interval === "year" ? start.slice(0, 4) : written(start, { month: "long", year: "numeric" });
}
