// A small panel at a button, for what is more than a list of things to do.
import { Popover as Box } from "radix-ui";
import type { ReactNode } from "react";
import { cx } from "@/lib/cx";

export function Popover({ isOpen, onOpen, trigger, label, align = "start", className, children }: {
  isOpen: boolean;
  onOpen: (isOpen: boolean) => void;
  trigger: ReactNode;
  label: string;
  align?: "start" | "end";
  className?: string;
  children: ReactNode;
}) {
  return (
    <Box.Root open={isOpen} onOpenChange={onOpen}>
      <Box.Trigger asChild>{trigger}</Box.Trigger>
      <Box.Portal>
        <Box.Content aria-label={label} align={align} sideOffset={4} collisionPadding={8} className={cx("z-60 max-h-(--radix-popover-content-available-height) max-w-[calc(100vw-1rem)] animate-rise overflow-y-auto rounded-lg bg-surface shadow-pop outline-none", className)}>
          {children}
        </Box.Content>
      </Box.Portal>
    </Box.Root>
  );
}
