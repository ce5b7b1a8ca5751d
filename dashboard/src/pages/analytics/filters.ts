// What the page is narrowed down to. The words are the API's, and so is the writing of several values: by comma, with
// a backslash before what is to be taken as it is, and `none` for what is not known (`values` in `dimension.rs`).
export const DIMENSIONS = [
  "link", "tag", "domain", "trigger", "country", "region", "city", "continent", "device", "browser", "os", "language",
  "referrer", "channel", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content",
] as const;
export type Dimension = (typeof DIMENSIONS)[number];
export type FilterName = Dimension | `${Dimension}_not`;
export type Filters = Partial<Record<FilterName, string>>;
/** null is what is not known. */
export type Value = string | null;
export type Side = "is" | "not";

const VALUES_MAX = 100;
const nameOf = (by: Dimension, side: Side): FilterName => (side === "is" ? by : `${by}_not`);

export function readValues(text: string | undefined): Value[] {
  const all: Value[] = [];
  let [value, isLiteral] = ["", false];
  const finish = () => {
    const word = value.trim();
    if (word) all.push(word === "none" && !isLiteral ? null : word);
    [value, isLiteral] = ["", false];
  };
  const chars = [...(text ?? "")];
  for (let at = 0; at < chars.length; at++) {
    if (chars[at] === ",") finish();
    else if (chars[at] === "\\") {
      isLiteral = true;
      value += chars[++at] ?? "";
    } else value += chars[at];
  }
  finish();
  return all;
}

export const writeValues = (values: readonly Value[]): string =>
  values.map((value) => (value === null ? "none" : value === "none" ? "\\none" : value.replace(/[\\,]/g, "\\$&"))).join(",");

export const valuesOf = (filters: Filters, by: Dimension, side: Side): Value[] => readValues(filters[nameOf(by, side)]);

function withValues(filters: Filters, by: Dimension, side: Side, values: readonly Value[]): Filters {
  return { ...filters, [nameOf(by, side)]: values.length > 0 ? writeValues(values) : undefined };
}

/** Puts a value on a side, or takes it away if it is there. It is never on both. */
export function toggled(filters: Filters, by: Dimension, side: Side, value: Value): Filters {
  const mine = valuesOf(filters, by, side);
  if (mine.includes(value)) return withValues(filters, by, side, mine.filter((one) => one !== value));
  const other: Side = side === "is" ? "not" : "is";
  const rest = withValues(filters, by, other, valuesOf(filters, by, other).filter((one) => one !== value));
  return withValues(rest, by, side, [...mine, value].slice(-VALUES_MAX));
}

/** From "is" to "is not", or back. What was on the other side already stays there. */
export function flipped(filters: Filters, by: Dimension, side: Side): Filters {
  const other: Side = side === "is" ? "not" : "is";
  const values = [...valuesOf(filters, by, other), ...valuesOf(filters, by, side)];
  return withValues(withValues(filters, by, side, []), by, other, [...new Set(values)].slice(0, VALUES_MAX));
}

export const without = (filters: Filters, by: Dimension, side: Side): Filters => withValues(filters, by, side, []);

export type Chip = { by: Dimension; side: Side; values: Value[] };
export const chipsOf = (filters: Filters): Chip[] =>
  DIMENSIONS.flatMap((by) => (["is", "not"] as const).map((side) => ({ by, side, values: valuesOf(filters, by, side) }))).filter((chip) => chip.values.length > 0);

/** The same question about scans alone; null where the filters leave scans out, so that there are none. */
export function scansOf(filters: Filters): Filters | null {
  const is = valuesOf(filters, "trigger", "is");
  if ((is.length > 0 && !is.includes("qr")) || valuesOf(filters, "trigger", "not").includes("qr")) return null;
  return { ...filters, trigger: "qr", trigger_not: undefined };
}
