// Days, months and zones: where a period begins and ends, what its neighbours are, and which interval is unfinished.
import { expect, test } from "vitest";
import { addMonths, asked, dayIn, daysInWords, daysOf, intervalsFor, isDay, isPartial, named, PRESETS, rangeInWords, stepped, zoomed, type Period } from "./period";

const TODAY = "2026-11-21";

test("it is another day in another zone, also while clocks change", () => {
  // 25 October 2026, 00:30 UTC: clocks in Berlin go back from 03:00 to 02:00 half an hour later.
  const change = Date.parse("2026-10-25T00:30:00Z");
  expect(dayIn("UTC", change)).toBe("2026-10-25");
  expect(dayIn("America/Los_Angeles", change)).toBe("2026-10-24");
  expect(dayIn("Europe/Berlin", Date.parse("2026-10-24T22:00:00Z"))).toBe("2026-10-25");
  expect(dayIn("Europe/Berlin", Date.parse("2026-10-25T22:59:59Z"))).toBe("2026-10-25");
  expect(dayIn("Europe/Berlin", Date.parse("2026-10-25T23:00:00Z"))).toBe("2026-10-26");
  expect(dayIn("Pacific/Kiritimati", Date.parse("2026-12-31T10:00:00Z"))).toBe("2027-01-01");
});

test("a month after its 31st is the last day of the next, leap years included", () => {
  expect(addMonths("2026-01-31", 1)).toBe("2026-02-28");
  expect(addMonths("2028-01-31", 1)).toBe("2028-02-29");
  expect(addMonths("2026-03-31", -1)).toBe("2026-02-28");
  expect(addMonths("2026-01-15", -13)).toBe("2024-12-15");
});

test("days that do not exist are no days", () => {
  expect(["2026-02-28", "2028-02-29"].every(isDay)).toBe(true);
  expect(["2026-02-29", "2026-13-01", "26-1-1", 20260101, undefined].some(isDay)).toBe(false);
});

test.each([
  ["today", "2026-11-21", "2026-11-21"],
  ["yesterday", "2026-11-20", "2026-11-20"],
  ["7d", "2026-11-15", TODAY],
  ["28d", "2026-10-25", TODAY],
  ["30d", "2026-10-23", TODAY],
  ["90d", "2026-08-24", TODAY],
  ["mtd", "2026-11-01", TODAY],
  ["last_month", "2026-10-01", "2026-10-31"],
  ["qtd", "2026-10-01", TODAY],
  ["ytd", "2026-01-01", TODAY],
  ["12m", "2025-12-01", TODAY],
] as const)("%s is from %s to %s", (range, from, to) => {
  expect(daysOf({ range }, TODAY)).toEqual({ from, to });
});

test("last month in January and in March, and on the 31st", () => {
  expect(daysOf({ range: "last_month" }, "2026-01-31")).toEqual({ from: "2025-12-01", to: "2025-12-31" });
  expect(daysOf({ range: "last_month" }, "2028-03-31")).toEqual({ from: "2028-02-01", to: "2028-02-29" });
});

test("the API is asked by name where it has one, and by days where it has none", () => {
  expect(asked({ range: "30d" }, TODAY)).toEqual({ range: "30d" });
  expect(asked({ range: "28d" }, TODAY)).toEqual({ from: "2026-10-25" });
  expect(asked({ range: "last_month" }, TODAY)).toEqual({ from: "2026-10-01", to: "2026-10-31" });
  expect(asked({ from: "2026-11-01" }, TODAY)).toEqual({ from: "2026-11-01" });
});

test("chosen days that have a name get it, and none reach beyond today", () => {
  expect(named("2026-11-15", TODAY, TODAY)).toEqual({ range: "7d" });
  expect(named("2026-10-01", "2026-10-31", TODAY)).toEqual({ range: "last_month" });
  expect(named("2026-11-10", "2026-12-31", TODAY)).toEqual({ from: "2026-11-10" });
  expect(named("2026-11-10", "2026-11-12", TODAY)).toEqual({ from: "2026-11-10", to: "2026-11-12" });
});

