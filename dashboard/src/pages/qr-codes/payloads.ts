// What a code can say, and the fields of each kind, by the names that the API gives them.
import { AppWindow, AtSign, Bitcoin, CalendarDays, Contact, Euro, FileText, IdCard, Link2, MapPin, MessageCircle, MessageSquare, Phone, Wifi, type LucideIcon } from "lucide-react";
import type { Content, Kind, PayloadType } from "./design";

export type FieldSpec = {
  name: string;
  label: string;
  as?: "line" | "area" | "url" | "email" | "tel" | "password" | "number" | "date" | "moment" | "switch" | "choice" | "list" | "phones" | "addresses";
  isRequired?: boolean;
  hint?: string;
  placeholder?: string;
  options?: readonly (readonly [value: string, label: string])[];
  /** Two of these stand side by side. */
  isHalf?: boolean;
  /** Only shown when somebody asks for more. */
  isMore?: boolean;
  /** Only of use, shown and sent where another field is one of these. */
  when?: readonly [name: string, ...values: string[]];
};

export type PayloadSpec = { type: PayloadType; name: string; about: string; icon: LucideIcon; kinds: readonly Kind[]; fields: readonly FieldSpec[] };

const BOTH = ["dynamic", "static"] as const;
const STATIC = ["static"] as const;

const NAMES: readonly FieldSpec[] = [
  { name: "first_name", label: "First name", isHalf: true, placeholder: "Ada" },
  { name: "last_name", label: "Last name", isHalf: true, placeholder: "Byron" },
];

