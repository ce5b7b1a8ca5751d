// Reading a design that somebody pasted. The text is parsed and never run, so of a script only the object itself is
// understood: bare names, single quotes, comments and a comma at the end are forgiven.
import { api, must, type Schemas } from "@/api/client";
import { ApiError, unreachable } from "@/api/problem";
import type { Style } from "./design";

/** Of the package, for a browser only; the API forgets them, and so they are not shown. */
const FOR_BROWSERS = ["type", "data", "nodeCanvas", "jsdom"];
const FOR_BROWSERS_OF_IMAGES = ["crossOrigin", "saveAsBlob"];
const SAMPLE = "https://example.com";

/** The server reads it once, so that a wrong field is named before anything on the page changes. */
export async function parseOptions(text: string): Promise<Style> {
  const read = readObject(text);
  const style = without(read, (name) => FOR_BROWSERS.includes(name) || name.endsWith("Helper")) as Style;
  if (style.imageOptions) style.imageOptions = without(style.imageOptions, (name) => FOR_BROWSERS_OF_IMAGES.includes(name));
  await must(api.POST("/v1/qr-codes/verdict", { body: { data: SAMPLE, style } as Schemas["QrDesign"] }));
  return style;
}

const without = (from: object, isOut: (name: string) => boolean) =>
  Object.fromEntries(Object.entries(from).filter(([name, value]) => !isOut(name) && value !== null && value !== undefined));

export function readObject(text: string): Record<string, unknown> {
  const from = text.indexOf("{");
  const to = text.lastIndexOf("}");
  const cut = from >= 0 && to > from ? text.slice(from, to + 1) : text;
  for (const candidate of [cut, asJson(cut)]) {
    try {
      const value: unknown = JSON.parse(candidate);
      if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    } catch {
      // The next way of reading it.
    }
  }
  throw new ApiError({ ...unreachable("This is no JSON object. Copy the options from the first { to the last }."), title: "Not understood", code: "not_json" });
}

const TOKEN = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\/\*[\s\S]*?\*\/|\/\/[^\n]*|,(?=\s*(?:\/\/[^\n]*\s*|\/\*[\s\S]*?\*\/\s*)*[}\]])|([A-Za-z_$][\w$]*)(?=\s*:)/g;

/** A JavaScript object literal as JSON; text within quotes stays as it is. */
const asJson = (text: string) =>
  text.replace(TOKEN, (found, name?: string) => {
    if (name) return `"${name}"`;
    if (found.startsWith('"')) return found;
    if (found.startsWith("'")) return JSON.stringify(found.slice(1, -1).replace(/\\'/g, "'"));
    return "";
  });
