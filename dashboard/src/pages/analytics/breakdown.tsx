// A card with a question in each tab: from where, by what, to which link. A row is a filter; all rows are in the dialog
// behind "All", and in the file.
import { useQuery } from "@tanstack/react-query";
import { Ban, Download, Maximize2 } from "lucide-react";
import { Tabs } from "radix-ui";
import { memo } from "react";
import { download } from "@/api/client";
import { ErrorPanel } from "@/components/page";
import { IconButton } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/card";
import { Select } from "@/components/ui/field";
import { toastError } from "@/components/ui/toast";
import { Tip } from "@/components/ui/tooltip";
import { cx } from "@/lib/cx";
import { count, figure, pct, plural } from "@/lib/numbers";
import { nounOf } from "./figures";
import { toggled, valuesOf, type Dimension } from "./filters";
import { inSentence, NAMES, valueName } from "./names";
import { breakdownQuery, CARD_ROWS, DETAIL_ROWS_MAX, parametersOf, pathOf, sortBy, valueOf, type Row } from "./queries";
import type { PageState } from "./state";
import { ValueIcon } from "./value-icon";

export type Tab = { by: Dimension; name: string };

/** Of the tabs in the address the one that is of this card; the first one if none is. */
const openTab = (page: PageState, tabs: readonly Tab[], more: readonly Tab[]) => {
  const shown = page.search.show?.split(",") ?? [];
  return [...tabs, ...more].find((tab) => shown.includes(tab.by))?.by ?? tabs[0]!.by;
};

export const Breakdown = memo(function Breakdown({ title, tabs, more = [], page, total }: {
  title: string;
  tabs: readonly Tab[];
  /** Tabs that share one place, as a choice. */
  more?: readonly Tab[];
  page: PageState;
  /** What shares are of. */
  total: number | undefined;
}) {
  const by = openTab(page, tabs, more);
  const choose = (to: string) => {
    const mine = [...tabs, ...more].map((tab) => tab.by as string);
    const others = (page.search.show?.split(",") ?? []).filter((one) => !mine.includes(one));
    page.look({ show: [...others, ...(to === tabs[0]!.by ? [] : [to])].join(",") || undefined });
  };
  const tabLook = "h-11 shrink-0 border-b-2 border-transparent px-0.5 text-xs text-ink-2 hover:text-ink data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink focus-visible:-outline-offset-2";
  return (
    <section aria-label={title} className="flex min-w-0 flex-col rounded-xl border border-line bg-surface">
      <Tabs.Root value={by} onValueChange={choose} activationMode="manual" className="flex min-w-0 flex-1 flex-col">
        <header className="flex h-11 items-center gap-2 border-b border-line pr-1.5 pl-4 sm:gap-3">
          <h2 className="sr-only">{title}</h2>
          <Tabs.List aria-label={title} className="-mb-px flex min-w-0 flex-1 gap-3 overflow-x-auto sm:gap-4">
            {tabs.map((tab) => (
              <Tabs.Trigger key={tab.by} value={tab.by} className={tabLook}>
                {tab.name}
              </Tabs.Trigger>
            ))}
            {more.some((tab) => tab.by === by) && (
              <Tabs.Trigger value={by} className={tabLook}>
                {NAMES[by].many}
              </Tabs.Trigger>
            )}
          </Tabs.List>
          {more.length > 0 && (
            <Select aria-label={`${title}: more`} value={more.some((tab) => tab.by === by) ? by : ""} onChange={(event) => event.target.value && choose(event.target.value)} className="h-7! w-auto! max-w-24 text-xs!">
              <option value="">UTM…</option>
              {more.map((tab) => (
                <option key={tab.by} value={tab.by}>
                  {tab.name}
                </option>
              ))}
            </Select>
          )}
          <span className="flex">
            <CsvButton page={page} by={by} />
            <IconButton label={`All ${inSentence(NAMES[by].many)}`} size="icon-sm" onClick={() => page.look({ detail: by })}>
              <Maximize2 className="size-3.5!" />
            </IconButton>
          </span>
        </header>
        <Tabs.Content value={by} tabIndex={-1} className="flex flex-1 flex-col outline-none">
          <Rows page={page} by={by} total={total} />
        </Tabs.Content>
      </Tabs.Root>
    </section>
  );
});

export function CsvButton({ page, by }: { page: PageState; by: Dimension }) {
  const question = page.counted;
  const save = () => {
    const query = parametersOf(question!, { group_by: by, limit: DETAIL_ROWS_MAX, sort: `-${sortBy(page.measure)}`, format: "csv" });
    void download(`${pathOf(question!)}?${new URLSearchParams(query as Record<string, string>)}`, `${by}.csv`).catch((error: unknown) => toastError("The file was not made", error));
  };
  const label = `${NAMES[by].many} as CSV`;
  return (
    <IconButton label={label} size="icon-sm" onClick={save} {...(question ? {} : { why: "There is nothing to save" })}>
      <Download className="size-3.5!" />
    </IconButton>
  );
}

