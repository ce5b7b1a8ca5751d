// A menu at a button. An entry that cannot be chosen says why, in a line of its own. Until it is opened for the first
// time there is only the button: a table has a menu in every row, and nearly none is ever opened.
import { DropdownMenu as Drop, Slot } from "radix-ui";
import { useState, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";
import { cx } from "@/lib/cx";

export type MenuEntry =
  | {
      label: string;
      icon?: ReactNode;
      run: () => void;
      isDanger?: boolean;
      why?: string | undefined;
      aside?: ReactNode;
    }
  | "line";

export const menuLook = "z-60 min-w-44 animate-rise rounded-lg bg-surface p-1 shadow-pop";
export const menuItemLook =
  "flex w-full cursor-pointer select-none items-center gap-2 rounded-md px-2 py-1.5 text-sm outline-none " +
  "data-[highlighted]:bg-hover data-[disabled]:cursor-not-allowed data-[disabled]:text-ink-3 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-ink-3";

type MenuProps = { children: ReactNode; entries: MenuEntry[]; align?: "start" | "end" };

export function Menu(props: MenuProps) {
  const [isUsed, setUsed] = useState(false);
  if (isUsed) return <UsedMenu {...props} />;
  const use = (event: { preventDefault: () => void }) => {
    // The button is about to be another one: what follows this event is not for it.
    event.preventDefault();
    setUsed(true);
  };
  return (
    <Slot.Root
      aria-haspopup="menu"
      aria-expanded={false}
      onPointerDown={(event: PointerEvent) => event.button === 0 && !event.ctrlKey && use(event)}
      onKeyDown={(event: KeyboardEvent) => ["Enter", " ", "ArrowDown"].includes(event.key) && use(event)}
    >
      {props.children}
    </Slot.Root>
  );
}

function UsedMenu({ children, entries, align = "end" }: MenuProps) {
  return (
    <Drop.Root modal={false} defaultOpen>
      <Drop.Trigger asChild>{children}</Drop.Trigger>
      <Drop.Portal>
        <Drop.Content align={align} sideOffset={4} collisionPadding={8} className={menuLook}>
          {entries.map((entry, at) =>
            entry === "line" ? (
              <Drop.Separator key={at} className="mx-1 my-1 h-px bg-line" />
            ) : (
              <Drop.Item
                key={entry.label}
                disabled={entry.why !== undefined}
                onSelect={entry.run}
                className={cx(menuItemLook, entry.isDanger && "text-bad data-[highlighted]:bg-bad-soft [&_svg]:text-bad")}
              >
                {entry.icon}
                <span className="flex-1">
                  {entry.label}
                  {entry.why && <span className="block max-w-52 text-xs text-ink-3">{entry.why}</span>}
                </span>
                {entry.aside}
              </Drop.Item>
            ),
          )}
        </Drop.Content>
      </Drop.Portal>
    </Drop.Root>
  );
}
