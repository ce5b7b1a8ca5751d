// The live list: clicks that come twice, and a list that is held still.
import { expect, test } from "vitest";
import type { Click } from "./queries";
import { LATEST_MAX, next, START, streamedFilters, type Stream } from "./stream";

const click = (second: number, visitor = "vis_1"): Click => ({ at: `2026-11-21T10:00:${String(second).padStart(2, "0")}.000Z`, link: "link_1", trigger: "qr", is_robot: false, domain: "go.example.com", visitor });
const seconds = (clicks: Click[]) => clicks.map((one) => Number(one.at.slice(17, 19)));
const came = (stream: Stream, second: number, isPaused = false) => next(stream, { kind: "came", click: click(second), isPaused });

test("what came before the stream joins what came by it, each click once, newest first", () => {
  const streamed = came(came(START, 5), 6);
  const all = next(streamed, { kind: "before", clicks: [click(6), click(5), click(3), click(1)] });
  expect(seconds(all.clicks)).toEqual([6, 5, 3, 1]);
  expect(seconds(came(all, 6).clicks)).toEqual([6, 5, 3, 1]);
});

test("a list that is held still shows nothing new until it goes on", () => {
  const held = came(came(came(START, 1), 2, true), 3, true);
  expect([seconds(held.clicks), seconds(held.held)]).toEqual([[1], [3, 2]]);
  const on = next(held, { kind: "goon" });
  expect([seconds(on.clicks), seconds(on.held)]).toEqual([[3, 2, 1], []]);
});

test("the list stays short", () => {
  let stream = START;
  for (let at = 0; at < LATEST_MAX + 10; at++) stream = next(stream, { kind: "came", click: click(at % 60, `vis_${at}`), isPaused: false });
  expect(stream.clicks.length).toBe(LATEST_MAX);
});

test("the stream is not asked about continents", () => {
  expect(streamedFilters({ continent: "EU", continent_not: "AS", country: "DE" })).toEqual({ country: "DE" });
});
