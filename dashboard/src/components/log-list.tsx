// A log: lines under the day they belong to, the newest first. A line unfolds; older ones come as one scrolls or asks.
import { ChevronRight } from "lucide-react";
import { useEffect, useId, useRef, useState, type ReactNode } from "react";
import { useShortcut } from "@/lib/shortcuts";
import { ErrorPanel, ListSkeleton } from "./page";
import { RelativeTime } from "./moments";
import { Button } from "./ui/button";

type Query<T> = {
  data: { pages: { data: T[] }[] } | undefined;
  error: unknown;
  isPending: boolean;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => Promise<unknown>;
  refetch: () => Promise<unknown>;
};

type Props<T> = {
  label: string;
  query: Query<T>;
  idOf: (row: T) => string;
  atOf: (row: T) => string;
  /** What the line says, without its time. */
  line: (row: T) => ReactNode;
  /** What it unfolds to. */
  inside: (row: T) => ReactNode;
  empty: ReactNode;
};

const dayName = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric" });

export function LogList<T>(props: Props<T>) {
  const { query, idOf, atOf } = props;
  const list = useRef<HTMLDivElement>(null);
  useSteps(list);
  if (query.error) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <ListSkeleton />;
  const rows = query.data?.pages.flatMap((page) => page.data) ?? [];
  if (rows.length === 0) return <>{props.empty}</>;
  const days: { name: string; rows: T[] }[] = [];
  for (const row of rows) {
    const name = dayName.format(new Date(atOf(row)));
    const last = days.at(-1);
    if (last?.name === name) last.rows.push(row);
    else days.push({ name, rows: [row] });
  }
  return (
    <div ref={list} className="flex flex-col gap-3" role="region" aria-label={props.label}>
      <div className="overflow-clip rounded-xl border border-line bg-surface">
        {days.map((day) => (
          <section key={day.name} aria-label={day.name} className="group/day">
            <h2 className="sticky top-0 z-10 border-b border-line bg-sunken px-4 py-1.5 text-2xs font-medium text-ink-2 max-md:top-12">{day.name}</h2>
            <ol>
              {day.rows.map((row) => (
                <Line key={idOf(row)} at={atOf(row)} line={props.line(row)} inside={() => props.inside(row)} />
              ))}
            </ol>
          </section>
        ))}
      </div>
      <Older query={query} />
    </div>
  );
}

function Line({ at, line, inside }: { at: string; line: ReactNode; inside: () => ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    // Lines far from sight cost nothing but their place.
    <li className="border-b border-line [contain-intrinsic-size:auto_45px] [content-visibility:auto] group-last/day:last:border-b-0">
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        data-line
        onClick={() => setOpen(!isOpen)}
        className="flex min-h-11 w-full items-center gap-2.5 px-3 py-1.5 text-left text-sm hover:bg-hover/60 focus-visible:-outline-offset-2 sm:px-4"
      >
        <ChevronRight aria-hidden className={`size-3.5 shrink-0 text-ink-3 transition-transform ${isOpen ? "rotate-90" : ""}`} />
        <span className="min-w-0 flex-1">{line}</span>
        <span className="shrink-0 text-right text-xs text-ink-3 sm:w-20">
          <RelativeTime at={at} />
        </span>
      </button>
      {isOpen && (
        <div id={id} className="border-t border-line bg-sunken/60 px-4 py-3 sm:pl-10">
          {inside()}
        </div>
      )}
    </li>
  );
}

/** `j` and `k` go through the lines; Enter unfolds, as of any button. */
function useSteps(list: React.RefObject<HTMLDivElement | null>) {
  const step = (by: number) => {
    const all = [...(list.current?.querySelectorAll<HTMLElement>("[data-line]") ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    all[Math.max(0, Math.min(all.length - 1, at + by))]?.focus();
  };
  useShortcut("j", "Next line", () => step(1), "Tables");
  useShortcut("k", "Previous line", () => step(-1), "Tables");
}

function Older<T>({ query }: { query: Query<T> }) {
  const box = useRef<HTMLDivElement>(null);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (!box.current || !hasNextPage || isFetchingNextPage) return;
    const eye = new IntersectionObserver(([seen]) => seen?.isIntersecting && void fetchNextPage(), { rootMargin: "400px" });
    eye.observe(box.current);
    return () => eye.disconnect();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (!hasNextPage) return <p className="text-center text-xs text-ink-3">This is where it begins.</p>;
  return (
    <div ref={box} className="text-center">
      <Button size="sm" look="quiet" isBusy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
        Older
      </Button>
    </div>
  );
}

/** Facts of an unfolded line, name beside value. What is empty is left out. */
export function LineFacts({ facts }: { facts: [string, ReactNode][] }) {
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-4 gap-y-1 text-xs">
      {facts
        .filter(([, value]) => value !== null && value !== undefined && value !== "")
        .map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-3">{name}</dt>
            <dd className="min-w-0 break-words">{value}</dd>
          </div>
        ))}
    </dl>
  );
}
