import { expect, it } from "vitest";
import { found, type Choice } from "./choices";

const CHOICES: Choice[] = [
  { value: "CI", name: "Côte d’Ivoire", code: "CI" },
  { value: "DK", name: "Denmark", code: "DK" },
  { value: "DE", name: "Germany", code: "DE" },
  { value: "GB", name: "United Kingdom", code: "GB", words: "uk england" },
  { value: "US", name: "United States", code: "US", words: "usa" },
];
const names = (typed: string) => found(CHOICES, typed).map((one) => one.value);

it("finds by code first, then by how a name begins, then by its words", () => {
  expect(names("de")).toEqual(["DE", "DK"]);
  expect(names("united s")).toEqual(["US"]);
  expect(names("UK")).toEqual(["GB"]);
  expect(names("stat")).toEqual(["US"]);
  expect(names("nited")).toEqual([]);
  expect(names(" ")).toHaveLength(5);
});

it("does not ask for accents", () => expect(names("cote d'i")).toEqual(["CI"]));

it("offers what else a text stands for last, and not twice", () => {
  const other = (text: string) => ({ value: text.toUpperCase(), name: text });
  expect(found(CHOICES, "de", other).map((one) => one.value)).toEqual(["DE", "DK"]);
  expect(found(CHOICES, "den", other).map((one) => one.value)).toEqual(["DK", "DEN"]);
});
