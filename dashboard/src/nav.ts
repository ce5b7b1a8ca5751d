// Where one can go: the sidebar, the palette and the `g …` keys are all made of this list. A page that a role may not
// see is in none of them. Add a page here and in `routes.tsx`, nowhere else.
import {
  Building2,
  ChartColumn,
  FileSpreadsheet,
  Gauge,
  KeyRound,
  LifeBuoy,
  Link2,
  Palette,
  QrCode,
  Rocket,
  ScrollText,
  SquareTerminal,
  UserRound,
  UsersRound,
  type LucideIcon,
} from "lucide-react";
import type { Schemas } from "@/api/client";

export type Role = Schemas["Role"];

export type Place = {
  name: string;
  to:
    | "/start"
    | "/analytics"
    | "/links"
    | "/qr-codes"
    | "/templates"
    | "/bulk"
    | "/settings/api-keys"
    | "/settings/members"
    | "/settings/plan"
    | "/settings/audit"
    | "/settings/requests"
    | "/settings/workspace"
    | "/settings/profile"
    | "/help";
  icon: LucideIcon;
  /** Reached by `g` and this letter. */
  key: string;
  /** `Foot`: below the others, beside the API reference. */
  group: "Work" | "Settings" | "Foot";
  /** Absent: for everybody. */
  roles?: readonly Role[];
  /** Other words that people look for it by. */
  words?: string;
};

/** Who may change links and other content. */
export const EDITORS: readonly Role[] = ["owner", "admin", "editor"];
/** Who may see keys and logs, and change members and the workspace. */
export const ADMINS: readonly Role[] = ["owner", "admin"];

export const PLACES: readonly Place[] = [
  { name: "Start", to: "/start", icon: Rocket, key: "s", group: "Work", words: "first steps home" },
  { name: "Analytics", to: "/analytics", icon: ChartColumn, key: "a", group: "Work", words: "clicks statistics charts map visitors live" },
  { name: "Links", to: "/links", icon: Link2, key: "l", group: "Work", words: "short urls utm" },
  { name: "QR codes", to: "/qr-codes", icon: QrCode, key: "q", group: "Work", words: "designer print scan vcard wifi" },
  { name: "Templates", to: "/templates", icon: Palette, key: "t", group: "Work", words: "presets styles logos" },
  { name: "Bulk", to: "/bulk", icon: FileSpreadsheet, key: "b", group: "Work", words: "csv import upload many" },
  {
    name: "API keys",
    to: "/settings/api-keys",
    icon: KeyRound,
    key: "k",
    group: "Settings",
    roles: ADMINS,
    words: "tokens secrets credentials rotate scopes",
  },
  { name: "Members", to: "/settings/members", icon: UsersRound, key: "m", group: "Settings", words: "people team invitations roles" },
  { name: "Plan & usage", to: "/settings/plan", icon: Gauge, key: "p", group: "Settings", words: "limits quota billing rate" },
  { name: "Audit log", to: "/settings/audit", icon: ScrollText, key: "u", group: "Settings", roles: ADMINS, words: "changes history who trail" },
  { name: "Request log", to: "/settings/requests", icon: SquareTerminal, key: "r", group: "Settings", roles: ADMINS, words: "api calls errors status latency" },
  { name: "Workspace", to: "/settings/workspace", icon: Building2, key: "w", group: "Settings", words: "name time zone prefix new leave" },
  { name: "Profile", to: "/settings/profile", icon: UserRound, key: "i", group: "Settings", words: "account password sessions e-mail theme devices" },
  { name: "Help", to: "/help", icon: LifeBuoy, key: "h", group: "Foot", words: "guides documentation docs how" },
];

export const isAmong = (roles: readonly Role[], role: Role | undefined) => role !== undefined && roles.includes(role);
export const isVisible = (place: Pick<Place, "roles">, role: Role | undefined) => !place.roles || isAmong(place.roles, role);
