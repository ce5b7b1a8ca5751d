import { describe, expect, it } from "vitest";
import { evenly, hasRules, moved, restOf, rowsOf, withTarget, withVariant, wrongInRow, wrongWith, wrongWithout, type Rows } from "./rules";

const share = (key: number, percent: string) => ({ key, percent, destination_url: "", utm_content: "" });
const percents = (rows: Rows["variants"]) => rows.map((row) => row.percent);

describe("shares", () => {
  it("leave the rest to the link's own destination, less than nothing where too much is given away", () => {
    expect(restOf([])).toBe(100);
    expect(restOf([{ percent: 30 }, { percent: 20 }])).toBe(50);
    expect(restOf([share(0, "60"), share(1, "41")])).toBe(-1);
    expect(restOf([share(0, ""), share(1, "-5"), share(2, "e")])).toBe(100);
  });

  it("of a new variant are half of what is left, and none where nothing is", () => {
    const three = withVariant(withVariant(withVariant([])));
    expect(percents(three)).toEqual(["50", "25", "12"]);
    expect(percents(withVariant([share(0, "100")]))).toEqual(["100", ""]);
  });

  it("are made even with the destination's", () => {
    expect(percents(evenly([share(0, "90")]))).toEqual(["50"]);
    expect(percents(evenly([share(0, "1"), share(1, "2")]))).toEqual(["33", "33"]);
  });
});

describe("rows", () => {
  it("are moved within the list, and never out of it", () => {
    const rows = ["a", "b", "c"];
    expect(moved(rows, 2, 0)).toEqual(["c", "a", "b"]);
    expect(moved(rows, 0, 1)).toEqual(["b", "a", "c"]);
    expect(moved(rows, 0, -1)).toBe(rows);
    expect(moved(rows, 2, 3)).toBe(rows);
  });

  it("have keys that no other row has, also when one before them is gone", () => {
    const rows = withTarget(withTarget(withTarget([])));
    expect(withTarget(rows.slice(1)).map((row) => row.key)).toEqual([1, 2, 3]);
  });

  it("say whether a link has rules at all", () => {
    const none = { targets: [], variants: [], ios_url: null, android_url: "" };
    expect(hasRules(none)).toBe(false);
    expect(hasRules({ ...none, android_url: "https://example.com/" })).toBe(true);
    expect(hasRules({ ...none, variants: [share(0, "1")] })).toBe(true);
  });
});

describe("what the server refused", () => {
  const target = { devices: [], languages: ["de"], destination_url: "https://example.com/" };
  const rows = rowsOf({
    targets: [
      { ...target, countries: ["DE"] },
      { ...target, countries: ["DE", "UK"] },
      { ...target, countries: [], languages: [] },
    ],
    variants: [],
  });
  const errors = [
    { field: "targets[1].countries[1]", message: "the United Kingdom is GB" },
    { field: "targets[1].destination_url", message: "give a whole address" },
    { field: "targets[2]", message: "name countries, devices or languages" },
    { field: "variants", message: "at most 10 variants" },
  ];
  const refused = { errors, values: rows };
  const [first, second, third] = rows.targets as [Rows["targets"][0], Rows["targets"][0], Rows["targets"][0]];

  it("stands at the field of its row, and names the value of several", () => {
    expect(wrongInRow(refused, "targets", second, "countries")).toBe("UK: the United Kingdom is GB");
    expect(wrongInRow(refused, "targets", second, "destination_url")).toBe("give a whole address");
    expect(wrongInRow(refused, "targets", first, "countries")).toBeUndefined();
    expect(wrongInRow(null, "targets", second, "countries")).toBeUndefined();
  });

  it("stays with the row where that is moved, and goes when the field is changed", () => {
    const [now] = moved(rows.targets, 1, 0);
    expect(wrongInRow(refused, "targets", now!, "destination_url")).toBe("give a whole address");
    const mended = { ...now!, destination_url: "https://example.com/de" };
    expect(wrongInRow(refused, "targets", mended, "destination_url")).toBeUndefined();
    expect(wrongInRow(refused, "targets", mended, "countries")).toBe("UK: the United Kingdom is GB");
  });

  it("of a row added since is nothing", () => {
    const fresh = withTarget(rows.targets.slice(0, 1)).at(-1)!;
    expect(wrongInRow({ errors, values: { ...rows, targets: [first] } }, "targets", fresh, "destination_url")).toBeUndefined();
  });

  it("about a row without conditions goes when it has one", () => {
    expect(wrongWithout(refused, third)).toBe("name countries, devices or languages");
    expect(wrongWithout(refused, { ...third, devices: ["ios"] })).toBeUndefined();
    expect(wrongWithout(refused, second)).toBeUndefined();
  });

  it("about a whole list goes when the list is changed", () => {
    expect(wrongWith(refused, rows, "variants")).toBe("at most 10 variants");
    expect(wrongWith(refused, { ...rows, variants: withVariant([]) }, "variants")).toBeUndefined();
    expect(wrongWith(refused, rows, "targets")).toBeUndefined();
  });
});
