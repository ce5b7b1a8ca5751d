// Buttons. One that cannot be pressed says why: it stays focusable, and `why` is its tooltip and its description.
import { Slot } from "radix-ui";
import { useId, type ComponentProps, type ReactNode } from "react";
import { cx } from "@/lib/cx";
import { Tip } from "./tooltip";

const LOOKS = {
  primary: "bg-accent text-accent-ink hover:bg-accent-hover border border-transparent font-medium",
  plain: "bg-surface text-ink border border-line-strong hover:bg-hover",
  quiet: "text-ink-2 hover:bg-hover hover:text-ink border border-transparent",
  danger: "bg-bad text-surface hover:bg-bad-hover border border-transparent font-medium",
};
const SIZES = {
  md: "h-8 px-3 gap-1.5 text-sm",
  sm: "h-7 px-2 gap-1.5 text-xs",
  icon: "size-8 justify-center",
  "icon-sm": "size-7 justify-center",
};

type Props = ComponentProps<"button"> & {
  look?: keyof typeof LOOKS;
  size?: keyof typeof SIZES;
  /** Draws the only child (a link) as a button. */
  asChild?: boolean;
  /** Why it cannot be pressed right now. Absent: it can. */
  why?: string | undefined;
  isBusy?: boolean;
  icon?: ReactNode;
};

export const buttonLook = (look: keyof typeof LOOKS = "plain", size: keyof typeof SIZES = "md") =>
  cx(
    "inline-flex shrink-0 select-none items-center rounded-md whitespace-nowrap transition-colors duration-100",
    "aria-disabled:opacity-55 [&_svg]:size-4 [&_svg]:shrink-0",
    LOOKS[look],
    SIZES[size],
  );

export function Button({ look, size, asChild, why, isBusy, icon, className, children, onClick, ...rest }: Props) {
  const id = useId();
  const isOff = why !== undefined || isBusy;
  const Root = asChild ? Slot.Root : "button";
  const button = (
    <Root
      {...(asChild ? {} : { type: "button" as const })}
      {...rest}
      className={cx(buttonLook(look, size), className)}
      aria-disabled={isOff || undefined}
      aria-busy={isBusy || undefined}
      aria-describedby={why ? id : rest["aria-describedby"]}
      onClick={isOff ? (event) => event.preventDefault() : onClick}
    >
      {asChild ? (
        children
      ) : (
        <>
          {icon}
          {children}
          {why && (
            <span id={id} className="sr-only">
              {why}
            </span>
          )}
        </>
      )}
    </Root>
  );
  return why ? <Tip text={why}>{button}</Tip> : button;
}

/** A button that is only a picture: the label is its name and its tooltip. */
export function IconButton({ label, keys, children, ...rest }: Omit<Props, "icon"> & { label: string; keys?: string }) {
  return (
    <Tip text={label} keys={keys}>
      <Button look="quiet" size="icon" aria-label={label} {...rest}>
        {children}
      </Button>
    </Tip>
  );
}