test("steps go by what the period is one of, and come back to where they began", () => {
  const path = (period: Period, ...by: (1 | -1)[]) => by.reduce<Period | null>((at, step) => at && stepped(at, step, TODAY), period);
  expect(path({ range: "today" }, -1)).toEqual({ range: "yesterday" });
  expect(path({ range: "7d" }, -1)).toEqual({ from: "2026-11-08", to: "2026-11-14" });
  expect(path({ range: "mtd" }, -1)).toEqual({ range: "last_month" });
  expect(path({ range: "mtd" }, -1, -1)).toEqual({ from: "2026-09-01", to: "2026-09-30" });
  // February is shorter than what came before it; the month is still the whole month.
  expect(path({ from: "2026-03-01", to: "2026-03-31" }, -1)).toEqual({ from: "2026-02-01", to: "2026-02-28" });
  expect(path({ range: "ytd" }, -1)).toEqual({ from: "2025-01-01", to: "2025-12-31" });
  expect(path({ range: "12m" }, -1)).toEqual({ from: "2024-12-01", to: "2025-11-30" });
  expect(path({ range: "qtd" }, -1)).toEqual({ from: "2026-07-01", to: "2026-09-30" });
  for (const range of ["today", "7d", "28d", "30d", "90d", "mtd", "ytd", "12m"] as const) expect(path({ range }, -1, 1), range).toEqual({ range });
  expect(path({ range: "7d" }, 1)).toBeNull();
  expect(path({ range: "all" }, -1)).toBeNull();
  expect(path({ range: "24h" }, -1)).toBeNull();
});

test("ranges are said as shortly as they can be", () => {
  expect(daysInWords("2026-11-12", "2026-11-12")).toBe("Thu, 12 Nov 2026");
  expect(daysInWords("2026-11-12", "2026-11-18")).toBe("12–18 Nov 2026");
  expect(daysInWords("2026-10-30", "2026-11-02")).toBe("30 Oct – 2 Nov 2026");
  expect(daysInWords("2025-12-30", "2026-01-02")).toBe("30 Dec 2025 – 2 Jan 2026");
  expect(daysInWords("2026-02-01", "2026-02-28")).toBe("February 2026");
  // Up to midnight is up to the day before; the offset says whose midnight.
  expect(rangeInWords("2026-10-01T00:00:00+02:00", "2026-11-01T00:00:00+01:00")).toBe("October 2026");
  expect(rangeInWords("2026-11-15T00:00:00+01:00", "2026-11-21T11:30:01+01:00")).toBe("15–21 Nov 2026");
});

test("the last interval is unfinished until it is over, and the first may have begun before", () => {
  const range = { from: "2026-11-04T00:00:00+01:00", to: "2026-11-21T11:30:01+01:00" };
  expect(isPartial("2026-11-21T00:00:00+01:00", "day", range)).toBe(true);
  expect(isPartial("2026-11-20T00:00:00+01:00", "day", range)).toBe(false);
  expect(isPartial("2026-11-02T00:00:00+01:00", "week", range)).toBe(true);
  expect(isPartial("2026-11-09T00:00:00+01:00", "week", range)).toBe(false);
  expect(isPartial("2026-11-16T00:00:00+01:00", "week", range)).toBe(true);
  expect(isPartial("2026-11-01T00:00:00+01:00", "month", { from: "2026-11-01T00:00:00+01:00", to: "2026-12-01T00:00:00+01:00" })).toBe(false);
  // The day with 25 hours ends at its own midnight.
  expect(isPartial("2026-10-25T00:00:00+02:00", "day", { from: "2026-10-25T00:00:00+02:00", to: "2026-10-26T00:00:00+01:00" })).toBe(false);
  expect(isPartial("2026-11-21T11:00:00+01:00", "hour", range)).toBe(true);
  expect(isPartial("2026-11-21T10:00:00+01:00", "hour", range)).toBe(false);
});

test("a click on an interval shows its days", () => {
  expect(zoomed("2026-11-12T00:00:00Z", "day", TODAY)).toEqual({ from: "2026-11-12", to: "2026-11-12" });
  expect(zoomed("2026-10-01T00:00:00Z", "month", TODAY)).toEqual({ range: "last_month" });
  expect(zoomed("2026-11-16T00:00:00Z", "week", TODAY)).toEqual({ from: "2026-11-16" });
  expect(zoomed("2026-11-21T10:00:00Z", "hour", TODAY)).toBeNull();
});

test("intervals fit the range: none that the API refuses, none that draws a single point", () => {
  const of = (days: number) => intervalsFor("2026-01-01T00:00:00Z", new Date(Date.parse("2026-01-01T00:00:00Z") + days * 86_400_000).toISOString());
  expect(of(1)).toEqual(["minute", "hour"]);
  expect(of(7)).toEqual(["hour", "day"]);
  expect(of(30)).toEqual(["hour", "day", "week"]);
  expect(of(365)).toEqual(["day", "week", "month", "quarter"]);
  const most = { minute: 1_440, hour: 24, day: 1, week: 1 / 7, month: 1 / 28, quarter: 1 / 90, year: 1 / 365 };
  for (let days = 1; days < 4_000; days++) for (const interval of of(days)) expect(days * most[interval], `${days} days by ${interval}`).toBeLessThanOrEqual(1_500);
});

test("no two periods share a key", () => {
  expect(new Set(PRESETS.map((one) => one.key)).size).toBe(PRESETS.length);
});
