// The table of a resource: all its pages behind one another, only the rows in sight drawn, rows chosen by checkbox or
// `x`, moved through by `j` and `k`, opened by Enter. Columns that are worth less disappear first on a narrow screen.
import { useWindowVirtualizer, type Range } from "@tanstack/react-virtual";
import { Fragment, memo, useCallback, useEffect, useLayoutEffect, useRef, useState, type ReactNode } from "react";
import { cx } from "@/lib/cx";
import { useShortcut } from "@/lib/shortcuts";
import { count } from "@/lib/numbers";
import { Checkbox } from "./ui/checks";
import { Skeleton } from "./ui/card";

export type Column<T> = {
  name: string;
  cell: (row: T) => ReactNode;
  /** From which width on it is shown. */
  from?: "sm" | "md" | "lg" | "xl";
  isNumber?: boolean;
  /** Sorting by it, as the API names it. */
  sort?: string;
  className?: string;
};

const FROM = { sm: "hidden sm:table-cell", md: "hidden md:table-cell", lg: "hidden lg:table-cell", xl: "hidden xl:table-cell" };
const ROW_PX = 53;
const OVERSCAN_ROWS = 8;

/** Rows come and go in groups: a row more with every few pixels would lay out and paint the table in every frame. */
function inGroups({ startIndex, endIndex, count }: Range): number[] {
  const from = Math.max(0, Math.floor((startIndex - OVERSCAN_ROWS) / OVERSCAN_ROWS) * OVERSCAN_ROWS);
  const to = Math.min(count, Math.ceil((endIndex + 1 + OVERSCAN_ROWS) / OVERSCAN_ROWS) * OVERSCAN_ROWS);
  return Array.from({ length: to - from }, (_, at) => from + at);
}

type Props<T> = {
  label: string;
  rows: T[];
  total: number;
  columns: Column<T>[];
  idOf: (row: T) => string;
  nameOf: (row: T) => string;
  /** Absent: there is nothing to open. */
  onOpen?: ((row: T) => void) | undefined;
  menu: (row: T) => ReactNode;
  chosen?: ReadonlySet<string>;
  onChoose?: (chosen: ReadonlySet<string>) => void;
  sort?: string | undefined;
  onSort?: (sort: string) => void;
  hasMore: boolean;
  onMore: () => void;
};

