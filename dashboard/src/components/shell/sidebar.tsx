// The frame's left edge: workspace, places, person. It folds to pictures; on a phone it is a sheet behind a bar.
import { Link, useNavigate } from "@tanstack/react-router";
import { BookOpen, Check, ChevronsUpDown, LogOut, Menu as MenuIcon, Monitor, Moon, PanelLeft, Plus, Search, Sun, UserRound } from "lucide-react";
import { useState } from "react";
import { logOut, switchWorkspace, useLogin } from "@/api/session";
import { cx } from "@/lib/cx";
import { useShortcut } from "@/lib/shortcuts";
import { setTheme, useTheme, type Theme } from "@/lib/theme";
import { isVisible, PLACES } from "@/nav";
import { IconButton } from "../ui/button";
import { Sheet } from "../ui/dialog";
import { Keys } from "../ui/kbd";
import { Menu, type MenuEntry } from "../ui/menu";
import { Tip } from "../ui/tooltip";
import { Mark } from "./mark";

export type ShellActions = { search: () => void; shortcuts: () => void };
const FOLDED = "tessera.sidebar";

export function Sidebar({ actions }: { actions: ShellActions }) {
  const [isFolded, setFolded] = useState(() => localStorage.getItem(FOLDED) === "folded");
  const fold = () => {
    localStorage.setItem(FOLDED, isFolded ? "open" : "folded");
    setFolded(!isFolded);
  };
  useShortcut("[", "Fold the sidebar", fold, "Everywhere");
  return (
    <aside
      className={cx(
        "sticky top-0 flex h-dvh shrink-0 flex-col border-r border-line bg-ground",
        isFolded ? "w-14" : "w-60",
      )}
    >
      <Inside actions={actions} isFolded={isFolded} onFold={fold} />
    </aside>
  );
}

export function MobileBar({ actions }: { actions: ShellActions }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <header className="sticky top-0 z-20 flex h-12 items-center gap-1 border-b border-line bg-ground/95 px-2 backdrop-blur">
      <IconButton label="Menu" onClick={() => setOpen(true)}>
        <MenuIcon />
      </IconButton>
      <Mark className="ml-1 size-5" />
      <span className="ml-1.5 flex-1 font-semibold tracking-tight">Tessera</span>
      <IconButton label="Search and commands" onClick={actions.search}>
        <Search />
      </IconButton>
      <Sheet isOpen={isOpen} onClose={() => setOpen(false)} title="Menu">
        <Inside actions={actions} onGo={() => setOpen(false)} />
      </Sheet>
    </header>
  );
}

type InsideProps = { actions: ShellActions; isFolded?: boolean; onFold?: () => void; onGo?: () => void };

function Inside({ actions, isFolded, onFold, onGo }: InsideProps) {
  const role = useLogin().workspace?.role;
  const groups = (["Work", "Settings"] as const).map((name) => ({
    name,
    places: PLACES.filter((place) => place.group === name && isVisible(place, role)),
  }));
  return (
    <>
      <div className={cx("flex items-center gap-1 p-2", isFolded && "flex-col")}>
        <WorkspaceSwitch isFolded={isFolded} />
        {onFold && (
          <IconButton label={isFolded ? "Unfold the sidebar" : "Fold the sidebar"} keys="[" size="icon-sm" onClick={onFold}>
            <PanelLeft />
          </IconButton>
        )}
      </div>
      {onFold && !isFolded && (
        <button
          type="button"
          onClick={actions.search}
          className="mx-2 mb-2 flex h-8 items-center gap-2 rounded-md border border-line bg-surface px-2.5 text-sm text-ink-3 hover:border-line-strong"
        >
          <Search className="size-3.5" />
          <span className="flex-1 text-left">Search</span>
          <Keys keys="mod+k" />
        </button>
      )}
      <nav aria-label="Main" className="flex flex-1 flex-col gap-4 overflow-y-auto px-2 py-1">
        {groups
          .filter((group) => group.places.length > 0)
          .map((group) => (
            <div key={group.name} className="flex flex-col gap-px">
              {!isFolded && group.name !== "Work" && <p className="px-2 pb-1 text-2xs font-medium tracking-wide text-ink-3">{group.name}</p>}
              {group.places.map((place) => (
                <PlaceLink key={place.to} place={place} isFolded={isFolded} onGo={onGo} />
              ))}
            </div>
          ))}
      </nav>
      <div className={cx("flex flex-col gap-px border-t border-line p-2")}>
        {PLACES.filter((place) => place.group === "Foot").map((place) => (
          <PlaceLink key={place.to} place={place} isFolded={isFolded} onGo={onGo} />
        ))}
        <a
          href="/api-docs"
          className={cx("flex h-8 items-center gap-2.5 rounded-md px-2 text-sm text-ink-2 hover:bg-hover hover:text-ink", isFolded && "justify-center")}
        >
          <BookOpen className="size-4" />
          <span className={isFolded ? "sr-only" : ""}>API reference</span>
        </a>
        <PersonMenu isFolded={isFolded} actions={actions} />
      </div>
    </>
  );
}

