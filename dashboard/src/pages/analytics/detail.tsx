// Every value of a dimension, with all of its numbers: searched, sorted, chosen or left out, saved as a file. The list
// is asked for without the dimension's own filter, so that further values can be chosen.
import { useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Ban, Check, Search } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { ErrorPanel } from "@/components/page";
import { Change } from "@/components/stats";
import { Skeleton } from "@/components/ui/card";
import { Dialog } from "@/components/ui/dialog";
import { Input } from "@/components/ui/field";
import { cx } from "@/lib/cx";
import { count, pct } from "@/lib/numbers";
import { CsvButton, rowName } from "./breakdown";
import { againstWhat } from "./figures";
import { toggled, valuesOf, type Dimension } from "./filters";
import { NAMES } from "./names";
import { breakdownQuery, DETAIL_ROWS_MAX, sortBy, valueOf, type Row } from "./queries";
import type { PageState } from "./state";
import { ValueIcon } from "./value-icon";

type Sort = "clicks" | "unique_visitors" | "robots" | "name";
const ROW_PX = 36;
const COLUMNS: [Sort, string, string][] = [
  ["clicks", "Clicks", "w-12 sm:w-16"],
  ["unique_visitors", "Visitors", "w-12 sm:w-16"],
  ["robots", "Robots", "w-14 max-sm:hidden"],
];

export function Detail({ page, by, total }: { page: PageState; by: Dimension; total: number | undefined }) {
  const close = () => page.look({ detail: undefined });
  return (
    <Dialog isOpen onClose={close} wide title={NAMES[by].many} about="Choose values to see only these, or leave some out. The page follows.">
      <List page={page} by={by} total={total} />
    </Dialog>
  );
}

function List({ page, by, total }: { page: PageState; by: Dimension; total: number | undefined }) {
  const [search, setSearch] = useState("");
  const [sort, setSort] = useState<Sort>(sortBy(page.measure) as Sort);
  const own = page.counted && { ...page.counted, filters: { ...page.counted.filters, [by]: undefined, [`${by}_not`]: undefined } };
  // Scans stay scans while QR or link is what is chosen.
  const report = useQuery({ ...breakdownQuery(own, by, page.measure, DETAIL_ROWS_MAX), placeholderData: (before) => before });
  const found = report.data?.breakdown?.groups_found ?? 0;
  const against = againstWhat(report.data);
  const rows = useMemo(() => {
    const wanted = search.trim().toLowerCase();
    const all = (report.data?.breakdown?.rows ?? []).filter((row) => `${rowName(row, by)} ${valueOf(row, by) ?? ""} ${row.link?.short_url ?? ""}`.toLowerCase().includes(wanted));
    return all.toSorted(sort === "name" ? (a, b) => rowName(a, by).localeCompare(rowName(b, by)) : (a, b) => b[sort] - a[sort]);
  }, [report.data, search, sort, by]);
  if (report.error) return <ErrorPanel error={report.error} onRetry={() => void report.refetch()} />;
  return (
    <>
      <div className="mb-2 flex items-center gap-2">
        <div className="relative flex-1">
          <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-3" />
          <Input autoFocus role="searchbox" aria-label={`Search ${NAMES[by].many}`} placeholder={`Search ${found > 0 ? count(Math.min(found, DETAIL_ROWS_MAX)) : ""}`} value={search} onChange={(event) => setSearch(event.target.value)} className="pl-8.5!" />
        </div>
        <CsvButton page={page} by={by} />
      </div>
      {found > DETAIL_ROWS_MAX && <p className="mb-2 text-xs text-ink-3">{`The first ${count(DETAIL_ROWS_MAX)} of ${count(found)}. A filter elsewhere on the page brings the others.`}</p>}
      <Head sort={sort} onSort={setSort} by={by} isCompared={against !== undefined} isOfScans={page.measure === "qr_scans" || page.search.qr !== undefined} />
      {report.isPending && page.counted !== null ? (
        <div role="status" aria-label="Loading" className="flex h-80 flex-col gap-4 pt-3">
          {["w-full", "w-4/5", "w-3/5", "w-1/2", "w-2/5"].map((width) => (
            <Skeleton key={width} className={`h-5 ${width}`} />
          ))}
        </div>
      ) : rows.length === 0 ? (
        <p className="grid h-80 place-items-center text-sm text-ink-3">{search ? `Nothing is called “${search}”.` : "Nothing in this time."}</p>
      ) : (
        <VirtualRows rows={rows} page={page} by={by} total={total} against={against} />
      )}
    </>
  );
}

