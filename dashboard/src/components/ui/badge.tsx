// A word with a colour. The colour never says anything that the word does not.
import type { ReactNode } from "react";
import { cx } from "@/lib/cx";

const TONES = {
  good: "bg-good-soft text-good",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
  info: "bg-info-soft text-info",
  quiet: "bg-sunken text-ink-2 border-line",
};
export type Tone = keyof typeof TONES;

export function Badge({ tone = "quiet", dot, children }: { tone?: Tone; dot?: boolean; children: ReactNode }) {
  return (
    <span className={cx("inline-flex h-5 items-center gap-1.5 rounded-full border border-transparent px-2 text-2xs font-medium whitespace-nowrap", TONES[tone])}>
      {dot && <span aria-hidden className="size-1.5 rounded-full bg-current" />}
      {children}
    </span>
  );
}

const STATES: Record<string, [Tone, string]> = {
  active: ["good", "Active"],
  paused: ["warn", "Paused"],
  inactive: ["warn", "Inactive"],
  scheduled: ["info", "Scheduled"],
  expired: ["quiet", "Expired"],
  used_up: ["quiet", "Used up"],
  archived: ["quiet", "Archived"],
  revoked: ["bad", "Revoked"],
};

export function StatusBadge({ status }: { status: string }) {
  const [tone, word] = STATES[status] ?? (["quiet", status] as const);
  return (
    <Badge tone={tone} dot>
      {word}
    </Badge>
  );
}

export const Tag = ({ children }: { children: ReactNode }) => (
  <span className="inline-flex h-5 max-w-36 items-center truncate rounded-sm border border-line bg-sunken px-1.5 text-2xs text-ink-2">{children}</span>
);

/** The first two, and how many more there are: for the cell of a table. */
export const FewTags = ({ tags }: { tags: readonly string[] }) => (
  <div className="flex w-44 gap-1 overflow-hidden">
    {tags.slice(0, 2).map((tag) => (
      <Tag key={tag}>{tag}</Tag>
    ))}
    {tags.length > 2 && <Tag>+{tags.length - 2}</Tag>}
  </div>
);

/** The status of an answer. */
export const StatusCode = ({ status }: { status: number }) => (
  <span className={cx("tnum font-medium", status >= 500 ? "text-bad" : status >= 400 ? "text-warn" : "text-good")}>{status}</span>
);
