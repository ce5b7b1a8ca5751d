import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { Tokens } from "marked";
import { describe, expect, it } from "vitest";
import { GUIDES, SLUGS } from "./guides";
import { anchorOf, arrowsOf, headingsOf, search, sectionsOf, tokensOf } from "./outline";

const DOCS = new URL("../../../../docs/", import.meta.url);
const read = (slug: string) => readFileSync(new URL(slug === "api-conventions" ? "API.md" : `guides/${slug}.md`, DOCS), "utf8");

describe("the list of guides", () => {
  it("has every guide there is, and no other", () => {
    const files = readdirSync(new URL("guides/", DOCS)).map((name) => name.replace(/\.md$/, ""));
    expect(SLUGS.filter((slug) => slug !== "api-conventions").toSorted()).toEqual(files.toSorted());
  });

  it.each(SLUGS)("%s is called there as it calls itself", (slug) => {
    expect(headingsOf(tokensOf(read(slug)))[0]).toMatchObject({ depth: 1, text: GUIDES[slug].title });
  });

  it.each(SLUGS)("%s links to guides and anchors that are there", (slug) => {
    const wrong = [...read(slug).matchAll(/\]\(((?:guides\/)?[\w-]*(?:\.md)?)#([\w-]+)\)/g)].filter(([, file = "", anchor]) => {
      const of = file.replace(/^guides\//, "").replace(/\.md$/, "") || slug;
      return !headingsOf(tokensOf(read(of === "API" ? "api-conventions" : of))).some((heading) => heading.anchor === anchor);
    });
    expect(wrong.map(([link]) => link)).toEqual([]);
  });

  it.each(SLUGS)("%s shows pictures that are there, and says what is in them", (slug) => {
    const pictures = [...read(slug).matchAll(/!\[([^\]]*)\]\(\.\.\/img\/([^)]+)\)/g)];
    expect(pictures.filter(([, says, name]) => !says || !existsSync(new URL(`img/${name}`, DOCS))).map(([picture]) => picture)).toEqual([]);
  });
});

it("reads a state diagram as its arrows", () => {
  const [code] = tokensOf("```mermaid\nstateDiagram-v2\n    [*] --> validating\n    validating --> refused: wrong rows, or none\n```");
  expect(arrowsOf(code as Tokens.Code)).toEqual([
    { from: "begins", to: "validating", when: "" },
    { from: "validating", to: "refused", when: "wrong rows, or none" },
  ]);
});

describe("looking for words", () => {
  const sections = sectionsOf("a", "# Keys\n\nA key opens.\n\n## Rotating a key\n\nThe old `secret` works on for a day.\n\n## Leaks\n\nRotating helps.\n");

  it("finds sections that hold every word, headings first", () => {
    expect(search(sections, "rotating").map((one) => one.anchor)).toEqual(["rotating-a-key", "leaks"]);
    expect(search(sections, "old DAY")).toMatchObject([{ heading: "Rotating a key", snippet: "The old secret works on for a day." }]);
    expect(search(sections, "old leaks")).toEqual([]);
    expect(search(sections, "  ")).toEqual([]);
  });

  it("makes anchors as code hosts do", () => {
    expect(anchorOf("What is counted, and when?")).toBe("what-is-counted-and-when");
    expect(anchorOf("1. Look around")).toBe("1-look-around");
  });
});
