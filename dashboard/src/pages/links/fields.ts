// A link as a form has it (texts and truths), and back to what the API takes. What is empty is left out of a new link
// and cleared in one that exists.
import type { Schemas } from "@/api/client";
import type { Form } from "@/lib/form";
import { fromLocalInput, toLocalInput } from "@/lib/time";
import type { Link } from "./queries";
import { plainRows, rowsOf } from "./rules";

export const UTM = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"] as const;

export function valuesOf(link: Link | undefined) {
  return {
    destination_url: link?.destination_url ?? "",
    alias: link?.alias ?? "",
    title: link?.title ?? "",
    tags: link?.tags ?? [],
    utm_source: link?.utm_source ?? "",
    utm_medium: link?.utm_medium ?? "",
    utm_campaign: link?.utm_campaign ?? "",
    utm_term: link?.utm_term ?? "",
    utm_content: link?.utm_content ?? "",
    starts_at: toLocalInput(link?.starts_at),
    expires_at: toLocalInput(link?.expires_at),
    expired_url: link?.expired_url ?? "",
    max_clicks: link?.max_clicks ? String(link.max_clicks) : "",
    /** Null: as it is. Empty: none. */
    password: null as string | null,
    redirect_status: String(link?.redirect_status ?? 302),
    forward_query: link?.forward_query ?? false,
    notes: link?.notes ?? "",
    ...rowsOf(link),
    ios_url: link?.ios_url ?? "",
    android_url: link?.android_url ?? "",
  };
}
export type Values = ReturnType<typeof valuesOf>;
export type LinkForm = Form<Values>;

/** What a text input needs of the form. */
export const bind = (form: LinkForm, field: { [K in keyof Values]: Values[K] extends string ? K : never }[keyof Values]) => ({
  name: field,
  value: form.values[field],
  onChange: (event: { target: { value: string } }) => form.set(field, event.target.value),
});

function plain(values: Values) {
  const orNull = (text: string) => (text.trim() === "" ? null : text.trim());
  return {
    destination_url: values.destination_url.trim(),
    alias: orNull(values.alias),
    title: orNull(values.title),
    tags: values.tags,
    utm_source: orNull(values.utm_source),
    utm_medium: orNull(values.utm_medium),
    utm_campaign: orNull(values.utm_campaign),
    utm_term: orNull(values.utm_term),
    utm_content: orNull(values.utm_content),
    starts_at: fromLocalInput(values.starts_at),
    expires_at: fromLocalInput(values.expires_at),
    expired_url: orNull(values.expired_url),
    max_clicks: values.max_clicks === "" ? null : Number(values.max_clicks),
    redirect_status: Number(values.redirect_status),
    forward_query: values.forward_query,
    notes: orNull(values.notes),
    ...plainRows(values),
    ios_url: orNull(values.ios_url),
    android_url: orNull(values.android_url),
    ...(values.password === null ? {} : { password: orNull(values.password) }),
  };
}

export function newLink(values: Values): Schemas["CreateLink"] {
  const filled = Object.entries(plain(values)).filter(([, value]) => value !== null && value !== false && !(Array.isArray(value) && value.length === 0));
  return Object.fromEntries(filled) as Schemas["CreateLink"];
}

/** Only what was changed: two people may change different fields of one link. */
export function changeOf(values: Values, link: Link): Schemas["LinkChange"] {
  const [now, before] = [plain(values), plain(valuesOf(link))];
  const changed = Object.entries(now).filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(before[field as keyof typeof before]));
  return Object.fromEntries(changed) as Schemas["LinkChange"];
}

/** Where visitors arrive: UTM fields stand behind what the destination has, in place of its own of their name. Null while it is no URL. */
export function arrival(values: Values): string | null {
  if (!URL.canParse(values.destination_url)) return null;
  const url = new URL(values.destination_url);
  for (const name of UTM) {
    if (!values[name].trim()) continue;
    url.searchParams.delete(name);
    url.searchParams.append(name, values[name].trim());
  }
  return url.href;
}
