// The command palette: places, things to do, and links found by the server while one types.
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { BookOpen, CornerDownLeft, Keyboard, LifeBuoy, Link2, LogOut, Moon, Plus, Sun, UserRoundPlus } from "lucide-react";
import { Dialog } from "radix-ui";
import { useDeferredValue, useEffect, useId, useRef, useState, type ReactNode } from "react";
import { api, must } from "@/api/client";
import { logOut, useLogin } from "@/api/session";
import { cx } from "@/lib/cx";
import { setTheme } from "@/lib/theme";
import { ADMINS, EDITORS, isAmong, isVisible, PLACES } from "@/nav";
import { GUIDES, SLUGS } from "@/pages/help/guides";
import { Keys } from "../ui/kbd";

type Command = { id: string; name: string; words?: string | undefined; about?: string; icon: ReactNode; keys?: string; group: string; run: () => void };
const FOUND_MAX = 6;

export default function Palette({ onClose, onShortcuts }: { onClose: () => void; onShortcuts: () => void }) {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const commands = useCommands(onShortcuts);
  const found = useFoundLinks(typed);
  const wanted = typed.trim().toLowerCase();
  const shown = [...commands.filter((one) => `${one.name} ${one.words ?? ""}`.toLowerCase().includes(wanted)), ...found];
  const chosen = Math.min(at, shown.length - 1);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  const step = (by: number) => setAt((chosen + by + shown.length) % Math.max(1, shown.length));
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-fade bg-black/35 dark:bg-black/60" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-[14vh] left-1/2 z-50 w-[calc(100vw-2rem)] max-w-xl -translate-x-1/2 animate-fade overflow-hidden rounded-xl bg-surface shadow-pop outline-none"
        >
          <Dialog.Title className="sr-only">Search and commands</Dialog.Title>
          <input
            role="combobox"
            aria-expanded
            aria-controls={id}
            aria-activedescendant={shown[chosen] ? `${id}-${chosen}` : undefined}
            aria-label="Search and commands"
            placeholder="Find a link, go somewhere, do something…"
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value);
              setAt(0);
            }}
            onKeyDown={(event) => {
              if (event.key === "ArrowDown") step(1);
              else if (event.key === "ArrowUp") step(-1);
              else if (event.key === "Enter") run(shown[chosen]);
              else return;
              event.preventDefault();
            }}
            className="h-12 w-full border-b border-line bg-transparent px-4 text-base outline-none"
          />
          <div ref={list} id={id} role="listbox" aria-label="Results" className="max-h-80 overflow-y-auto p-1.5">
            {shown.map((command, index) => (
              <div key={command.id}>
                {command.group !== shown[index - 1]?.group && <p className="px-2.5 pt-2 pb-1 text-2xs font-medium text-ink-3">{command.group}</p>}
                <Result id={`${id}-${index}`} command={command} isChosen={index === chosen} onPoint={() => setAt(index)} onRun={() => run(command)} />
              </div>
            ))}
            {shown.length === 0 && <p className="px-3 py-8 text-center text-sm text-ink-3">Nothing is called “{typed}”.</p>}
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

type ResultProps = { id: string; command: Command; isChosen: boolean; onPoint: () => void; onRun: () => void };

function Result({ id, command, isChosen, onPoint, onRun }: ResultProps) {
  return (
    <div
      role="option"
      id={id}
      aria-selected={isChosen}
      onMouseMove={onPoint}
      onClick={onRun}
      className={cx("flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 text-sm [&_svg]:size-4 [&_svg]:text-ink-3", isChosen && "bg-hover")}
    >
      {command.icon}
      <span className="shrink-0">{command.name}</span>
      <span className="min-w-0 flex-1 truncate text-xs text-ink-3">{command.about}</span>
      {command.keys && <Keys keys={command.keys} />}
      {isChosen && !command.keys && <CornerDownLeft aria-hidden />}
    </div>
  );
}

function useCommands(onShortcuts: () => void): Command[] {
  const navigate = useNavigate();
  const role = useLogin().workspace?.role;
  const places = PLACES.filter((place) => isVisible(place, role)).map((place) => ({
    id: place.to,
    name: place.name,
    words: place.words,
    icon: <place.icon />,
    keys: `g ${place.key}`,
    group: "Go to",
    run: () => void navigate({ to: place.to }),
  }));
  const doing: (Command | false)[] = [
    isAmong(EDITORS, role) && {
      id: "new-link",
      name: "Create a link",
      words: "new short url",
      icon: <Plus />,
      group: "Do",
      run: () => void navigate({ to: "/links", search: { new: true } }),
    },
    isAmong(ADMINS, role) && {
      id: "invite",
      name: "Invite somebody",
      words: "new member person team",
      icon: <UserRoundPlus />,
      group: "Do",
      run: () => void navigate({ to: "/settings/members", search: { new: true } }),
    },
    isAmong(ADMINS, role) && {
      id: "new-key",
      name: "Create an API key",
      words: "new token secret",
      icon: <Plus />,
      group: "Do",
      run: () => void navigate({ to: "/settings/api-keys", search: { new: true } }),
    },
    { id: "light", name: "Light theme", icon: <Sun />, group: "Do", run: () => setTheme("light") },
    { id: "dark", name: "Dark theme", icon: <Moon />, group: "Do", run: () => setTheme("dark") },
    { id: "keys", name: "Keyboard shortcuts", icon: <Keyboard />, keys: "?", group: "Do", run: onShortcuts },
    { id: "reference", name: "API reference", words: "docs documentation", icon: <BookOpen />, group: "Do", run: () => location.assign("/api-docs") },
    { id: "out", name: "Log out", words: "sign out leave", icon: <LogOut />, group: "Do", run: () => void logOut() },
  ];
  const guides = SLUGS.map((slug) => ({
    id: `help-${slug}`,
    name: GUIDES[slug].title,
    words: `guide help how ${GUIDES[slug].about}`,
    icon: <LifeBuoy />,
    group: "Guides",
    run: () => void navigate({ to: "/help/$slug", params: { slug } }),
  }));
  return [...places, ...doing.filter((one) => one !== false), ...guides];
}

function useFoundLinks(typed: string): Command[] {
  const navigate = useNavigate();
  const search = useDeferredValue(typed.trim());
  const found = useQuery({
    queryKey: ["links", "found", search],
    queryFn: ({ signal }) => must(api.GET("/v1/links", { params: { query: { search, limit: FOUND_MAX } }, signal })),
    enabled: search.length > 1,
    placeholderData: (before) => before,
  });
  if (search.length < 2) return [];
  return (found.data?.data ?? []).map((link) => ({
    id: link.id,
    name: link.title ?? link.alias,
    about: link.short_url.replace(/^https?:\/\//, ""),
    icon: <Link2 />,
    group: "Links",
    run: () => void navigate({ to: "/links/$id", params: { id: link.id } }),
  }));
}
