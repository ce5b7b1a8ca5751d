// A box with a hairline. A page is made of these and of tables.
import type { ReactNode } from "react";
import { cx } from "@/lib/cx";

export function Card({ title, aside, children, className, isFlush }: {
  title?: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
  /** Without padding: a table or a list brings its own. */
  isFlush?: boolean;
}) {
  return (
    <section className={cx("min-w-0 rounded-xl border border-line bg-surface", className)}>
      {title && (
        <header className="flex min-h-11 items-center justify-between gap-3 border-b border-line px-4 py-1.5">
          <h2 className="text-sm font-semibold">{title}</h2>
          {aside}
        </header>
      )}
      <div className={isFlush ? "" : "p-4"}>{children}</div>
    </section>
  );
}

/** At the right of a card's title: leads to where there is all of it. */
export const cardLinkLook = "rounded text-xs font-medium text-accent-text hover:underline";

export const Skeleton = ({ className }: { className?: string }) => (
  <span aria-hidden className={cx("skeleton-tint block animate-pulse rounded-md", className ?? "h-4 w-24")} />
);