function PlaceLink({ place, isFolded, onGo }: { place: (typeof PLACES)[number]; isFolded?: boolean | undefined; onGo?: (() => void) | undefined }) {
  const Icon = place.icon;
  const link = (
    <Link
      to={place.to}
      {...(onGo ? { onClick: onGo } : {})}
      activeOptions={{ includeSearch: false }}
      className={cx("group flex h-8 items-center gap-2.5 rounded-md px-2 text-sm transition-colors", isFolded && "justify-center")}
      inactiveProps={{ className: "text-ink-2 hover:bg-hover hover:text-ink" }}
      activeProps={{ className: "bg-accent-soft font-medium text-accent-text" }}
    >
      <Icon className="size-4 shrink-0" />
      <span className={isFolded ? "sr-only" : "flex-1"}>{place.name}</span>
    </Link>
  );
  return (
    <Tip text={isFolded ? place.name : "Go there"} keys={`g ${place.key}`}>
      {link}
    </Tip>
  );
}

function WorkspaceSwitch({ isFolded }: { isFolded: boolean | undefined }) {
  const { workspace, workspaces } = useLogin();
  const navigate = useNavigate();
  const entries: MenuEntry[] = workspaces.map((one) => ({
    label: one.name,
    run: () => void (one.id !== workspace?.id && switchWorkspace(one.id)),
    aside: one.id === workspace?.id ? <Check aria-label="the present one" /> : <span className="text-xs text-ink-3">{one.role}</span>,
  }));
  entries.push("line", { label: "New workspace", icon: <Plus />, run: () => void navigate({ to: "/settings/workspace", search: { new: true } }) });
  return (
    <Menu align="start" entries={entries}>
      <button type="button" className="flex h-9 min-w-0 flex-1 items-center gap-2 rounded-md px-1.5 text-left hover:bg-hover">
        <Mark className="size-5 shrink-0" />
        {isFolded ? (
          <span className="sr-only">Workspace {workspace?.name}</span>
        ) : (
          <>
            <span className="flex-1 truncate text-sm font-semibold tracking-tight">{workspace?.name ?? "No workspace"}</span>
            <ChevronsUpDown className="size-3.5 shrink-0 text-ink-3" />
          </>
        )}
      </button>
    </Menu>
  );
}

const THEMES: [Theme, string, typeof Sun][] = [
  ["light", "Light", Sun],
  ["dark", "Dark", Moon],
  ["system", "As the system", Monitor],
];

function PersonMenu({ isFolded, actions }: { isFolded: boolean | undefined; actions: ShellActions }) {
  const { user, workspace } = useLogin();
  const theme = useTheme();
  const navigate = useNavigate();
  const entries: MenuEntry[] = [
    { label: "Profile", icon: <UserRound />, run: () => void navigate({ to: "/settings/profile" }), aside: <Keys keys="g i" /> },
    "line",
    ...THEMES.map(([value, label, Icon]) => ({
      label,
      icon: <Icon />,
      run: () => setTheme(value),
      aside: theme === value ? <Check aria-label="chosen" /> : undefined,
    })),
    "line",
    { label: "Keyboard shortcuts", run: actions.shortcuts, aside: <Keys keys="?" /> },
    "line",
    { label: "Log out", icon: <LogOut />, run: () => void logOut() },
  ];
  return (
    <Menu align="start" entries={entries}>
      <button type="button" className={cx("flex h-10 min-w-0 items-center gap-2.5 rounded-md px-1.5 text-left hover:bg-hover", isFolded && "justify-center")}>
        <span aria-hidden className="grid size-6 shrink-0 place-items-center rounded-full bg-accent-soft text-2xs font-semibold text-accent-text">
          {(user.name || user.email).slice(0, 1).toUpperCase()}
        </span>
        <span className={isFolded ? "sr-only" : "min-w-0 flex-1"}>
          <span className="block truncate text-sm leading-4 font-medium">{user.name}</span>
          <span className="block truncate text-2xs text-ink-3">{workspace?.role ?? user.email}</span>
        </span>
      </button>
    </Menu>
  );
}
