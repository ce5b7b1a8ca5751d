// What comes in front of the page: a dialog in the middle, or a drawer at the right, which a phone shows as the whole.
import { X } from "lucide-react";
import { Dialog as Box } from "radix-ui";
import type { ReactNode } from "react";
import { cx } from "@/lib/cx";
import { Button } from "./button";

const veil = "fixed inset-0 z-40 animate-fade bg-black/35 dark:bg-black/60";

type Props = {
  isOpen: boolean;
  onClose: () => void;
  title: ReactNode;
  /** One sentence below the title. */
  about?: ReactNode;
  footer?: ReactNode;
  children: ReactNode;
  /** Whether a click beside it or Escape may close it. */
  mayClose?: boolean;
  /** Whether something was typed: then a click beside it closes nothing. */
  isDirty?: boolean;
  wide?: boolean;
};

function Head({ title, about, mayClose }: Pick<Props, "title" | "about" | "mayClose">) {
  return (
    <header className="flex items-start justify-between gap-4 px-5 pt-4 pb-3">
      <div className="min-w-0 flex-1">
        <Box.Title className="text-lg font-semibold tracking-tight">{title}</Box.Title>
        {about ? <Box.Description className="mt-0.5 text-sm text-ink-2">{about}</Box.Description> : null}
      </div>
      {mayClose !== false && (
        <Box.Close asChild>
          {/* Without a tooltip: it is focused first where nothing else is, and Escape would only close the tooltip. */}
          <Button look="quiet" size="icon-sm" aria-label="Close" className="-mr-1.5">
            <X />
          </Button>
        </Box.Close>
      )}
    </header>
  );
}

export function Dialog({ isOpen, onClose, title, about, footer, children, mayClose, wide }: Props) {
  const hold = mayClose === false ? (event: Event) => event.preventDefault() : undefined;
  return (
    <Box.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Box.Portal>
        <Box.Overlay className={veil} />
        <Box.Content
          {...(about ? {} : { "aria-describedby": undefined })}
          onEscapeKeyDown={hold}
          onInteractOutside={hold}
          className={cx(
            "fixed top-[12vh] left-1/2 z-50 flex max-h-[80vh] w-[calc(100vw-2rem)] -translate-x-1/2 flex-col rounded-xl bg-surface shadow-pop",
            "animate-fade outline-none max-sm:top-[6vh] max-sm:max-h-[88vh]",
            wide ? "max-w-2xl" : "max-w-md",
          )}
        >
          <Head title={title} about={about} mayClose={mayClose} />
          <div className="overflow-y-auto px-5 pb-5">{children}</div>
          {footer && <footer className="flex justify-end gap-2 border-t border-line px-5 py-3">{footer}</footer>}
        </Box.Content>
      </Box.Portal>
    </Box.Root>
  );
}

export function Drawer({ isOpen, onClose, title, about, footer, children, mayClose, isDirty, wide }: Props) {
  const hold = mayClose === false ? (event: Event) => event.preventDefault() : undefined;
  const stay = isDirty ? (event: Event) => event.preventDefault() : hold;
  return (
    <Box.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Box.Portal>
        <Box.Overlay className={veil} />
        <Box.Content
          {...(about ? {} : { "aria-describedby": undefined })}
          onEscapeKeyDown={hold}
          onInteractOutside={stay}
          className={cx(
            "fixed inset-y-0 right-0 z-50 flex w-full animate-slide flex-col bg-surface shadow-pop outline-none",
            "sm:inset-y-2 sm:right-2 sm:rounded-xl",
            wide ? "sm:max-w-3xl" : "sm:max-w-lg",
          )}
        >
          <Head title={title} about={about} mayClose={mayClose} />
          <div className="flex-1 overflow-y-auto px-5 pb-6">{children}</div>
          {footer && <footer className="flex items-center justify-end gap-2 border-t border-line px-5 py-3">{footer}</footer>}
        </Box.Content>
      </Box.Portal>
    </Box.Root>
  );
}

/** From the left: the navigation on a phone. */
export function Sheet({ isOpen, onClose, title, children }: Pick<Props, "isOpen" | "onClose" | "children"> & { title: string }) {
  return (
    <Box.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Box.Portal>
        <Box.Overlay className={veil} />
        <Box.Content
          aria-describedby={undefined}
          className="fixed inset-y-0 left-0 z-50 flex w-72 max-w-[85vw] animate-slide-left flex-col bg-ground shadow-pop outline-none"
        >
          <Box.Title className="sr-only">{title}</Box.Title>
          {children}
        </Box.Content>
      </Box.Portal>
    </Box.Root>
  );
}
