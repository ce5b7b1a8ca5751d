// Keys as they stand on the keyboard.
import { cx } from "@/lib/cx";

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);
const NAMES: Record<string, string> = { mod: isMac ? "⌘" : "Ctrl", enter: "↵", escape: "Esc" };

export function Keys({ keys, onDark }: { keys: string; onDark?: boolean }) {
  return (
    <span className="inline-flex gap-0.5">
      {keys.split(/[ +]/).map((key, at) => (
        <kbd
          key={at}
          className={cx(
            "min-w-4.5 rounded-sm px-1 text-center font-sans text-2xs leading-4.5",
            onDark ? "bg-surface/20 text-surface" : "border border-line bg-sunken text-ink-3",
          )}
        >
          {NAMES[key] ?? key.toUpperCase()}
        </kbd>
      ))}
    </span>
  );
}
