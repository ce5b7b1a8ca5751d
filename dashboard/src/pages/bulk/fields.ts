// Which column of a file stands for which field: guessed by its name, corrected by hand, and told to the API only where
// the two differ.
import type { Schemas } from "@/api/client";

export type Resource = Schemas["BulkResource"];
export type FieldName = { name: string; label: string; isNeeded?: boolean };

const LINKS: readonly FieldName[] = [
  { name: "destination_url", label: "Destination", isNeeded: true },
  { name: "alias", label: "Alias" },
  { name: "domain", label: "Domain" },
  { name: "title", label: "Title" },
  { name: "tags", label: "Tags" },
  { name: "notes", label: "Notes" },
  { name: "utm_source", label: "UTM source" },
  { name: "utm_medium", label: "UTM medium" },
  { name: "utm_campaign", label: "UTM campaign" },
  { name: "utm_term", label: "UTM term" },
  { name: "utm_content", label: "UTM content" },
  { name: "starts_at", label: "Begins" },
  { name: "expires_at", label: "Expires" },
  { name: "expired_url", label: "After that" },
  { name: "max_clicks", label: "Clicks at most" },
  { name: "password", label: "Password" },
  { name: "redirect_status", label: "Redirect status" },
  { name: "forward_query", label: "Forward parameters" },
  { name: "metadata", label: "Metadata (JSON)" },
];

/** What a code has of a link: all but the title, which is its name. */
const OF_LINK = LINKS.filter((field) => field.name !== "title").map(({ name, label }) => ({ name, label }));
const QR_CODES: readonly FieldName[] = [
  { name: "name", label: "Name", isNeeded: true },
  ...OF_LINK,
  { name: "kind", label: "Dynamic or static" },
  { name: "template_id", label: "Template (id)" },
  { name: "payload.type", label: "Kind of content" },
  { name: "payload", label: "Content (JSON)" },
  { name: "style", label: "Style (JSON)" },
  { name: "fix", label: "Ways of mending" },
  { name: "allow_unscannable", label: "Keep what fails" },
];

export const FIELDS: Record<Resource, readonly FieldName[]> = { links: LINKS, qr_codes: QR_CODES };

/** Fields that have entries, each of which can be a column. */
export const ENTRIES: Record<Resource, readonly { prefix: string; label: string }[]> = {
  links: [{ prefix: "metadata.", label: "Entry of metadata" }],
  qr_codes: [
    { prefix: "metadata.", label: "Entry of metadata" },
    { prefix: "payload.", label: "Field of the content" },
  ],
};
/** The entry that a field is, unless it has a name of its own in the list. */
export const entryOf = (resource: Resource, name: string) => (FIELDS[resource].some((field) => field.name === name) ? undefined : ENTRIES[resource].find((entry) => name.startsWith(entry.prefix)));

/** Of other services' files, in their words. */
const SYNONYMS: Record<string, string> = {
  url: "destination_url",
  link: "destination_url",
  long_url: "destination_url",
  target: "destination_url",
  target_url: "destination_url",
  destination: "destination_url",
  original_url: "destination_url",
  key: "alias",
  slug: "alias",
  back_half: "alias",
  short: "alias",
  name: "title",
  title: "title",
  label: "title",
  description: "notes",
  comments: "notes",
  labels: "tags",
  expiration_date: "expires_at",
  expires: "expires_at",
};

/** As the server reads a name that nobody mapped: `Destination URL` means `destination_url`. */
export function plain(name: string): string {
  const dot = name.indexOf(".");
  if (dot >= 0) return `${plain(name.slice(0, dot))}.${name.slice(dot + 1).trim()}`;
  return name.trim().toLowerCase().replaceAll(" ", "_").replaceAll("-", "_");
}

export const isField = (resource: Resource, name: string) => FIELDS[resource].some((field) => field.name === name) || ENTRIES[resource].some(({ prefix }) => name.startsWith(prefix) && name.length > prefix.length);

/** For each column a field, or "" to leave it out. No field stands for two columns. */
export function guess(resource: Resource, header: readonly string[]): string[] {
  const taken = new Set(header.map(plain).filter((name) => isField(resource, name)));
  const used = new Set<string>();
  return header.map((name) => {
    const own = plain(name);
    const field = isField(resource, own) ? own : (SYNONYMS[own] ?? "").replace(/^title$/, resource === "links" ? "title" : "name");
    const isFree = field !== "" && isField(resource, field) && !used.has(field) && (field === own || !taken.has(field));
    if (isFree) used.add(field);
    return isFree ? field : "";
  });
}

/** What the API has to be told: of columns that it would read otherwise by itself. */
export function mappingOf(header: readonly string[], fields: readonly string[]): Record<string, string> {
  return Object.fromEntries(header.map((name, at) => [name, fields[at] ?? ""] as const).filter(([name, field]) => plain(name) !== field));
}

/** Why the file cannot be sent like this. */
export function wrongWith(resource: Resource, fields: readonly string[]): string | undefined {
  const missing = FIELDS[resource].find((field) => field.isNeeded && !fields.includes(field.name));
  if (missing) return `Say which column is the ${missing.label.toLowerCase()}.`;
  const twice = fields.find((field, at) => field !== "" && fields.indexOf(field) !== at);
  const label = FIELDS[resource].find((field) => field.name === twice)?.label ?? twice;
  return twice ? `Two columns are the ${label?.toLowerCase()}.` : undefined;
}
