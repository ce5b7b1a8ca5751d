// Filters as the address writes them, in both directions, and what the address of the page understands.
import { expect, test } from "vitest";
import { chipsOf, flipped, readValues, scansOf, toggled, valuesOf, without, writeValues, type Filters, type Value } from "./filters";
import { analyticsSearch, filtersOf, periodOf, periodSearch } from "./search";

test("values are read as the API reads them", () => {
  expect(readValues("DE, FR")).toEqual(["DE", "FR"]);
  expect(readValues("Berlin\\, DE,Paris\\, FR")).toEqual(["Berlin, DE", "Paris, FR"]);
  expect(readValues("none,\\none")).toEqual([null, "none"]);
  expect(readValues("a\\\\b")).toEqual(["a\\b"]);
  expect(readValues(" , ,")).toEqual([]);
  expect(readValues("ends\\")).toEqual(["ends"]);
});

test("whatever is written is read again as it was", () => {
  const values: Value[] = [null, "none", "Berlin, DE", "a\\b", "\\", ",", "x,\\,y", "ünï 🙂"];
  expect(readValues(writeValues(values))).toEqual(values);
});

test("a value is on one side at most, and a second press takes it away", () => {
  const one = toggled({}, "country", "is", "DE");
  const two = toggled(one, "country", "is", "AT");
  expect(two.country).toBe("DE,AT");
  const out = toggled(two, "country", "not", "DE");
  expect([out.country, out.country_not]).toEqual(["AT", "DE"]);
  expect(toggled(out, "country", "not", "DE").country_not).toBeUndefined();
  expect(valuesOf(toggled({}, "referrer", "is", null), "referrer", "is")).toEqual([null]);
});

test("a chip turns around, and goes", () => {
  const filters: Filters = { city: "Berlin\\, DE", country_not: "DE" };
  expect(chipsOf(filters)).toEqual([
    { by: "country", side: "not", values: ["DE"] },
    { by: "city", side: "is", values: ["Berlin, DE"] },
  ]);
  expect(flipped(filters, "country", "not")).toMatchObject({ country: "DE", country_not: undefined });
  expect(without(filters, "city", "is").city).toBeUndefined();
});

test("scans of filters that leave scans out are not asked for", () => {
  expect(scansOf({ country: "DE" })).toEqual({ country: "DE", trigger: "qr", trigger_not: undefined });
  expect(scansOf({ trigger_not: "link" })).toMatchObject({ trigger: "qr" });
  expect(scansOf({ trigger: "link" })).toBeNull();
  expect(scansOf({ trigger_not: "qr" })).toBeNull();
});

test("the address is read tolerantly: what is not understood is absent", () => {
  const search = analyticsSearch({ range: "7d", compare: "yesterday", interval: "fortnight", measure: "robots", country: "DE", utm_term: 2026, colour: "red", live: "yes", from: "2026-02-30" });
  expect(Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined))).toEqual({ range: "7d", measure: "robots", country: "DE", utm_term: "2026" });
  expect(filtersOf(search)).toEqual({ country: "DE", utm_term: "2026" });
});

test("days in the address win over a range, and end no earlier than they begin", () => {
  expect(periodOf(analyticsSearch({ range: "7d", from: "2026-02-01", to: "2026-02-10" }))).toEqual({ from: "2026-02-01", to: "2026-02-10" });
  expect(periodOf(analyticsSearch({ from: "2026-02-10", to: "2026-02-01" }))).toEqual({ from: "2026-02-10", to: undefined });
  expect(periodOf(analyticsSearch({}))).toEqual({ range: "30d" });
  expect(periodSearch({ range: "30d" })).toEqual({ range: undefined, from: undefined, to: undefined, interval: undefined });
});
