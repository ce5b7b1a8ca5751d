// Whom a rule is about, in words: countries, devices and languages, as they are chosen and as they are read.
import type { Schemas } from "@/api/client";
import type { Choice } from "@/lib/choices";
import { countryName } from "@/lib/places";
import { valueName } from "@/pages/analytics/names";

type Target = Schemas["LinkTarget"];

const DEVICES: Record<Schemas["LinkDevice"], { name: string; words?: string }> = {
  mobile: { name: "any phone or tablet", words: "mobile" },
  desktop: { name: "any computer", words: "desktop laptop" },
  ios: { name: "iPhone/iPad", words: "ios ipad apple" },
  android: { name: "Android" },
  windows: { name: "Windows" },
  macos: { name: "Mac", words: "macos apple" },
  linux: { name: "Linux" },
  chromeos: { name: "ChromeOS", words: "chromebook" },
};
export const DEVICE_CHOICES: readonly Choice[] = Object.entries(DEVICES).map(([value, about]) => ({ value, ...about }));

/** What the server takes: ISO 3166-1, and Kosovo. */
export const COUNTRIES =
  "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF " +
  "CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH " +
  "GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW " +
  "KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG " +
  "NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN " +
  "SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE " +
  "YT ZA ZM ZW";
const COUNTRY_WORDS: Record<string, string> = { AE: "uae", CD: "drc", CZ: "czech republic", GB: "uk england britain scotland wales", NL: "holland", US: "usa america" };

export const COUNTRY_CHOICES: readonly Choice[] = byName(COUNTRIES.split(" ").map((value) => ({ value, name: countryName(value), code: value, words: COUNTRY_WORDS[value] })));

/** Those that people look for; any other can be typed. */
const LANGUAGES =
  "af am ar az be bg bn bs ca cs cy da de de-AT de-CH el en en-AU en-CA en-GB en-IN en-US es es-419 es-ES es-MX et eu fa fi fil fr fr-CA fr-CH ga gl gu he hi " +
  "hr hu hy id is it ja ka kk km kn ko lo lt lv mk ml mn mr ms mt my nb ne nl nl-BE nn no pa pl ps pt pt-BR pt-PT ro ru si sk sl " +
  "so sq sr sv sw ta te th tr uk ur uz vi zh zh-CN zh-Hans zh-Hant zh-HK zh-TW zu";

const languageName = (tag: string) => valueName("language", tag);

/** What speakers call it: `Deutsch`. Without a name where there is none. */
const ownName = (tag: string) => new Intl.DisplayNames([tag], { type: "language", fallback: "none" }).of(tag);

export const LANGUAGE_CHOICES: readonly Choice[] = byName(LANGUAGES.split(" ").map((value) => ({ value, name: languageName(value), code: value, words: ownName(value) })));

/** A tag that is not among the choices, as the server writes it: `fy`, `de-LU`, `sr-Latn`. */
export function otherLanguage(typed: string): Choice | undefined {
  if (!/^[a-z]{2,3}([-_]([a-z]{4}|[a-z]{2}|\d{3}))?$/i.test(typed)) return undefined;
  const value = Intl.getCanonicalLocales(typed.replace("_", "-"))[0]!;
  const name = languageName(value);
  // Three letters are rarely a language: only where somebody knows one.
  return name === value && !typed.includes("-") ? undefined : { value, name, code: value };
}

function byName(choices: Choice[]): readonly Choice[] {
  return choices.sort((a, b) => a.name.localeCompare(b.name, "en"));
}

const oneOf = new Intl.ListFormat("en-GB", { type: "disjunction" });

/** `Visitors in Germany or Austria on Android who read German`. */
export function whoOf({ countries, devices, languages }: Pick<Target, "countries" | "devices" | "languages">): string {
  const parts: [string, string[]][] = [
    ["in", countries.map(countryName)],
    ["on", devices.map((device) => DEVICES[device].name)],
    ["who read", languages.map(languageName)],
  ];
  return ["Visitors", ...parts.filter(([, names]) => names.length > 0).map(([word, names]) => `${word} ${oneOf.format(names)}`)].join(" ");
}
