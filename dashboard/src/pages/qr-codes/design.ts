// A design while it is drawn: what a code says, how it looks, and how the one is turned into what the API takes. A
// style is the API's own object throughout, so what is imported, shown and saved is one thing.
import type { Schemas } from "@/api/client";
import { applies, payloadSpec } from "./payloads";

type Deep<T> = T extends readonly unknown[] ? T : T extends object ? { [K in keyof T]?: Deep<T[K]> } : T;
/** Every field of a style is optional; the generated type says what a server that fills them in would answer. */
export type Style = Deep<Schemas["QrStyle"]>;
export type Gradient = NonNullable<NonNullable<Style["dotsOptions"]>["gradient"]>;
export type PayloadType = Schemas["QrPayload"]["type"];
export type Kind = Schemas["QrCodeKind"];
export type QrCode = Schemas["QrCode"];
export type Verdict = Schemas["QrVerdict"];

export type Phone = { number: string; kind: string };
export type Address = { street: string; postal_code: string; city: string; region: string; country: string };
export type Content = Record<string, string | boolean | string[] | Phone[] | Address[]>;

export type Draft = {
  name: string;
  kind: Kind;
  type: PayloadType;
  /** By type, so that what was typed is still there when somebody comes back to it. */
  contents: Partial<Record<PayloadType, Content>>;
  alias: string;
  tags: string[];
  notes: string;
  style: Style;
};

export const newDraft = (style: Style = {}): Draft => ({ name: "", kind: "dynamic", type: "url", contents: {}, alias: "", tags: [], notes: "", style });

export function draftOf(code: QrCode): Draft {
  const { type, ...content } = code.payload;
  return {
    name: code.name,
    kind: code.kind,
    type,
    contents: { [type]: contentOf(content) },
    alias: code.alias ?? "",
    tags: code.tags,
    notes: code.notes ?? "",
    style: code.style as Style,
  };
}

/** What the API said, as a form has it: numbers are text, and what is absent is not there. */
function contentOf(payload: Record<string, unknown>): Content {
  const filled = Object.entries(payload).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(filled.map(([name, value]) => [name, typeof value === "number" ? String(value) : value])) as Content;
}

/** Fields of which the API takes a number. */
const NUMBERS = new Set(["latitude", "longitude", "version"]);

/** Chosen in the form before somebody chooses, and needed by the API. */
const CHOSEN_FIRST: Partial<Record<PayloadType, Content>> = { crypto: { currency: "bitcoin" }, wifi: { eap_method: "peap" } };

export function payloadOf(draft: Draft): Schemas["QrPayload"] {
  const content = { ...CHOSEN_FIRST[draft.type], ...draft.contents[draft.type] };
  const spec = payloadSpec(draft.type);
  const idle = spec.fields.filter((field) => !applies(field, spec, content)).map((field) => field.name);
  const filled = Object.entries(content)
    .filter(([name]) => !idle.includes(name))
    .map(([name, value]) => [name, clean(name, value)] as const)
    .filter(([, value]) => value !== undefined);
  return { type: draft.type, ...Object.fromEntries(filled) } as Schemas["QrPayload"];
}

function clean(name: string, value: Content[string]): unknown {
  if (typeof value === "boolean") return value || undefined;
  if (typeof value === "string") {
    const text = name === "password" || name === "ssid" || name === "text" ? value : value.trim();
    if (text === "") return undefined;
    return NUMBERS.has(name) && Number.isFinite(Number(text)) ? Number(text) : text;
  }
  const all = value.map((one) => (typeof one === "string" ? one.trim() : withoutEmpty(one))).filter((one) => (typeof one === "string" ? one !== "" : isFilled(one)));
  return all.length > 0 ? all : undefined;
}

const withoutEmpty = (one: Phone | Address) => Object.fromEntries(Object.entries(one).filter(([, text]) => text.trim() !== ""));
/** A telephone's kind alone is no telephone. */
const isFilled = (one: Record<string, string>) => Object.keys(one).some((name) => name !== "kind");

