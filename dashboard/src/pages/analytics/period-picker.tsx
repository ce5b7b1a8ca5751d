// When: named ranges with their keys, two calendar fields, and the arrows to the period before and behind.
import { CalendarDays, Check, ChevronDown, ChevronLeft, ChevronRight } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { Keys } from "@/components/ui/kbd";
import { Popover } from "@/components/ui/popover";
import { cx } from "@/lib/cx";
import { useShortcut } from "@/lib/shortcuts";
import { daysOf, named, periodInWords, PRESETS, stepped, type Day, type Period } from "./period";

type Props = { period: Period; today: Day | undefined; onChange: (period: Period) => void };

function PresetKey({ keys, name, run }: { keys: string; name: string; run: () => void }) {
  useShortcut(keys, name, run, "Period");
  return null;
}

export function PeriodPicker({ period, today, onChange }: Props) {
  const [isOpen, setOpen] = useState(false);
  const choose = (next: Period) => {
    setOpen(false);
    onChange(next);
  };
  const [before, behind] = today ? [stepped(period, -1, today), stepped(period, 1, today)] : [null, null];
  useShortcut("c", "Choose dates", () => setOpen(true), "Period");
  useShortcut(",", "The period before", () => before && onChange(before), "Period");
  useShortcut(".", "The period after", () => behind && onChange(behind), "Period");
  return (
    <div className="flex items-center max-sm:col-span-3">
      {PRESETS.map(({ range, name, key }) => (
        <PresetKey key={range} keys={key} name={name} run={() => onChange({ range })} />
      ))}
      <Popover
        isOpen={isOpen}
        onOpen={setOpen}
        label="Period"
        className="flex w-80 max-sm:flex-col sm:w-auto"
        trigger={
          <Button icon={<CalendarDays className="text-ink-3" />} className="rounded-r-none max-sm:min-w-0 max-sm:flex-1">
            <span className="sr-only">Period: </span>
            {today ? periodInWords(period, today) : PRESETS.find((one) => "range" in period && one.range === period.range)?.name}
            <ChevronDown aria-hidden className="text-ink-3 max-sm:ml-auto" />
          </Button>
        }
      >
        <ul className="grid shrink-0 p-1 max-sm:grid-cols-2 sm:w-52">
          {PRESETS.map(({ range, name, key }) => {
            const isChosen = "range" in period && period.range === range;
            return (
              <li key={range}>
                <button
                  type="button"
                  aria-pressed={isChosen}
                  onClick={() => choose({ range })}
                  className={cx("flex h-8 w-full items-center gap-2 rounded-md px-2 text-left text-sm hover:bg-hover focus-visible:-outline-offset-2", isChosen && "font-medium text-accent-text")}
                >
                  <span className="flex-1">{name}</span>
                  {isChosen && <Check aria-hidden className="size-4" />}
                  <span aria-hidden className="max-sm:hidden">
                    <Keys keys={key} />
                  </span>
                </button>
              </li>
            );
          })}
        </ul>
        <CustomDays key={JSON.stringify(period)} period={period} today={today} onChange={choose} />
      </Popover>
      <Step label="The period before" keys="," to={before} why={today ? "There is no period before this one" : "Loading"} onChange={onChange}>
        <ChevronLeft />
      </Step>
      <Step label="The period after" keys="." to={behind} why="This period reaches to today" onChange={onChange} isLast>
        <ChevronRight />
      </Step>
    </div>
  );
}

function Step({ label, keys, to, why, onChange, isLast, children }: { label: string; keys: string; to: Period | null; why: string; onChange: (period: Period) => void; isLast?: boolean; children: React.ReactNode }) {
  const look = cx("-ml-px rounded-l-none", !isLast && "rounded-r-none");
  return to ? (
    <IconButton look="plain" label={label} keys={keys} className={look} onClick={() => onChange(to)}>
      {children}
    </IconButton>
  ) : (
    <Button look="plain" size="icon" aria-label={label} why={why} className={look}>
      {children}
    </Button>
  );
}

function CustomDays({ period, today, onChange }: Props) {
  const days = today ? daysOf(period, today) : null;
  const [from, setFrom] = useState(days?.from ?? today ?? "");
  const [to, setTo] = useState(days?.to ?? today ?? "");
  const isOrdered = from !== "" && to !== "" && from <= to;
  const isPast = today !== undefined && from <= today;
  const wrong = from && to && !isOrdered ? "Ends before it begins" : !isPast && from ? "Begins in the future" : undefined;
  return (
    <form
      className="flex flex-col gap-3 border-line p-3 max-sm:border-t sm:w-52 sm:border-l"
      onSubmit={(event) => {
        event.preventDefault();
        if (isOrdered && isPast) onChange(named(from, to, today));
      }}
    >
      <Field label="First day">
        <Input type="date" max={today} required value={from} onChange={(event) => setFrom(event.target.value)} />
      </Field>
      <Field label="Last day" wrong={wrong}>
        <Input type="date" max={today} required value={to} onChange={(event) => setTo(event.target.value)} />
      </Field>
      <Button look="primary" type="submit" className="justify-center" why={isOrdered && isPast ? undefined : "Choose a first and a last day"}>
        Show these days
      </Button>
      <p className="text-xs text-ink-3">Both days are included. Today counts up to now.</p>
    </form>
  );
}
