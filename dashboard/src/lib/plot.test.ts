// Axes with round numbers, labels with room, and a curve that invents no peaks.
import { expect, test } from "vitest";
import { curve, labelStep, roundTicks, runs } from "./plot";

test("an axis has round whole numbers and reaches the largest value", () => {
  expect(roundTicks(0)).toEqual([0, 1]);
  expect(roundTicks(3)).toEqual([0, 1, 2, 3]);
  expect(roundTicks(10)).toEqual([0, 3, 6, 9, 12]);
  expect(roundTicks(1_222)).toEqual([0, 500, 1_000, 1_500]);
  expect(roundTicks(1_600)).toEqual([0, 500, 1_000, 1_500, 2_000]);
  for (const most of [1, 7, 13, 99, 101, 4_999, 123_456, 9_999_999]) {
    const ticks = roundTicks(most);
    expect(ticks.at(-1)!).toBeGreaterThanOrEqual(most);
    expect(ticks.length).toBeLessThanOrEqual(6);
    expect(ticks.every(Number.isInteger)).toBe(true);
  }
});

test("labels keep their distance", () => {
  expect(labelStep(30, 1_000, 70)).toBe(3);
  expect(labelStep(7, 1_000, 70)).toBe(1);
  expect(labelStep(1_440, 300, 70)).toBe(360);
});

test("a curve goes through its points and stays between neighbours", () => {
  const points = [0, 0, 100, 100, 0, 50].map((y, at) => ({ x: at * 30, y }));
  const numbers = curve(points).match(/-?\d+(\.\d+)?/g)!.map(Number);
  const ys = numbers.filter((_, at) => at % 2 === 1);
  expect(Math.min(...ys)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...ys)).toBeLessThanOrEqual(100);
  expect(ys.filter((_, at) => at % 3 === 0)).toEqual([0, 0, 100, 100, 0, 50]);
  expect(curve([{ x: 0, y: 1 }, { x: 30, y: 31 }])).toBe("M0,1C10,11 20,21 30,31");
  expect([curve([]), curve([{ x: 1, y: 2 }])]).toEqual(["", "M1,2"]);
});

test("a gap parts a line in two", () => {
  const spot = (x: number) => ({ x, y: 0 });
  expect(runs([null, spot(1), spot(2), null, null, spot(3)])).toEqual([[spot(1), spot(2)], [spot(3)]]);
  expect(runs([null])).toEqual([]);
});
