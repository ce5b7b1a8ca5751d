// Where one can go: the sidebar, the palette and the `g …` keys are all made of this list. A page that a role may not
// see is in none of them. Add a page here and in `routes.tsx`, nowhere else.
import { ChartColumn, KeyRound, Link2, Rocket, type LucideIcon } from "lucide-react";
import type { Schemas } from "@/api/client";

export type Role = Schemas["Role"];

export type Place = {
  name: string;
  to: "/start" | "/analytics" | "/links" | "/settings/api-keys";
  icon: LucideIcon;
  /** Reached by `g` and this letter. */
  key: string;
  group: "Work" | "Settings";
  /** Absent: for everybody. */
  roles?: readonly Role[];
  /** Other words that people look for it by. */
  words?: string;
};

export const PLACES: readonly Place[] = [
  { name: "Start", to: "/start", icon: Rocket, key: "s", group: "Work", words: "first steps help home" },
  { name: "Analytics", to: "/analytics", icon: ChartColumn, key: "a", group: "Work", words: "clicks statistics charts map visitors live" },
  { name: "Links", to: "/links", icon: Link2, key: "l", group: "Work", words: "short urls utm" },
  {
    name: "API keys",
    to: "/settings/api-keys",
    icon: KeyRound,
    key: "k",
    group: "Settings",
    roles: ["owner", "admin"],
    words: "tokens secrets credentials rotate scopes",
  },
];

/** Who may change links and other content. */
export const EDITORS: readonly Role[] = ["owner", "admin", "editor"];
export const isVisible = (place: Pick<Place, "roles">, role: Role | undefined) =>
  !place.roles || (role !== undefined && place.roles.includes(role));
