// A guide as text: its headings with their anchors, its sections, and what is found in them. The anchors are made as
// code hosts make them, so the links inside the guides work here and there.
import { lexer, type Token, type Tokens } from "marked";

export type Heading = { depth: number; text: string; anchor: string };
export type Section = { slug: string; heading: string; anchor: string; text: string };

export const tokensOf = (source: string): Token[] => lexer(source);

export const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/\s/g, "-");

/** Inline marks are dropped: a heading's text is what one reads. */
export const plainText = (tokens: readonly Token[] | undefined): string =>
  (tokens ?? []).map((token) => ("tokens" in token && token.tokens ? plainText(token.tokens) : "text" in token ? String(token.text) : "")).join("");

export const headingsOf = (tokens: readonly Token[]): Heading[] =>
  tokens
    .filter((token): token is Tokens.Heading => token.type === "heading")
    .map((token) => {
      const text = plainText(token.tokens);
      return { depth: token.depth, text, anchor: anchorOf(text) };
    });

/** What one reads of a block, also of what stands in its lines and cells. */
function words(token: Token): string {
  if (token.type === "table") {
    const table = token as Tokens.Table;
    return [table.header, ...table.rows].map((row) => row.map((cell) => plainText(cell.tokens)).join(" · ")).join(" / ");
  }
  if (token.type === "list") return (token as Tokens.List).items.map((item) => item.tokens.map(words).join(" ")).join(" ");
  return plainText([token]);
}

export type Arrow = { from: string; to: string; when: string };

/** The arrows of a state diagram, which is drawn as a table: `[*]` is its beginning and its end. */
export function arrowsOf(code: Tokens.Code): Arrow[] {
  if (code.lang !== "mermaid") return [];
  return [...code.text.matchAll(/^\s*(\S+) --> ([^\s:]+)(?::\s*(.*))?$/gm)].map(([, from = "", to = "", when = ""]) => ({
    from: from === "[*]" ? "begins" : from,
    to: to === "[*]" ? "ends" : to,
    when,
  }));
}

/** From one heading to the next; the title's section has no anchor. */
export function sectionsOf(slug: string, source: string): Section[] {
  const sections: Section[] = [];
  for (const token of tokensOf(source)) {
    if (token.type === "heading") {
      const { depth, text, anchor } = headingsOf([token])[0]!;
      sections.push({ slug, heading: text, anchor: depth === 1 ? "" : anchor, text: "" });
    } else {
      const last = sections.at(-1);
      if (last) last.text += ` ${words(token)}`;
    }
  }
  return sections;
}

export type Found = Section & { snippet: string };
const SNIPPET_CHARS = 140;
const FOUND_MAX = 20;

/** Sections that hold every word; those whose heading holds one come first. */
export function search(sections: readonly Section[], typed: string): Found[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const scored = sections.flatMap((section) => {
    const [heading, text] = [section.heading.toLowerCase(), section.text.toLowerCase()];
    if (!words.every((word) => heading.includes(word) || text.includes(word))) return [];
    const score = words.filter((word) => heading.includes(word)).length;
    return [{ section, score }];
  });
  return scored
    .toSorted((a, b) => b.score - a.score)
    .slice(0, FOUND_MAX)
    .map(({ section }) => ({ ...section, snippet: snippetOf(section.text, words) }));
}

function snippetOf(text: string, words: readonly string[]): string {
  const plain = text.replace(/\s+/g, " ").trim();
  const at = Math.min(...words.map((word) => plain.toLowerCase().indexOf(word)).filter((found) => found >= 0), plain.length);
  // From the beginning of a word to the end of one.
  const from = at === plain.length || at < SNIPPET_CHARS / 2 ? 0 : plain.indexOf(" ", at - SNIPPET_CHARS / 3) + 1;
  const end = from + SNIPPET_CHARS >= plain.length ? plain.length : plain.lastIndexOf(" ", from + SNIPPET_CHARS);
  return `${from > 0 ? "… " : ""}${plain.slice(from, end)}${end < plain.length ? " …" : ""}`;
}
