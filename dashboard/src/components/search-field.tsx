// Searching while one types; the address follows when one pauses.
import { Search, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { cx } from "@/lib/cx";
import { useShortcut } from "@/lib/shortcuts";
import { controlLook } from "./ui/field";

const PAUSE_MS = 250;

export function SearchField({ label, value, onChange }: { label: string; value: string; onChange: (text: string) => void }) {
  const [typed, setTyped] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef(0);
  useEffect(() => setTyped(value), [value]);
  useShortcut("f", label, () => input.current?.focus());
  const change = (text: string) => {
    setTyped(text);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => onChange(text.trim()), PAUSE_MS);
  };
  return (
    <div className="relative min-w-48 flex-1 max-sm:basis-full">
      <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-3" />
      <input ref={input} type="text" role="searchbox" aria-label={label} placeholder={label} value={typed} onChange={(event) => change(event.target.value)} className={cx("h-8 pr-8 pl-8.5!", controlLook)} />
      {typed && (
        <button type="button" aria-label="Clear the search" onClick={() => change("")} className="absolute top-1.5 right-1.5 grid size-5 place-items-center rounded text-ink-3 hover:bg-hover hover:text-ink">
          <X className="size-3.5" />
        </button>
      )}
    </div>
  );
}