export function ResourceTable<T>(props: Props<T>) {
  const { rows, columns, chosen, onChoose, idOf, hasMore, onMore } = props;
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    if (box.current) setTop(box.current.getBoundingClientRect().top + scrollY);
  }, []);
  const virtual = useWindowVirtualizer({ count: rows.length, estimateSize: () => ROW_PX, rangeExtractor: inGroups, scrollMargin: top });
  const items = virtual.getVirtualItems();
  const lastIndex = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && lastIndex >= rows.length - OVERSCAN_ROWS) onMore();
  }, [hasMore, lastIndex, rows.length, onMore]);

  const current = useRef(-1);
  const focus = useCallback(
    (to: number) => {
      current.current = Math.max(0, Math.min(rows.length - 1, to));
      virtual.scrollToIndex(current.current);
      requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-row="${current.current}"]`)?.focus());
    },
    [rows.length, virtual],
  );
  const choice = useRef({ chosen, onChoose });
  useEffect(() => {
    choice.current = { chosen, onChoose };
  });
  // The same functions at every drawing, so that scrolling draws only the rows that come into sight.
  const toggle = useCallback((id: string) => {
    const { chosen, onChoose } = choice.current;
    if (!chosen || !onChoose) return;
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    onChoose(next);
  }, []);
  const remember = useCallback((index: number) => {
    current.current = index;
  }, []);
  useShortcut("j", "Next row", () => focus(current.current + 1), "Tables");
  useShortcut("k", "Previous row", () => focus(current.current - 1), "Tables");
  useShortcut("x", "Choose the row", () => rows[current.current] && toggle(idOf(rows[current.current]!)), "Tables");

  const before = (items[0]?.start ?? top) - top;
  const after = Math.max(0, virtual.getTotalSize() - ((items.at(-1)?.end ?? top) - top));
  return (
    <div ref={box} className="overflow-clip rounded-xl border border-line bg-surface">
      <table className="w-full border-collapse text-left text-sm" aria-rowcount={props.total + 1}>
        <caption className="sr-only">{`${props.label}: ${count(props.total)}`}</caption>
        <Head {...props} />
        <tbody>
          {before > 0 && <tr aria-hidden style={{ height: before }} />}
          {items.map((item) => {
            const row = rows[item.index];
            if (row === undefined) return <Fragment key={item.key} />;
            const id = idOf(row);
            return (
              <Row
                key={id}
                id={id}
                index={item.index}
                row={row}
                columns={columns}
                name={props.nameOf(row)}
                isChosen={chosen?.has(id) ?? false}
                onChoose={onChoose ? toggle : undefined}
                onFocus={remember}
                onOpen={props.onOpen}
                menu={props.menu}
              />
            );
          })}
          {after > 0 && <tr aria-hidden style={{ height: after }} />}
        </tbody>
      </table>
      {hasMore && (
        <div className="flex h-13 items-center gap-4 border-t border-line px-4">
          <Skeleton className="h-4 w-48" />
          <Skeleton className="h-4 w-24" />
        </div>
      )}
    </div>
  );
}

function Head<T>({ rows, columns, idOf, chosen, onChoose, sort, onSort }: Props<T>) {
  const areAll = rows.length > 0 && chosen?.size === rows.length;
  return (
    <thead>
      <tr className="h-9 border-b border-line bg-sunken/60 text-xs text-ink-2">
        {onChoose && (
          <th scope="col" className="w-10 pl-4">
            <Checkbox
              aria-label="Choose all that are loaded"
              checked={areAll ? true : chosen && chosen.size > 0 ? "indeterminate" : false}
              onCheckedChange={() => onChoose(areAll ? new Set() : new Set(rows.map(idOf)))}
              className="align-middle"
            />
          </th>
        )}
        {columns.map((column) => (
          <th
            key={column.name}
            scope="col"
            aria-sort={sortOf(column, sort)}
            className={cx("px-3 font-medium whitespace-nowrap first:pl-4", column.from && FROM[column.from], column.isNumber && "text-right", column.className)}
          >
            <SortButton column={column} sort={sort} onSort={onSort} />
          </th>
        ))}
        <th scope="col" className="w-12">
          <span className="sr-only">Actions</span>
        </th>
      </tr>
    </thead>
  );
}

type RowProps<T> = {
  id: string;
  index: number;
  row: T;
  columns: Column<T>[];
  name: string;
  isChosen: boolean;
  onChoose: ((id: string) => void) | undefined;
  onFocus: (index: number) => void;
  onOpen: ((row: T) => void) | undefined;
  menu: (row: T) => ReactNode;
};

function PlainRow<T>({ id, index, row, columns, name, isChosen, onChoose, onFocus, onOpen, menu }: RowProps<T>) {
  return (
    <tr
      data-row={index}
      aria-rowindex={index + 2}
      tabIndex={0}
      onFocus={() => onFocus(index)}
      onKeyDown={(event) => event.key === "Enter" && event.target === event.currentTarget && onOpen?.(row)}
      onClick={(event) => {
        if (!isControl(event.target) && !getSelection()?.toString()) onOpen?.(row);
      }}
      className={cx("h-13 cursor-default border-b border-line last:border-b-0 hover:bg-hover/60 focus-visible:-outline-offset-2", isChosen && "bg-accent-soft/60")}
    >
      {onChoose && (
        <td className="pl-4">
          <Checkbox aria-label={`Choose ${name}`} checked={isChosen} onCheckedChange={() => onChoose(id)} className="align-middle" />
        </td>
      )}
      {columns.map((column) => (
        <td key={column.name} className={cx("px-3 first:pl-4", column.from && FROM[column.from], column.isNumber && "tnum text-right", column.className)}>
          {column.cell(row)}
        </td>
      ))}
      <td className="pr-2 text-right">{menu(row)}</td>
    </tr>
  );
}

const Row = memo(PlainRow) as typeof PlainRow;

const isControl = (target: EventTarget) => target instanceof Element && target.closest("a,button,input,label,[role=menu]") !== null;

function sortOf<T>(column: Column<T>, sort: string | undefined) {
  if (!column.sort || !sort?.endsWith(column.sort)) return undefined;
  return sort.startsWith("-") ? ("descending" as const) : ("ascending" as const);
}

function SortButton<T>({ column, sort, onSort }: { column: Column<T>; sort: string | undefined; onSort: ((sort: string) => void) | undefined }) {
  if (!column.sort || !onSort) return <>{column.name}</>;
  const order = sortOf(column, sort);
  return (
    <button type="button" onClick={() => onSort(order === "descending" ? column.sort! : `-${column.sort}`)} className="inline-flex items-center gap-1 rounded hover:text-ink">
      {column.name}
      <span aria-hidden className={order ? "text-ink" : "text-ink-3/40"}>
        {order === "ascending" ? "↑" : "↓"}
      </span>
    </button>
  );
}
