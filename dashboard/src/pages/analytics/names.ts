// What people call the words of the API: dimensions, and the values in them.
import { countryName } from "@/lib/places";
import type { Dimension, Value } from "./filters";

/** In small letters, but for those that are never small. */
export const inSentence = (name: string) => name.toLowerCase().replace(/^(utm|qr)/, (word) => word.toUpperCase());

type Naming = {
  /** One of them, as in "Country is Germany". */
  one: string;
  many: string;
  /** What a missing value means. */
  none: string;
};

export const NAMES: Record<Dimension, Naming> = {
  link: { one: "Link", many: "Links", none: "Unknown" },
  tag: { one: "Tag", many: "Tags", none: "No tag" },
  domain: { one: "Domain", many: "Domains", none: "Unknown" },
  trigger: { one: "Came by", many: "QR or link", none: "Unknown" },
  country: { one: "Country", many: "Countries", none: "Unknown" },
  region: { one: "Region", many: "Regions", none: "Unknown" },
  city: { one: "City", many: "Cities", none: "Unknown" },
  continent: { one: "Continent", many: "Continents", none: "Unknown" },
  device: { one: "Device", many: "Devices", none: "Unknown" },
  browser: { one: "Browser", many: "Browsers", none: "Unknown" },
  os: { one: "System", many: "Systems", none: "Unknown" },
  language: { one: "Language", many: "Languages", none: "Not said" },
  referrer: { one: "Referrer", many: "Referrers", none: "Direct, or not said" },
  channel: { one: "Channel", many: "Channels", none: "Unknown" },
  utm_source: { one: "UTM source", many: "UTM sources", none: "Without" },
  utm_medium: { one: "UTM medium", many: "UTM media", none: "Without" },
  utm_campaign: { one: "UTM campaign", many: "UTM campaigns", none: "Without" },
  utm_term: { one: "UTM term", many: "UTM terms", none: "Without" },
  utm_content: { one: "UTM content", many: "UTM contents", none: "Without" },
};

const CONTINENTS: Record<string, string> = { AF: "Africa", AN: "Antarctica", AS: "Asia", EU: "Europe", NA: "North America", OC: "Oceania", SA: "South America" };
const WORDS: Partial<Record<Dimension, Record<string, string>>> = {
  continent: CONTINENTS,
  trigger: { qr: "QR code", link: "Link" },
  channel: { ai: "AI assistants", qr: "QR codes", email: "E-mail" },
  device: { tv: "TV" },
};
const languages = new Intl.DisplayNames(["en"], { type: "language", fallback: "none", languageDisplay: "standard" });

const capital = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1);

/** Names of `Intl`, which throws at what is no code at all. */
function known(names: Intl.DisplayNames, code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}

export function valueName(by: Dimension, value: Value): string {
  if (value === null) return NAMES[by].none;
  const word = WORDS[by]?.[value];
  if (word) return word;
  if (by === "country") return countryName(value);
  if (by === "language") return known(languages, value);
  if (by === "device" || by === "channel") return capital(value);
  if (by === "region") return regionName(value);
  if (by === "city") return value.replace(/, ([A-Z]{2})$/, (_, code: string) => `, ${countryName(code)}`);
  return value;
}

/** Only the code of a region is known: `DE-BE`. */
function regionName(code: string): string {
  const [country = "", part] = code.split("-");
  return part ? `${part}, ${countryName(country)}` : code;
}
