// Several of many, as chips: typing narrows the list down, Enter takes the marked one, Backspace gives the last one back.
import { X } from "lucide-react";
import { useEffect, useId, useLayoutEffect, useRef, useState, type RefObject } from "react";
import { flushSync } from "react-dom";
import { found, type Choice } from "@/lib/choices";
import { cx } from "@/lib/cx";
import { useWires } from "./ui/field";

type Props = {
  value: string[];
  onChange: (value: string[]) => void;
  choices: readonly Choice[];
  /** Said where nothing is chosen: what that means. */
  placeholder: string;
  /** What a typed text, or a value that is no choice, stands for. */
  other?: (text: string) => Choice | undefined;
  autoFocus?: boolean | undefined;
};

export function ChipsField({ value, onChange, choices, placeholder, other, autoFocus }: Props) {
  const [typed, setTyped] = useState("");
  const [isOpen, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const wires = useWires();
  const shown = isOpen ? found(choices, typed, other).filter((one) => !value.includes(one.value)) : [];
  const close = () => (setOpen(false), setTyped(""), setAt(0));
  const take = (choice: Choice | undefined) => {
    if (choice) onChange([...value, choice.value]);
    setTyped("");
    setAt(0);
  };
  /** What is typed out counts; half a word is nothing. */
  const leave = () => {
    const whole = typed.trim().toLowerCase();
    take(shown.find((one) => one.name.toLowerCase() === whole || one.value.toLowerCase() === whole));
    close();
  };
  const step = (by: number) => (isOpen ? setAt((at + by + shown.length) % Math.max(1, shown.length)) : setOpen(true));
  const remove = (gone: string) => {
    onChange(value.filter((one) => one !== gone));
    input.current?.focus();
  };
  const latest = useRef({ leave, close });
  useLayoutEffect(() => {
    latest.current = { leave, close };
  });
  useEscape(isOpen, latest);
  return (
    <div className="relative">
      <div
        onClick={() => input.current?.focus()}
        className="flex min-h-8 cursor-text flex-wrap items-center gap-1 rounded-md border border-line-strong bg-surface px-1 py-0.5 text-sm transition-colors duration-100 focus-within:border-accent focus-within:outline-2 focus-within:outline-accent/35 hover:border-ink-3 has-aria-invalid:border-bad"
      >
        {value.map((one) => (
          <Chip key={one} name={nameOf(choices, one, other)} onRemove={() => remove(one)} />
        ))}
        <input
          {...wires}
          ref={input}
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={shown.length > 0}
          aria-controls={shown.length > 0 ? id : undefined}
          aria-activedescendant={shown[at] ? `${id}-${at}` : undefined}
          autoComplete="off"
          autoFocus={autoFocus}
          spellCheck={false}
          value={typed}
          placeholder={value.length === 0 ? placeholder : undefined}
          onClick={() => setOpen(true)}
          onChange={(event) => (setTyped(event.target.value), setOpen(true), setAt(0))}
          // Later, because a dialog takes the focus for lost where something vanishes between two fields; and then at once,
          // because what is typed into the next field must not be put upon what was there before.
          onBlur={() => setTimeout(() => flushSync(() => latest.current.leave()))}
          onKeyDown={(event) => {
            if (event.key === "ArrowDown" && !event.altKey) step(1);
            else if (event.key === "ArrowUp" && !event.altKey) step(-1);
            else if (event.key === "Enter" && isOpen) take(shown[at]);
            else if (event.key === "Backspace" && typed === "") return onChange(value.slice(0, -1));
            else return;
            event.preventDefault();
          }}
          className="h-6 min-w-8 flex-1 bg-transparent px-1.5 text-sm text-ink outline-none"
        />
      </div>
      {isOpen && <List id={id} shown={shown} at={at} typed={typed} onPoint={setAt} onTake={take} />}
    </div>
  );
}

const nameOf = (choices: readonly Choice[], value: string, other: Props["other"]) =>
  (choices.find((one) => one.value === value) ?? other?.(value))?.name ?? value;

/** Before the dialog around it hears of it, which would close. */
function useEscape(isOpen: boolean, latest: RefObject<{ close: () => void }>) {
  useEffect(() => {
    if (!isOpen) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      latest.current.close();
    };
    window.addEventListener("keydown", onKey, { capture: true });
    return () => window.removeEventListener("keydown", onKey, { capture: true });
  }, [isOpen, latest]);
}

const Chip = ({ name, onRemove }: { name: string; onRemove: () => void }) => (
  <span className="inline-flex h-6 max-w-full items-center rounded-md border border-line bg-sunken pl-2 text-xs">
    <span className="truncate">{name}</span>
    <button type="button" aria-label={`Remove ${name}`} onClick={onRemove} className="grid size-6 shrink-0 place-items-center rounded-md text-ink-3 hover:text-ink">
      <X className="size-3" />
    </button>
  </span>
);

type ListProps = { id: string; shown: readonly Choice[]; at: number; typed: string; onPoint: (at: number) => void; onTake: (choice: Choice) => void };

function List({ id, shown, at, typed, onPoint, onTake }: ListProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.scrollIntoView({ block: "nearest" });
  }, []);
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [at]);
  const look = "absolute inset-x-0 top-full z-10 mt-1 scroll-my-4 rounded-lg bg-surface shadow-pop";
  if (shown.length === 0)
    return (
      <p role="status" className={cx(look, "px-3 py-2.5 text-xs text-ink-3")}>
        {typed ? `Nothing is called “${typed.trim()}”.` : "All are chosen."}
      </p>
    );
  return (
    // The focus stays where one types: a list that can be scrolled would be a stop of its own for Tab.
    <div ref={list} id={id} role="listbox" tabIndex={-1} aria-label="Suggestions" onMouseDown={(event) => event.preventDefault()} className={cx(look, "max-h-56 overflow-y-auto p-1")}>
      {shown.map((choice, index) => (
        <div
          key={choice.value}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === at}
          onMouseMove={() => onPoint(index)}
          onClick={() => onTake(choice)}
          className={cx("flex min-h-8 cursor-pointer items-center justify-between gap-3 rounded-md px-2 py-1 text-sm", index === at && "bg-hover")}
        >
          <span className="min-w-0 truncate">{choice.name}</span>
          {choice.code && <span className="shrink-0 text-xs text-ink-3">{choice.code}</span>}
        </div>
      ))}
    </div>
  );
}
