// Keys. One at a time (`c`) or one after the other (`g l`); never while somebody types, never with a modifier but for
// those that name one (`mod+k`, `mod+shift+z`). Who registers a key also says what it does: the list under `?` is made of that.
import { useEffect, useRef, useSyncExternalStore } from "react";

export type Shortcut = { keys: string; does: string; group: string };
type Bound = Shortcut & { run: () => void };

const SEQUENCE_MS = 900;
let bound: readonly Bound[] = [];
let before = "";
let timer = 0;
const listeners = new Set<() => void>();

function change(next: readonly Bound[]) {
  bound = next;
  for (const tell of listeners) tell();
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** A dialog has the keyboard to itself. */
const isCovered = () => document.querySelector('[role="dialog"],[role="alertdialog"],[role="menu"]') !== null;

addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey) {
    const pressed = `mod+${event.shiftKey ? "shift+" : ""}${event.key.toLowerCase()}`;
    const found = bound.findLast((one) => one.keys === pressed);
    // Only the palette comes also while one types: in a field, undo is the field's own.
    if (found && (pressed === "mod+k" || !(isTyping(event.target) || isCovered()))) {
      event.preventDefault();
      found.run();
    }
    return;
  }
  if (event.altKey || event.repeat || isTyping(event.target) || isCovered()) return;
  const typed = before ? `${before} ${event.key}` : event.key;
  before = "";
  clearTimeout(timer);
  const found = bound.findLast((one) => one.keys === typed);
  if (found) {
    event.preventDefault();
    found.run();
  } else if (bound.some((one) => one.keys.startsWith(`${event.key} `))) {
    before = event.key;
    timer = setTimeout(() => (before = ""), SEQUENCE_MS) as unknown as number;
  }
});

export function useShortcut(keys: string, does: string, run: () => void, group = "This page") {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    const mine: Bound = { keys, does, group, run: () => latest.current() };
    change([...bound, mine]);
    return () => change(bound.filter((one) => one !== mine));
  }, [keys, does, group]);
}

export const useShortcuts = (): readonly Shortcut[] =>
  useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => bound,
  );
