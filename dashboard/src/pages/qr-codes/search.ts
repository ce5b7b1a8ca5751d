// What the addresses of the QR pages carry: filters of the list, the step of the designer, what is printed.
import { RANGES } from "../links/search";
import type { PayloadType } from "./design";

const STATUSES = ["archived", "active,archived"] as const;
const KINDS = ["dynamic", "static"] as const;
const VERDICTS = ["good", "risky", "fails"] as const;
const SORTS = ["created_at", "-created_at", "updated_at", "-updated_at", "name", "-name", "score", "-score"] as const;
const TYPES = ["url", "text", "email", "phone", "sms", "whatsapp", "wifi", "vcard", "mecard", "event", "geo", "epc", "crypto", "app"] as const satisfies readonly PayloadType[];
export const STEPS = ["content", "style", "logo", "frame", "size"] as const;

export type QrFilters = {
  search?: string | undefined;
  status?: (typeof STATUSES)[number] | undefined;
  kind?: (typeof KINDS)[number] | undefined;
  type?: (typeof TYPES)[number] | undefined;
  verdict?: (typeof VERDICTS)[number] | undefined;
  tags?: string | undefined;
  sort?: (typeof SORTS)[number] | undefined;
};
export type QrSearch = QrFilters & { view?: "table" | undefined };
export type DesignerSearch = {
  step?: (typeof STEPS)[number] | undefined;
  /** Start with the looks of this template, or of this preset. */
  template?: string | undefined;
  preset?: string | undefined;
};

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined);
const oneOf = <T extends string>(all: readonly T[], value: unknown) => all.find((one) => one === value);

export const qrSearch = (search: Record<string, unknown>): QrSearch => ({
  search: text(search.search),
  status: oneOf(STATUSES, search.status),
  kind: oneOf(KINDS, search.kind),
  type: oneOf(TYPES, search.type),
  verdict: oneOf(VERDICTS, search.verdict),
  tags: text(search.tags),
  sort: oneOf(SORTS, search.sort),
  view: oneOf(["table"] as const, search.view),
});

export const designerSearch = (search: Record<string, unknown>): DesignerSearch => ({
  step: oneOf(STEPS, search.step),
  template: text(search.template),
  preset: text(search.preset),
});

export const codeSearch = (search: Record<string, unknown>): { range?: (typeof RANGES)[number] | undefined } => ({ range: oneOf(RANGES, search.range) });

/** Ids by comma. */
export const printSearch = (search: Record<string, unknown>): { ids: string } => ({ ids: text(search.ids) ?? "" });