export const styleOf = (style: Style) => style as Schemas["QrStyle"];

/** A style with one field set, or without it. Objects that become empty go too: `{}` means the default. */
export function put(style: Style, path: string, value: unknown): Style {
  const [first = "", ...rest] = path.split(".");
  const before = style as Record<string, unknown>;
  const inner = rest.length === 0 ? value : put((before[first] ?? {}) as Style, rest.join("."), value);
  const next = { ...before, [first]: inner };
  const isNone = inner === undefined || inner === null || (rest.length > 0 && Object.keys(inner as object).length === 0);
  if (isNone) delete next[first];
  return next as Style;
}

export function get(style: Style, path: string): unknown {
  return path.split(".").reduce<unknown>((at, name) => (at as Record<string, unknown> | null | undefined)?.[name], style);
}

/** One style laid over another, field by field; a colour takes the place of a gradient, and the other way round. */
export function lay(below: Style, above: Style): Style {
  const out = { ...below } as Record<string, unknown>;
  for (const [name, value] of Object.entries(above)) {
    if (value === null || value === undefined) continue;
    if (name === "color" && !("gradient" in above)) delete out.gradient;
    if (name === "gradient") delete out.color;
    if (name === "quietZone") delete out.margin;
    const isObject = typeof value === "object" && !Array.isArray(value) && name !== "gradient";
    out[name] = isObject ? lay((out[name] ?? {}) as Style, value as Style) : value;
  }
  return out as Style;
}

/** What a ready style leaves alone: where the code is going to be, and whose it is. */
const KEPT = ["width", "height", "unit", "dpi", "title", "image", "imageOptions"] as const;

/** A ready style or a template in place of the present look. Size and logo stay, unless the new one has its own. */
export function dress(style: Style, look: Style): Style {
  const kept = Object.fromEntries(KEPT.filter((name) => style[name] !== undefined && style[name] !== null).map((name) => [name, style[name]]));
  const level = style.qrOptions?.errorCorrectionLevel;
  const own = { ...kept, ...(level && style.image ? { qrOptions: { errorCorrectionLevel: level } } : {}) };
  return lay(own as Style, look);
}

export const isSame = (a: unknown, b: unknown) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== null && one !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, one]) => [name, sorted(one)]));
}

/** An alias of the length that the server would make: the symbol is as large as the real one will be. */
const ALIAS_SAMPLE = "a2b3c4d";

/** What the symbol holds, as far as it is known before the code is saved. Undefined: the payload itself. */
export function dataOf(draft: Draft, code: QrCode | undefined): string | undefined {
  if (draft.kind === "static") return undefined;
  return code?.data ?? `${location.origin}/${draft.alias.trim() || ALIAS_SAMPLE}?qr=1`;
}

export function newCode(draft: Draft): Schemas["CreateQrCode"] {
  const { alias, notes, tags } = draft;
  return {
    name: draft.name.trim(),
    kind: draft.kind,
    payload: payloadOf(draft),
    style: styleOf(draft.style),
    ...(draft.kind === "dynamic" && alias.trim() ? { alias: alias.trim() } : {}),
    ...(tags.length > 0 ? { tags } : {}),
    ...(notes.trim() ? { notes: notes.trim() } : {}),
  } as Schemas["CreateQrCode"];
}

/** Only what is different: two people may change different things of one code. */
export function changeOf(draft: Draft, code: QrCode): Schemas["QrCodeChange"] {
  const before = draftOf(code);
  return {
    ...(draft.name.trim() === before.name ? {} : { name: draft.name.trim() }),
    ...(isSame(payloadOf(draft), payloadOf(before)) ? {} : { payload: payloadOf(draft) }),
    ...(isSame(draft.style, before.style) ? {} : { style: styleOf(draft.style) }),
    ...(isSame(draft.tags, before.tags) ? {} : { tags: draft.tags }),
    ...(draft.notes.trim() === before.notes ? {} : { notes: draft.notes.trim() || null }),
  } as Schemas["QrCodeChange"];
}