function Head({ sort, onSort, by, isCompared, isOfScans }: { isOfScans: boolean; sort: Sort; onSort: (sort: Sort) => void; by: Dimension; isCompared: boolean }) {
  const button = (key: Sort, name: string, look: string) => (
    <button key={key} type="button" aria-pressed={sort === key} onClick={() => onSort(key)} className={cx("rounded text-2xs hover:text-ink", look, sort === key ? "font-medium text-ink" : "text-ink-3")}>
      {name}
      <span aria-hidden> {sort === key ? (key === "name" ? "↑" : "↓") : ""}</span>
    </button>
  );
  return (
    <div role="group" aria-label="Sort by" className="flex items-center gap-2 border-b border-line py-1.5 sm:gap-3 pr-9 pl-2">
      {button("name", NAMES[by].one, "flex-1 text-left")}
      {isCompared && <span className="w-16 text-right text-2xs text-ink-3 max-sm:hidden">Change</span>}
      <span className="w-12 text-right text-2xs text-ink-3 max-sm:hidden">Share</span>
      {COLUMNS.map(([key, name, look]) => button(key, key === "clicks" && isOfScans ? "Scans" : name, `text-right ${look}`))}
    </div>
  );
}

function VirtualRows({ rows, page, by, total, against }: { rows: Row[]; page: PageState; by: Dimension; total: number | undefined; against: string | undefined }) {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => box.current, estimateSize: () => ROW_PX, overscan: 10 });
  return (
    <div ref={box} tabIndex={-1} className="h-[min(26rem,48vh)] overflow-y-auto outline-none">
      <ul aria-label={NAMES[by].many} className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => (
          <DetailRow key={valueOf(rows[index]!, by) ?? ""} top={start} row={rows[index]!} page={page} by={by} total={total} against={against} />
        ))}
      </ul>
    </div>
  );
}

function DetailRow({ top, row, page, by, total, against }: { top: number; row: Row; page: PageState; by: Dimension; total: number | undefined; against: string | undefined }) {
  const value = valueOf(row, by);
  const name = rowName(row, by);
  const isIn = valuesOf(page.filters, by, "is").includes(value);
  const isOut = valuesOf(page.filters, by, "not").includes(value);
  const key = sortBy(page.measure);
  return (
    <li className={cx("absolute inset-x-0 flex h-9 items-center border-b border-line text-sm hover:bg-hover/60", isIn && "bg-accent-soft")} style={{ top }}>
      <button type="button" aria-pressed={isIn} onClick={() => page.filter(toggled(page.filters, by, "is", value))} className="flex h-full min-w-0 flex-1 items-center gap-2 pl-2 text-left sm:gap-3 focus-visible:-outline-offset-2">
        <span className="flex min-w-0 flex-1 items-center gap-2">
          {isIn ? <Check aria-hidden className="size-3.5 shrink-0 text-accent-text" /> : <ValueIcon by={by} value={value} />}
          <span className={cx("truncate", (value === null || isOut) && "text-ink-3", isOut && "line-through")}>{name}</span>
        </span>
        {against !== undefined && (
          <span className="w-16 text-right max-sm:hidden">
            <Change of={row.change_pct?.[key]} against={`${against}: ${count(row.previous?.[key] ?? 0)}`} isNeutral={key === "robots"} />
          </span>
        )}
        <span className="tnum w-12 shrink-0 text-right text-xs text-ink-3 max-sm:hidden">{total ? pct((100 * row[key]) / total) : ""}</span>
        {COLUMNS.map(([column, , look]) => (
          <span key={column} className={cx("tnum shrink-0 text-right", look)}>
            {count(row[column as "clicks"])}
          </span>
        ))}
      </button>
      <button
        type="button"
        aria-pressed={isOut}
        aria-label={`All but ${name}`}
        title={`All but ${name}`}
        onClick={() => page.filter(toggled(page.filters, by, "not", value))}
        className={cx("mx-1 grid size-7 shrink-0 place-items-center rounded hover:bg-hover hover:text-ink", isOut ? "text-bad" : "text-ink-3")}
      >
        <Ban className="size-3.5" />
      </button>
    </li>
  );
}
