import { expect, it } from "vitest";
import { ago } from "./time";

const NOW = Date.parse("2026-11-21T12:00:00Z");

it.each([
  ["2026-11-21T11:59:30Z", "just now"],
  ["2026-11-21T11:15:00Z", "45m ago"],
  ["2026-11-20T12:00:00Z", "yesterday"],
  ["2026-11-28T12:00:00Z", "in 1w"],
  ["2026-10-17T12:00:00Z", "1mo ago"],
  ["2025-11-21T12:00:00Z", "21 Nov 2025"],
])("%s is %s", (moment, words) => expect(ago(moment, NOW)).toBe(words));
