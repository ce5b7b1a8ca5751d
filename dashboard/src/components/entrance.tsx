// What the pages before the login have in common: the mark, a title, a box, a word below it.
import { useEffect, type ReactNode } from "react";
import { Mark } from "./shell/mark";

export function Entrance({ title, below, children }: { title: string; below: ReactNode; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Tessera`;
  }, [title]);
  return (
    <main className="grid min-h-dvh place-items-center p-5">
      <div className="w-full max-w-sm">
        <div className="mb-6 flex flex-col items-center gap-3 text-center">
          <Mark className="size-9" />
          <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        </div>
        <div className="rounded-xl border border-line bg-surface p-6">{children}</div>
        <div className="mt-4 flex flex-col gap-2 text-center text-xs text-balance text-ink-3">{below}</div>
      </div>
    </main>
  );
}
