// The rules of a link: as rows of a form and back, what the server refused of them, and how visitors are shared out.
import type { Schemas } from "@/api/client";

export const TARGETS_MAX = 50;
export const VARIANTS_MAX = 10;

type Ruled = Pick<Schemas["Link"], "targets" | "variants">;
/** A row keeps its key wherever it is moved. */
export type TargetRow = Schemas["LinkTarget"] & { key: number };
export type VariantRow = { key: number; destination_url: string; percent: string; utm_content: string };
/** The two lists, by their names in the API. */
export type Rows = { targets: TargetRow[]; variants: VariantRow[] };

type Address = string | null | undefined;
/** Of a link, or of the form of one. */
export const hasRules = ({ targets, variants, ios_url, android_url }: { targets: unknown[]; variants: unknown[]; ios_url?: Address; android_url?: Address }) =>
  targets.length > 0 || variants.length > 0 || Boolean(ios_url || android_url);

export const rowsOf = (link: Ruled | undefined): Rows => ({
  targets: link?.targets.map((target, key) => ({ ...target, key })) ?? [],
  variants: link?.variants.map(({ destination_url, percent, utm_content }, key) => ({ key, destination_url, percent: String(percent), utm_content: utm_content ?? "" })) ?? [],
});

export const plainRows = ({ targets, variants }: Rows) => ({
  targets: targets.map(({ countries, devices, languages, destination_url }) => ({ countries, devices, languages, destination_url: destination_url.trim() })),
  variants: variants.map(({ destination_url, percent, utm_content }) => ({ destination_url: destination_url.trim(), percent: Number(percent), utm_content: utm_content.trim() || null })),
});

const nextKey = (rows: readonly { key: number }[]) => Math.max(-1, ...rows.map((row) => row.key)) + 1;

export const withTarget = (rows: TargetRow[]): TargetRow[] => [...rows, { key: nextKey(rows), countries: [], devices: [], languages: [], destination_url: "" }];

/** With half of what is left: the first question is mostly "this or that". */
export function withVariant(rows: VariantRow[]): VariantRow[] {
  const half = Math.floor(restOf(rows) / 2);
  return [...rows, { key: nextKey(rows), destination_url: "", percent: half > 0 ? String(half) : "", utm_content: "" }];
}

/** As much for each as for the link's own destination, which takes what cannot be divided. */
export const evenly = (rows: VariantRow[]): VariantRow[] => rows.map((row) => ({ ...row, percent: String(Math.floor(100 / (rows.length + 1))) }));

export function moved<T>(rows: T[], from: number, to: number): T[] {
  const row = rows[from];
  return row === undefined || to < 0 || to >= rows.length ? rows : rows.toSpliced(from, 1).toSpliced(to, 0, row);
}

type Share = { percent: string | number };
/** What is typed half is no share. */
export const percentOf = ({ percent }: Share) => Math.max(0, Math.trunc(Number(percent)) || 0);
/** For the link's own destination. Below 0 where more is given away than there is. */
export const restOf = (shares: readonly Share[]) => 100 - shares.reduce((sum, share) => sum + percentOf(share), 0);

type Refused = { errors: { field: string; message: string }[]; values: Rows } | null;

/** What is wrong with a list as a whole, until it is changed. */
export const wrongWith = (refused: Refused, rows: Rows, list: keyof Rows) =>
  refused?.values[list] === rows[list] ? refused.errors.find((error) => error.field === list)?.message : undefined;

/** What is wrong with a field of a row: wherever the row is by now, until the field is changed. */
export function wrongInRow<L extends keyof Rows>(refused: Refused, list: L, row: Rows[L][number], field: keyof Rows[L][number] & string): string | undefined {
  const [at, sent] = sentRow(refused, list, row.key);
  if (!refused || !sent || JSON.stringify(sent[field]) !== JSON.stringify(row[field])) return undefined;
  const path = `${list}[${at}].${field}`;
  const error = refused.errors.find((one) => one.field === path || one.field.startsWith(`${path}[`));
  const place = error?.field.slice(path.length + 1, -1);
  return error && (place ? `${(sent[field] as string[])[Number(place)]}: ${error.message}` : error.message);
}

/** That a row says nothing of whom it is about, until it does. */
export function wrongWithout(refused: Refused, row: TargetRow): string | undefined {
  const [at] = sentRow(refused, "targets", row.key);
  const isWithout = row.countries.length + row.devices.length + row.languages.length === 0;
  return isWithout ? refused?.errors.find((error) => error.field === `targets[${at}]`)?.message : undefined;
}

function sentRow<L extends keyof Rows>(refused: Refused, list: L, key: number): [number, Rows[L][number] | undefined] {
  const rows: Rows[L][number][] = refused?.values[list] ?? [];
  const at = rows.findIndex((row) => row.key === key);
  return [at, rows[at]];
}
