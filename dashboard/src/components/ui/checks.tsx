// Checkbox, switch, and one of a few side by side.
import { Check, Minus } from "lucide-react";
import { Checkbox as Box, RadioGroup, Switch as Toggle } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cx } from "@/lib/cx";

export function Checkbox({ className, ...rest }: ComponentProps<typeof Box.Root>) {
  return (
    <Box.Root
      {...rest}
      className={cx(
        "group grid size-4 shrink-0 place-items-center rounded-sm border border-line-strong bg-surface text-accent-ink hover:border-ink-3",
        "data-[state=checked]:border-accent data-[state=checked]:bg-accent data-[state=indeterminate]:border-accent data-[state=indeterminate]:bg-accent disabled:opacity-50",
        className,
      )}
    >
      <Box.Indicator>
        <Check className="hidden size-3 stroke-3 group-data-[state=checked]:block" />
        <Minus className="hidden size-3 stroke-3 group-data-[state=indeterminate]:block" />
      </Box.Indicator>
    </Box.Root>
  );
}

export function CheckLine({ label, hint, ...rest }: ComponentProps<typeof Box.Root> & { label: ReactNode; hint?: ReactNode }) {
  return (
    <label className="flex items-start gap-2 text-sm">
      <Checkbox {...(typeof label === "string" ? { "aria-label": label } : {})} {...rest} className="mt-0.5" />
      <span>
        {label}
        {hint && <span className="block text-xs text-ink-3">{hint}</span>}
      </span>
    </label>
  );
}

export function Switch({ label, hint, ...rest }: ComponentProps<typeof Toggle.Root> & { label: string; hint?: string }) {
  return (
    <label className="flex items-center justify-between gap-4 text-sm">
      <span>
        {label}
        {hint && <span className="block text-xs text-ink-3">{hint}</span>}
      </span>
      <Toggle.Root {...rest} aria-label={label} className="relative h-5 w-9 shrink-0 rounded-full bg-line-strong transition-colors data-[state=checked]:bg-accent">
        <Toggle.Thumb className="block size-4 translate-x-0.5 rounded-full bg-white shadow-sm transition-transform data-[state=checked]:translate-x-4.5" />
      </Toggle.Root>
    </label>
  );
}

type Choice<T extends string> = { value: T; label: ReactNode; hint?: string };

/** One of a few short words, in one line where there is room. */
export function Segments<T extends string>(props: {
  label: string;
  value: T;
  options: readonly Choice<T>[];
  onChange: (value: T) => void;
}) {
  return (
    <RadioGroup.Root
      aria-label={props.label}
      value={props.value}
      onValueChange={(value) => props.onChange(value as T)}
      className="inline-flex max-w-full flex-wrap rounded-md border border-line bg-sunken p-0.5"
    >
      {props.options.map((option) => (
        <RadioGroup.Item
          key={option.value}
          value={option.value}
          className="flex h-6.5 grow items-center justify-center rounded-[5px] whitespace-nowrap border border-transparent px-2.5 text-xs text-ink-2 transition-colors hover:text-ink data-[state=checked]:border-line data-[state=checked]:bg-surface data-[state=checked]:font-medium data-[state=checked]:text-ink"
        >
          {option.label}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}

/** One of a few that need a sentence each. */
export function Cards<T extends string>(props: {
  label: string;
  value: T;
  options: readonly Choice<T>[];
  onChange: (value: T) => void;
}) {
  return (
    <RadioGroup.Root
      aria-label={props.label}
      value={props.value}
      onValueChange={(value) => props.onChange(value as T)}
      className="grid gap-2"
    >
      {props.options.map((option) => (
        <RadioGroup.Item
          key={option.value}
          value={option.value}
          className="group flex items-start gap-2.5 rounded-lg border border-line-strong px-3 py-2 text-left transition-colors hover:bg-hover data-[state=checked]:border-accent data-[state=checked]:bg-accent-soft"
        >
          <span className="mt-0.5 grid size-4 shrink-0 place-items-center rounded-full border border-line-strong bg-surface group-data-[state=checked]:border-accent">
            <span className="size-2 rounded-full bg-accent opacity-0 group-data-[state=checked]:opacity-100" />
          </span>
          <span>
            <span className="block text-sm font-medium">{option.label}</span>
            {option.hint && <span className="block text-xs text-ink-2">{option.hint}</span>}
          </span>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
