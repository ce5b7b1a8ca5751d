// The guides, in the order in which one would read them. Their text is `docs/guides/<slug>.md` and comes when it is
// asked for; what stands here is enough for lists and for the palette.
export const GROUPS = ["Begin", "Every day", "For those who run the server"] as const;

type Entry = { title: string; about: string; group: (typeof GROUPS)[number] };

export const GUIDES = {
  "api-quickstart-non-developers": {
    title: "The API for people who are not developers",
    about: "Short links from a spreadsheet or an automation tool, without writing a program.",
    group: "Begin",
  },
  "api-conventions": { title: "The API: conventions", about: "What every operation has in common: errors, lists, limits, sending a POST twice.", group: "Begin" },
  links: { title: "Short links", about: "Where a link leads, for whom and for how long; rules, A/B tests, what is counted.", group: "Every day" },
  "api-keys": { title: "API keys", about: "Making keys, keeping them safe, and what to do when one leaks.", group: "Every day" },
  analytics: { title: "Analytics", about: "Who clicked, from where and when; ranges, filters, exports.", group: "Every day" },
  "qr-codes": { title: "QR codes", about: "What a code can say, how it can look, and whether it will scan.", group: "Every day" },
  bulk: { title: "Many at once", about: "Up to 1,200 links or codes in one call, a million links from a file.", group: "Every day" },
  "rate-limits": { title: "Rate limits", about: "How many requests a key may make, and how a program sees where it stands.", group: "Every day" },
  privacy: { title: "Privacy", about: "What is kept about people, where, and for how long.", group: "Every day" },
  operating: { title: "Operating Tessera", about: "Installing, updating, backing up, watching.", group: "For those who run the server" },
  "event-store": { title: "Operating the event store", about: "Where clicks and requests are kept, and what they take of disk and memory.", group: "For those who run the server" },
  "enterprise-authentication": { title: "Authentication and key management", about: "How it is decided who may do what, for people who have to judge it.", group: "For those who run the server" },
} as const satisfies Record<string, Entry>;

export type GuideSlug = keyof typeof GUIDES;
export const SLUGS = Object.keys(GUIDES) as GuideSlug[];
export const isGuide = (slug: string): slug is GuideSlug => slug in GUIDES;
