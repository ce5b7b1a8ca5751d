import { expect, it } from "vitest";
import { momentsOf, periodSearch } from "./log-period";

it("counts a range back from now", () => {
  expect(momentsOf({ range: "24h" }, Date.parse("2026-11-21T12:00:00Z"))).toEqual({ from: "2026-11-20T12:00:00.000Z" });
});

it("takes the last day as a whole, also where the clocks change", () => {
  const zone = process.env.TZ;
  process.env.TZ = "Europe/Berlin";
  expect(momentsOf({ from: "2026-10-25", to: "2026-10-25" })).toEqual({ from: "2026-10-24T22:00:00.000Z", to: "2026-10-25T23:00:00.000Z" });
  process.env.TZ = zone;
});

it("reads of an address what it understands, and a range before days", () => {
  expect(periodSearch({ range: "7d", from: "2026-10-25" })).toEqual({ range: "7d" });
  expect(periodSearch({ range: "9y", from: "yesterday", to: "2026-10-25" })).toEqual({ from: undefined, to: "2026-10-25" });
});
