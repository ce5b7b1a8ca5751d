import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { found } from "@/lib/choices";
import { COUNTRIES, COUNTRY_CHOICES, LANGUAGE_CHOICES, otherLanguage, whoOf } from "./who";

describe("whom a rule is about", () => {
  it("reads as a sentence of the conditions that are named", () => {
    expect(whoOf({ countries: ["DE", "AT"], devices: ["mobile"], languages: ["de"] })).toBe("Visitors in Germany or Austria on any phone or tablet who read German");
    expect(whoOf({ countries: [], devices: ["ios", "android", "macos"], languages: [] })).toBe("Visitors on iPhone/iPad, Android or Mac");
    expect(whoOf({ countries: [], devices: [], languages: ["pt-BR", "zh-Hant"] })).toBe("Visitors who read Portuguese (Brazil) or Chinese (Traditional)");
  });

  it("offers the countries that the server takes, each with a name", () => {
    const source = readFileSync(new URL("../../../../crates/events/src/scan/place.rs", import.meta.url), "utf8");
    const table = /const CONTINENTS[^=]*= \[(.*?)\];/s.exec(source)![1]!.replace(/\(\s*"[A-Z]{2}",/g, "");
    const theirs = table.match(/\b[A-Z]{2}\b/g)!;
    expect(COUNTRIES.split(" ")).toEqual(theirs.toSorted());
    expect(COUNTRY_CHOICES.filter((one) => one.name === one.value)).toEqual([]);
  });

  it("finds a language by its name, by what its speakers call it and by its tag", () => {
    const first = (typed: string) => found(LANGUAGE_CHOICES, typed, otherLanguage)[0]?.value;
    expect(["German", "deutsch", "de", "pt-br", "brazil", "de-LU", "sr_latn", "fy"].map(first)).toEqual(["de", "de", "de", "pt-BR", "pt-BR", "de-LU", "sr-Latn", "fy"]);
    expect(LANGUAGE_CHOICES.filter((one) => one.name === one.value)).toEqual([]);
  });

  it("takes no word for a language that is none", () => {
    expect(["german", "xyz", "xx", "x-klingon", "de-", "d", "<b>"].map((typed) => otherLanguage(typed)?.value)).toEqual(Array(7).fill(undefined));
  });
});