export const PAYLOADS: readonly PayloadSpec[] = [
  { type: "url", name: "Web address", about: "Opens a page", icon: Link2, kinds: BOTH, fields: [{ name: "url", label: "Web address", as: "url", isRequired: true, placeholder: "https://example.com/menu" }] },
  { type: "text", name: "Text", about: "Shows words", icon: FileText, kinds: STATIC, fields: [{ name: "text", label: "Text", as: "area", isRequired: true, hint: "At most 2,953 bytes at level L, 1,273 at level H." }] },
  {
    type: "email",
    name: "E-mail",
    about: "Begins a message",
    icon: AtSign,
    kinds: STATIC,
    fields: [
      { name: "to", label: "To", as: "list", isRequired: true, placeholder: "ada@example.com" },
      { name: "subject", label: "Subject" },
      { name: "body", label: "Message", as: "area" },
      { name: "cc", label: "Copy to", as: "list", isMore: true },
      { name: "bcc", label: "Blind copy to", as: "list", isMore: true },
    ],
  },
  { type: "phone", name: "Telephone", about: "Dials a number", icon: Phone, kinds: STATIC, fields: [{ name: "number", label: "Number", as: "tel", isRequired: true, placeholder: "+49 30 1234567" }] },
  {
    type: "sms",
    name: "SMS",
    about: "Begins a text message",
    icon: MessageSquare,
    kinds: STATIC,
    fields: [
      { name: "number", label: "Number", as: "tel", isRequired: true, placeholder: "+49 30 1234567" },
      { name: "message", label: "Message", as: "area" },
    ],
  },
  {
    type: "whatsapp",
    name: "WhatsApp",
    about: "Opens a chat",
    icon: MessageCircle,
    kinds: STATIC,
    fields: [
      { name: "number", label: "Number", as: "tel", isRequired: true, placeholder: "+49 151 23456789", hint: "With country code." },
      { name: "message", label: "Message", as: "area" },
    ],
  },
  {
    type: "wifi",
    name: "Wi-Fi",
    about: "Joins a network",
    icon: Wifi,
    kinds: BOTH,
    fields: [
      { name: "ssid", label: "Network name (SSID)", isRequired: true, isHalf: true, placeholder: "Cafe guests" },
      { name: "password", label: "Password", isHalf: true, hint: "Whoever scans the code can read it." },
      {
        name: "security",
        label: "Security",
        as: "choice",
        hint: "Phones that know only WPA2 cannot join a network of WPA3 alone.",
        options: [["wpa2", "WPA2"], ["wpa2_wpa3", "WPA2 and WPA3 (most new routers)"], ["wpa3", "WPA3 only"], ["wpa2_enterprise", "WPA2 Enterprise: everybody has an account"], ["wep", "WEP (old)"], ["none", "None, open to all"]],
      },
      {
        name: "eap_method",
        label: "Method (EAP)",
        as: "choice",
        isHalf: true,
        when: ["security", "wpa2_enterprise"],
        options: [["peap", "PEAP"], ["ttls", "TTLS"], ["pwd", "PWD"]],
      },
      {
        name: "phase2_method",
        label: "Inside the tunnel",
        as: "choice",
        isHalf: true,
        when: ["eap_method", "peap", "ttls"],
        options: [["", "As phone and network agree"], ["mschapv2", "MSCHAPv2"], ["gtc", "GTC"], ["mschap", "MSCHAP (TTLS only)"], ["pap", "PAP (TTLS only)"]],
      },
      { name: "identity", label: "Account", isHalf: true, when: ["security", "wpa2_enterprise"], hint: "Left empty, with the password: everybody types their own." },
      { name: "anonymous_identity", label: "Account said outside the tunnel", isHalf: true, when: ["eap_method", "peap", "ttls"], placeholder: "anonymous@example.edu" },
      { name: "hidden", label: "Hidden network", as: "switch", hint: "It does not say its name." },
    ],
  },
  {
    type: "vcard",
    name: "Contact",
    about: "Adds a person or a firm",
    icon: Contact,
    kinds: BOTH,
    fields: [
      ...NAMES,
      { name: "organization", label: "Organization", isHalf: true },
      { name: "title", label: "Role", isHalf: true, placeholder: "Head of roasting" },
      { name: "phones", label: "Telephones", as: "phones" },
      { name: "emails", label: "E-mail", as: "list", placeholder: "ada@example.com" },
      { name: "websites", label: "Websites", as: "list", placeholder: "https://example.com" },
      { name: "addresses", label: "Postal addresses", as: "addresses" },
      { name: "prefix", label: "Before the name", isHalf: true, isMore: true, placeholder: "Dr." },
      { name: "suffix", label: "After the name", isHalf: true, isMore: true, placeholder: "Jr." },
      { name: "middle_name", label: "Middle name", isHalf: true, isMore: true },
      { name: "nickname", label: "Nickname", isHalf: true, isMore: true },
      { name: "department", label: "Department", isHalf: true, isMore: true },
      { name: "birthday", label: "Birthday", as: "date", isHalf: true, isMore: true },
      { name: "photo", label: "Picture", as: "url", isMore: true, placeholder: "https://example.com/ada.jpg" },
      { name: "note", label: "Note", as: "area", isMore: true },
      { name: "version", label: "Format", as: "choice", isMore: true, options: [["3", "vCard 3, which every phone reads"], ["4", "vCard 4"]] },
    ],
  },
  {
    type: "mecard",
    name: "MeCard",
    about: "A contact in few bytes",
    icon: IdCard,
    kinds: STATIC,
    fields: [
      ...NAMES,
      { name: "phones", label: "Telephones", as: "list", placeholder: "+49 30 1234567", hint: "At most 3." },
      { name: "emails", label: "E-mail", as: "list", placeholder: "ada@example.com", hint: "At most 3." },
      { name: "website", label: "Website", as: "url", placeholder: "https://example.com" },
      { name: "address", label: "Postal address" },
      { name: "nickname", label: "Nickname", isHalf: true, isMore: true },
      { name: "birthday", label: "Birthday", as: "date", isHalf: true, isMore: true },
      { name: "note", label: "Note", as: "area", isMore: true },
    ],
  },
  {
    type: "event",
    name: "Event",
    about: "Goes into a calendar",
    icon: CalendarDays,
    kinds: BOTH,
    fields: [
      { name: "title", label: "Title", isRequired: true, placeholder: "Tasting" },
      { name: "all_day", label: "All day", as: "switch" },
      { name: "starts_at", label: "Begins", as: "moment", isRequired: true, isHalf: true },
      { name: "ends_at", label: "Ends", as: "moment", isHalf: true },
      { name: "timezone", label: "Time zone", placeholder: "Europe/Berlin", hint: "Left empty: at that hour wherever the phone is." },
      { name: "location", label: "Place", placeholder: "Harbour Lane 7, Hamburg" },
      { name: "description", label: "Description", as: "area" },
      { name: "url", label: "Web address", as: "url", isHalf: true, isMore: true },
      { name: "organizer", label: "Organizer", as: "email", isHalf: true, isMore: true, placeholder: "ada@example.com" },
    ],
  },
  {
    type: "geo",
    name: "Place",
    about: "Opens a map",
    icon: MapPin,
    kinds: STATIC,
    fields: [
      { name: "latitude", label: "Latitude", as: "number", isRequired: true, isHalf: true, placeholder: "53.5436", hint: "Degrees north, −90 to 90." },
      { name: "longitude", label: "Longitude", as: "number", isRequired: true, isHalf: true, placeholder: "9.9881", hint: "Degrees east, −180 to 180." },
      { name: "query", label: "Look for", placeholder: "Harbour Lane Coffee", hint: "Android shows it." },
    ],
  },
  {
    type: "epc",
    name: "Bank transfer",
    about: "Fills in a SEPA payment",
    icon: Euro,
    kinds: STATIC,
    fields: [
      { name: "name", label: "Who is paid", isRequired: true, isHalf: true },
      { name: "iban", label: "IBAN", isRequired: true, isHalf: true, placeholder: "DE89 3704 0044 0532 0130 00" },
      { name: "amount", label: "Euros", isHalf: true, placeholder: "12.50", hint: "Left empty: the payer fills it in." },
      { name: "text", label: "What for", isHalf: true },
      { name: "reference", label: "Creditor reference", isHalf: true, isMore: true, placeholder: "RF18 5390 0754 7034", hint: "Not together with a text." },
      { name: "purpose", label: "Purpose code", isHalf: true, isMore: true, placeholder: "GDDS" },
      { name: "bic", label: "BIC", isHalf: true, isMore: true },
      { name: "information", label: "Word to the payer", isHalf: true, isMore: true },
    ],
  },
  {
    type: "crypto",
    name: "Coins",
    about: "Fills in a payment",
    icon: Bitcoin,
    kinds: STATIC,
    fields: [
      { name: "currency", label: "Currency", as: "choice", isRequired: true, isHalf: true, options: [["bitcoin", "Bitcoin"], ["litecoin", "Litecoin"], ["dogecoin", "Dogecoin"], ["ethereum", "Ethereum"], ["solana", "Solana"]] },
      { name: "amount", label: "Amount", isHalf: true, placeholder: "0.015" },
      { name: "address", label: "Address", isRequired: true, hint: "Its checksum is verified." },
      { name: "label", label: "Who is paid", isHalf: true, hint: "Not for Ethereum." },
      { name: "message", label: "What for", isHalf: true, hint: "Not for Ethereum." },
    ],
  },
  {
    type: "app",
    name: "App",
    about: "Leads to the right store",
    icon: AppWindow,
    kinds: ["dynamic"],
    fields: [
      { name: "ios_url", label: "For iPhone and iPad", as: "url", placeholder: "https://apps.apple.com/app/id123456789", hint: "This or the one for Android." },
      { name: "android_url", label: "For Android", as: "url", placeholder: "https://play.google.com/store/apps/details?id=com.example" },
      { name: "fallback_url", label: "For everything else", as: "url", hint: "Left empty: a page with a button for each store." },
    ],
  },
];

export const payloadSpec = (type: PayloadType) => PAYLOADS.find((one) => one.type === type)!;

/** What stands in a form before somebody chose: what the API takes when nothing is said. */
export const CHOSEN: Record<string, string> = { security: "wpa2", eap_method: "peap", currency: "bitcoin", version: "3" };

/** Whether a field is of use, by what the others say; one that depends on a field that is not is none either. */
export function applies(field: FieldSpec, spec: PayloadSpec, content: Content): boolean {
  if (!field.when) return true;
  const [name, ...values] = field.when;
  const other = spec.fields.find((one) => one.name === name);
  const said = content[name] ?? CHOSEN[name];
  return other !== undefined && applies(other, spec, content) && typeof said === "string" && values.includes(said);
}
