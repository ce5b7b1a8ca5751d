// Short words at the edge: what was done, and a way back. They wait while somebody points at them.
import { CircleAlert, CircleCheck, X } from "lucide-react";
import { Toast } from "radix-ui";
import { useSyncExternalStore } from "react";
import { problemOf } from "@/api/problem";
import { IconButton } from "./button";

type Note = { id: number; text: string; detail?: string | undefined; isBad?: boolean; undo?: () => void };

const STAYS_MS = 6_000;
let notes: readonly Note[] = [];
let count = 0;
const listeners = new Set<() => void>();

function change(next: readonly Note[]) {
  notes = next;
  for (const tell of listeners) tell();
}

export function toast(text: string, more: Omit<Note, "id" | "text"> = {}) {
  change([...notes.slice(-2), { id: ++count, text, ...more }]);
}

/** What went wrong in something that has no place of its own on the page. */
export function toastError(what: string, error: unknown) {
  const problem = problemOf(error);
  const first = problem.errors?.[0]?.message;
  toast(what, { isBad: true, detail: `${first ?? problem.detail}${problem.request_id ? ` · ${problem.request_id}` : ""}` });
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => notes,
  );
  return (
    <Toast.Provider duration={STAYS_MS} label="Notice">
      {shown.map((note) => (
        <Toast.Root
          key={note.id}
          type={note.isBad ? "foreground" : "background"}
          onOpenChange={(open) => !open && change(notes.filter((one) => one.id !== note.id))}
          className="flex w-full animate-rise items-start gap-2.5 rounded-lg bg-surface p-3 shadow-pop"
        >
          {note.isBad ? <CircleAlert className="mt-0.5 size-4 shrink-0 text-bad" /> : <CircleCheck className="mt-0.5 size-4 shrink-0 text-good" />}
          <div className="min-w-0 flex-1">
            <Toast.Title className="text-sm font-medium">{note.text}</Toast.Title>
            {note.detail && <Toast.Description className="mt-0.5 text-xs break-words text-ink-2">{note.detail}</Toast.Description>}
          </div>
          {note.undo && (
            <Toast.Action asChild altText="Undo">
              <button type="button" onClick={note.undo} className="rounded px-1.5 text-sm font-medium text-accent-text hover:bg-hover">
                Undo
              </button>
            </Toast.Action>
          )}
          <Toast.Close asChild>
            <IconButton label="Dismiss" size="icon-sm" className="-my-1 -mr-1">
              <X />
            </IconButton>
          </Toast.Close>
        </Toast.Root>
      ))}
      <Toast.Viewport className="fixed right-4 bottom-4 z-70 flex w-[calc(100vw-2rem)] max-w-sm flex-col gap-2 outline-none" />
    </Toast.Provider>
  );
}
