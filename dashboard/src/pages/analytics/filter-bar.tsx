// The filters in force, as chips: turn one around, see all of its values, take it away.
import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { memo } from "react";
import { linkQuery } from "@/pages/links/queries";
import { bare } from "@/pages/links/queries";
import { Tip } from "@/components/ui/tooltip";
import { chipsOf, DIMENSIONS, flipped, without, type Chip, type Filters, type Value } from "./filters";
import { NAMES, valueName } from "./names";
import type { PageState } from "./state";

const SHOWN_MAX = 2;

export const FilterBar = memo(function FilterBar({ page }: { page: PageState }) {
  const chips = chipsOf(page.filters);
  if (chips.length === 0) return null;
  const none = Object.fromEntries(DIMENSIONS.flatMap((by) => [[by, undefined], [`${by}_not`, undefined]])) as Filters;
  return (
    <div className="mb-4 flex flex-wrap items-center gap-1.5">
      <ul aria-label="Filters" className="contents">
        {chips.map((chip) => (
          <FilterChip key={chip.by + chip.side} chip={chip} page={page} />
        ))}
      </ul>
      {chips.length > 1 && (
        <button type="button" onClick={() => page.filter(none)} className="rounded px-1.5 text-xs text-ink-2 underline hover:text-ink">
          Clear all
        </button>
      )}
    </div>
  );
});

function FilterChip({ chip, page }: { chip: Chip; page: PageState }) {
  const { by, side, values } = chip;
  const name = NAMES[by].one;
  return (
    <li className="flex h-7 max-w-full items-stretch rounded-md border border-accent/35 bg-accent-soft text-xs text-ink">
      <span className="flex items-center pl-2.5">{name}</span>
      <Tip text={side === "is" ? "Turn around: all but these" : "Turn around: only these"}>
        <button type="button" onClick={() => page.filter(flipped(page.filters, by, side))} className="px-1 text-ink-2 hover:text-ink hover:underline">
          {side === "is" ? "is" : "is not"}
        </button>
      </Tip>
      <Tip text="Choose values">
        <button type="button" onClick={() => page.look({ detail: by })} className="min-w-0 truncate font-medium hover:underline">
          {values.slice(0, SHOWN_MAX).map((value, at) => (
            <span key={value ?? "none"}>
              {at > 0 && ", "}
              <ValueName by={by} value={value} />
            </span>
          ))}
          {values.length > SHOWN_MAX && ` and ${values.length - SHOWN_MAX} more`}
        </button>
      </Tip>
      <button type="button" aria-label={`Remove the filter ${name}`} onClick={() => page.filter(without(page.filters, by, side))} className="ml-1 grid w-6 place-items-center rounded-r-md text-ink-3 hover:bg-hover hover:text-ink">
        <X className="size-3.5" />
      </button>
    </li>
  );
}

function ValueName({ by, value }: { by: Chip["by"]; value: Value }) {
  return by === "link" && value ? <LinkName id={value} /> : valueName(by, value);
}

function LinkName({ id }: { id: string }) {
  const link = useQuery(linkQuery(id));
  return link.data ? (link.data.title ?? bare(link.data.short_url)) : link.isError ? "a deleted link" : "…";
}