function Rows({ page, by, total }: { page: PageState; by: Dimension; total: number | undefined }) {
  const { measure } = page;
  const report = useQuery({ ...breakdownQuery(page.counted, by, measure, CARD_ROWS), placeholderData: (before, query) => (query?.queryKey.at(-1) as { group_by?: string } | undefined)?.group_by === by ? before : undefined });
  const breakdown = page.counted === null ? undefined : report.data?.breakdown;
  const key = sortBy(measure);
  const rows = (breakdown?.rows ?? []).filter((row) => row[key] > 0);
  const most = Math.max(1, ...rows.map((row) => row[key]));
  const least = { minHeight: `${CARD_ROWS * 2.125 + 2.75}rem` };
  if (report.error)
    return (
      <div className="p-3" style={least}>
        <ErrorPanel error={report.error} onRetry={() => void report.refetch()} />
      </div>
    );
  return (
    <div className={cx("flex flex-1 flex-col transition-opacity", report.isPlaceholderData && "opacity-50")} style={least}>
      <p className="flex justify-between px-4 pt-2.5 pb-1 text-2xs text-ink-3">
        <span>{NAMES[by].one}</span>
        <span>{nounOf(page)}</span>
      </p>
      {page.counted !== null && report.isPending ? (
        <RowsSkeleton />
      ) : rows.length === 0 ? (
        <p className="m-auto max-w-64 px-4 py-8 text-center text-sm text-ink-3">{emptyWords(by, nounOf(page))}</p>
      ) : (
        <ul className="flex flex-col gap-0.5 px-2 pb-1">
          {rows.map((row) => (
            <BarRow key={valueOf(row, by) ?? ""} page={page} by={by} row={row} value={row[key]} most={most} total={total} />
          ))}
        </ul>
      )}
      {breakdown && breakdown.groups_found > CARD_ROWS && (
        <button type="button" onClick={() => page.look({ detail: by })} className="mt-auto w-full rounded-b-xl px-4 py-2 text-left text-xs text-ink-3 hover:text-ink">
          {plural(breakdown.groups_found, inSentence(NAMES[by].one), inSentence(NAMES[by].many))} in all
        </button>
      )}
    </div>
  );
}

const emptyWords = (by: Dimension, noun: string) => (by === "tag" ? "No clicked link carries a tag in this time." : `No ${inSentence(noun)} in this time.`);

const RowsSkeleton = () => (
  <div role="status" aria-label="Loading" className="flex flex-col gap-3 px-4 pt-2">
    {Array.from({ length: CARD_ROWS }, (_, at) => (
      <Skeleton key={at} className={cx("h-5.5", ["w-full", "w-4/5", "w-3/5", "w-1/2", "w-2/5", "w-1/3", "w-1/4", "w-1/5"][at])} />
    ))}
  </div>
);

type BarRowProps = { page: PageState; by: Dimension; row: Row; value: number; most: number; total: number | undefined };

function BarRow({ page, by, row, value, most, total }: BarRowProps) {
  const group = valueOf(row, by);
  const name = rowName(row, by);
  const isChosen = valuesOf(page.filters, by, "is").includes(group);
  return (
    <li className="group relative flex h-8 items-center gap-1 rounded-md text-sm hover:bg-hover/60">
      <span aria-hidden className={cx("absolute inset-y-0.5 left-0 rounded-md", isChosen ? "bg-accent/25" : "bg-accent-soft")} style={{ width: `${(value / most) * 100}%` }} />
      <button
        type="button"
        aria-pressed={isChosen}
        onClick={() => page.filter(toggled(page.filters, by, "is", group))}
        className="relative flex h-full min-w-0 flex-1 items-center gap-2 rounded-md px-2 text-left focus-visible:-outline-offset-2"
      >
        <ValueIcon by={by} value={group} />
        <span className={cx("truncate", group === null && "text-ink-3")}>{name}</span>
        <span className="flex-1" />
        {total ? <span className="tnum shrink-0 text-xs text-ink-3">{pct((100 * value) / total)}</span> : null}
        <span className="tnum w-13 shrink-0 text-right text-ink" title={count(value)}>
          {figure(value)}
        </span>
      </button>
      <Tip text={`All but ${name}`}>
        <button
          type="button"
          aria-label={`All but ${name}`}
          onClick={() => page.filter(toggled(page.filters, by, "not", group))}
          className="absolute top-1 right-16 grid size-6 place-items-center rounded bg-hover text-ink-3 opacity-0 group-hover:opacity-100 hover:text-ink focus-visible:opacity-100 max-md:hidden"
        >
          <Ban className="size-3.5" />
        </button>
      </Tip>
    </li>
  );
}

export function rowName(row: Row, by: Dimension): string {
  if (by === "link") return row.link ? (row.link.title ?? row.link.short_url.replace(/^https?:\/\//, "")) : "A deleted link";
  return valueName(by, valueOf(row, by));
}
