// A labelled field: hint below, or what is wrong in the server's words. The label, the hint and the error belong to
// the control by id, so a screen reader reads what an eye sees.
import { createContext, useContext, useId, type ComponentProps, type ReactNode } from "react";
import { cx } from "@/lib/cx";

type Wiring = { id: string; hintId: string; isWrong: boolean; isDescribed: boolean };
const Wires = createContext<Wiring | null>(null);

/** What a control says of itself: which label, hint and error are its own. */
export const useWires = () => {
  const wires = useContext(Wires);
  return wires
    ? {
        id: wires.id,
        "aria-invalid": wires.isWrong || undefined,
        "aria-describedby": wires.isDescribed ? wires.hintId : undefined,
      }
    : {};
};

type FieldProps = {
  label: ReactNode;
  hint?: ReactNode;
  wrong?: string | undefined;
  /** Stands at the right of the label. */
  aside?: ReactNode;
  isOptional?: boolean;
  className?: string;
  children: ReactNode;
};

function useWiring(wrong: string | undefined, hint: ReactNode): Wiring {
  const id = useId();
  return { id, hintId: `${id}-hint`, isWrong: wrong !== undefined, isDescribed: Boolean(wrong ?? hint) };
}

export function Field({ label, hint, wrong, aside, isOptional, className, children }: FieldProps) {
  const wires = useWiring(wrong, hint);
  return (
    <Wires value={wires}>
      <div className={cx("flex flex-col gap-1.5", className)}>
        <div className="flex items-baseline justify-between gap-2">
          <label htmlFor={wires.id} className="text-sm font-medium text-ink">
            {label} {isOptional && <span className="ml-0.5 font-normal text-ink-3">optional</span>}
          </label>
          {aside && <span className="text-xs text-ink-3">{aside}</span>}
        </div>
        {children}
        <Words id={wires.hintId} wrong={wrong} hint={hint} />
      </div>
    </Wires>
  );
}

/** A field that is a part of a sentence: its label stands before it, as the words do. */
export function FieldInLine({ label, wrong, className, children }: Pick<FieldProps, "label" | "wrong" | "className" | "children">) {
  const wires = useWiring(wrong, undefined);
  return (
    <Wires value={wires}>
      <div className={cx("flex min-w-0 items-start gap-2", className)}>
        <label htmlFor={wires.id} className="flex min-h-8 shrink-0 items-center text-sm text-ink-2">
          {label}
        </label>
        <div className="flex min-w-0 flex-1 flex-col gap-1">
          {children}
          <Words id={wires.hintId} wrong={wrong} />
        </div>
      </div>
    </Wires>
  );
}

const Words = ({ id, wrong, hint }: { id: string; wrong: string | undefined; hint?: ReactNode }) =>
  (wrong ?? hint) && (
    <p id={id} role={wrong ? "alert" : undefined} className={cx("text-xs", wrong ? "text-bad" : "text-ink-3")}>
      {wrong ?? hint}
    </p>
  );

export const controlLook =
  "w-full rounded-md border border-line-strong bg-surface px-2.5 text-sm text-ink transition-colors duration-100 " +
  "hover:border-ink-3 focus-visible:border-accent focus-visible:outline-2 focus-visible:outline-offset-0 " +
  "focus-visible:outline-accent/35 aria-invalid:border-bad disabled:opacity-60 disabled:bg-sunken";

export const Input = ({ className, ...rest }: ComponentProps<"input">) => (
  <input {...useWires()} autoComplete="off" {...rest} className={cx("h-8", controlLook, className)} />
);

export const TextArea = ({ className, ...rest }: ComponentProps<"textarea">) => (
  <textarea {...useWires()} rows={3} {...rest} className={cx("py-1.5", controlLook, className)} />
);

export const Select = ({ className, children, ...rest }: ComponentProps<"select">) => (
  <select {...useWires()} {...rest} className={cx("h-8 truncate pr-7!", controlLook, "arrowed", className)}>
    {children}
  </select>
);

/** Something before the control, inside its border: a host, a unit. */
export function Affixed({ before, children }: { before: ReactNode; children: ReactNode }) {
  return (
    <div className="flex items-stretch [&_input]:rounded-l-none">
      <span className="flex max-w-[55%] shrink-0 items-center truncate rounded-l-md border border-r-0 border-line-strong bg-sunken px-2.5 text-sm text-ink-3">
        {before}
      </span>
      {children}
    </div>
  );
}
