// What fits on a sheet, and which code stands where.
import { expect, test } from "vitest";
import { layoutOf, placed } from "./sheet";

test("forty millimetres with captions are four by five on A4", () => {
  // 210 − 20 + 4 = 194 over 44: 4. 297 − 20 + 4 = 281 over 50: 5.
  const layout = layoutOf("a4", 40, 2, { captions: true, marks: true });
  expect([layout.columns, layout.rows, layout.gap]).toEqual([4, 5, 4]);
  // 4 × 40 + 3 × 4 = 172, so 19 mm at either side.
  expect(layout.left).toBeCloseTo(19);
});

test("a code larger than the sheet still has one place", () => {
  const layout = layoutOf("letter", 400, 5, { captions: false, marks: false });
  expect([layout.columns, layout.rows]).toEqual([1, 1]);
});

test("a filled sheet has every place taken, and codes of equal number", () => {
  const layout = layoutOf("a4", 60, 5, { captions: false, marks: false });
  // (190 + 5) / 65 = 3 and (277 + 5) / 65 = 4: twelve places.
  expect(layout.columns * layout.rows).toBe(12);
  const [sheet, ...more] = placed(["a", "b", "c", "d", "e"], null, layout);
  expect(more).toEqual([]);
  expect(sheet!.join("")).toBe("aaabbbccddee");
});

test("copies go on over as many sheets as they take", () => {
  const layout = layoutOf("a4", 60, 5, { captions: false, marks: false });
  expect(placed(["a", "b"], 7, layout).map((sheet) => sheet.join(""))).toEqual(["aaaaaaabbbbb", "bb"]);
  expect(placed([], 3, layout)).toEqual([]);
});
