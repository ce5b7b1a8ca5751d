// Who goes elsewhere, in the drawer of a link: rules as sentences, addresses for phones, and shares of everybody else.
import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { flushSync } from "react-dom";
import { ChipsField } from "@/components/chips-field";
import { Button, IconButton } from "@/components/ui/button";
import { Field, FieldInLine, Input } from "@/components/ui/field";
import { bind, type LinkForm } from "./fields";
import { bare } from "./queries";
import { evenly, moved, percentOf, restOf, TARGETS_MAX, VARIANTS_MAX, withTarget, withVariant, wrongInRow, wrongWith, wrongWithout, type TargetRow, type VariantRow } from "./rules";
import { shareColour, SharesBar, Swatch } from "./shares";
import { COUNTRY_CHOICES, DEVICE_CHOICES, LANGUAGE_CHOICES, otherLanguage } from "./who";

export function RulesFields({ form }: { form: LinkForm }) {
  const { wrong } = form;
  return (
    <>
      <p className="text-xs text-ink-2">The first that fits decides, from top to bottom.</p>
      <Targets form={form} />
      <Part title="Phones that no rule took">
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label="iPhones and iPads go to" wrong={wrong("ios_url")}>
            <Input {...bind(form, "ios_url")} type="url" placeholder="https://apps.apple.com/…" />
          </Field>
          <Field label="Android devices go to" wrong={wrong("android_url")}>
            <Input {...bind(form, "android_url")} type="url" placeholder="https://play.google.com/…" />
          </Field>
        </div>
      </Part>
      <Variants form={form} />
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex flex-col gap-2.5 border-t border-line pt-3 first-of-type:border-0 first-of-type:pt-0">
      <h3 id={id} className="text-sm font-medium">
        {title}
      </h3>
      {children}
    </section>
  );
}

/** A list of rows: the one just added is where one goes on, and a removed one leaves the focus with what adds. */
function useRows<R extends { key: number }>(rows: R[], set: (rows: R[]) => void) {
  const [fresh, setFresh] = useState<number>();
  const adding = useRef<HTMLButtonElement>(null);
  return {
    fresh,
    adding,
    add: (next: R[]) => (setFresh(next.at(-1)?.key), set(next)),
    change: (row: R, change: Partial<R>) => set(rows.map((one) => (one.key === row.key ? { ...one, ...change } : one))),
    remove: (row: R) => {
      set(rows.filter((one) => one.key !== row.key));
      adding.current?.focus();
    },
  };
}

function Targets({ form }: { form: LinkForm }) {
  const rows = form.values.targets;
  const { fresh, adding, add, change, remove } = useRows(rows, (next) => form.set("targets", next));
  const [said, setSaid] = useState("");
  const move = (from: number, to: number) => {
    if (to < 0 || to >= rows.length) return;
    const focused = document.activeElement;
    const row = focused?.closest("li");
    flushSync(() => form.set("targets", moved(rows, from, to)));
    // A row that is put elsewhere loses the focus on its way, and a button that may no longer be pressed is drawn anew.
    const same = focused?.isConnected ? focused : row?.querySelector(`[aria-label="${focused?.ariaLabel}"]`);
    if (same instanceof HTMLElement) same.focus();
    setSaid(`Now rule ${to + 1} of ${rows.length}.`);
  };
  const wrong = wrongWith(form.refused, form.values, "targets");
  return (
    <Part title="Rules">
      {rows.length > 0 && (
        <ol className="flex flex-col gap-2">
          {rows.map((row, at) => (
            <TargetFields
              key={row.key}
              form={form}
              row={row}
              at={at}
              isLast={at === rows.length - 1}
              isFresh={row.key === fresh}
              onChange={(next) => change(row, next)}
              onMove={(by) => move(at, at + by)}
              onRemove={() => remove(row)}
            />
          ))}
        </ol>
      )}
      {wrong && (
        <p role="alert" className="text-xs text-bad">
          {wrong}
        </p>
      )}
      <div className="flex items-center gap-3">
        <Button ref={adding} size="sm" icon={<Plus />} why={rows.length >= TARGETS_MAX ? `A link has at most ${TARGETS_MAX} rules.` : undefined} onClick={() => add(withTarget(rows))}>
          Add a rule
        </Button>
        {rows.length === 0 && <span className="text-xs text-ink-3">By country, device or language.</span>}
        <span role="status" className="sr-only">
          {said}
        </span>
      </div>
    </Part>
  );
}

type TargetProps = { form: LinkForm; row: TargetRow; at: number; isLast: boolean; isFresh: boolean; onChange: (change: Partial<TargetRow>) => void; onMove: (by: number) => void; onRemove: () => void };

function TargetFields({ form, row, at, isLast, isFresh, onChange, onMove, onRemove }: TargetProps) {
  const wrong = (field: keyof TargetRow) => wrongInRow(form.refused, "targets", row, field);
  const onKey = (event: KeyboardEvent) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!event.altKey || !by) return;
    event.preventDefault();
    onMove(by);
  };
  const word = "w-16";
  return (
    <li aria-label={`Rule ${at + 1}`} onKeyDown={onKey} className="rounded-lg border border-line bg-ground p-2.5 pt-1.5">
      <div className="mb-1 flex items-center gap-0.5">
        <span aria-hidden className="mr-auto text-xs font-medium text-ink-3">
          Rule {at + 1}
        </span>
        <IconButton label="Move up" keys="alt+↑" size="icon-sm" why={at === 0 ? "It is the first already." : undefined} onClick={() => onMove(-1)}>
          <ArrowUp />
        </IconButton>
        <IconButton label="Move down" keys="alt+↓" size="icon-sm" why={isLast ? "It is the last already." : undefined} onClick={() => onMove(1)}>
          <ArrowDown />
        </IconButton>
        <IconButton label={`Remove rule ${at + 1}`} size="icon-sm" onClick={onRemove}>
          <X />
        </IconButton>
      </div>
      <div className="flex flex-col gap-1.5">
        <FieldInLine label={<Lead className={word} word="Visitors in" means="countries" />} wrong={wrongWithout(form.refused, row) ?? wrong("countries")}>
          <ChipsField value={row.countries} onChange={(countries) => onChange({ countries })} choices={COUNTRY_CHOICES} placeholder="any country" autoFocus={isFresh} />
        </FieldInLine>
        <FieldInLine label={<Lead className={word} word="on" means="devices" />} wrong={wrong("devices")}>
          <ChipsField value={row.devices} onChange={(devices) => onChange({ devices: devices as TargetRow["devices"] })} choices={DEVICE_CHOICES} placeholder="any device" />
        </FieldInLine>
        <FieldInLine label={<Lead className={word} word="who read" means="languages" />} wrong={wrong("languages")}>
          <ChipsField value={row.languages} onChange={(languages) => onChange({ languages })} choices={LANGUAGE_CHOICES} other={otherLanguage} placeholder="any language" />
        </FieldInLine>
        <FieldInLine label={<Lead className={word} word="go to" means="address" />} wrong={wrong("destination_url")}>
          <Input type="url" inputMode="url" value={row.destination_url} placeholder="https://example.com/de" onChange={(event) => onChange({ destination_url: event.target.value })} />
        </FieldInLine>
      </div>
    </li>
  );
}

/** A word of the sentence; what it stands before is said to who does not see it. */
const Lead = ({ word, means, className }: { word: string; means: string; className?: string }) => (
  <span className={className}>
    {word} <span className="sr-only">{means}</span>
  </span>
);

function Variants({ form }: { form: LinkForm }) {
  const rows = form.values.variants;
  const { fresh, adding, add, change, remove } = useRows(rows, (next) => form.set("variants", next));
  const rest = restOf(rows);
  const tooMuch = rest < 0 ? `Together ${100 - rest} %: ${-rest} more than there are.` : undefined;
  const wrong = tooMuch ?? wrongWith(form.refused, form.values, "variants");
  const own = bare(form.values.destination_url.trim()) || "the destination";
  return (
    <Part title="Everybody else: an A/B test">
      {rows.length > 0 && (
        <>
          <ol className="flex flex-col gap-2">
            {rows.map((row, at) => (
              <VariantFields key={row.key} form={form} row={row} at={at} isFresh={row.key === fresh} isTooMuch={rest < 0} onChange={(next) => change(row, next)} onRemove={() => remove(row)} />
            ))}
          </ol>
          <SharesBar shares={rows.map((row, at) => ({ name: row.utm_content || `variant ${at + 1}`, percent: percentOf(row) }))} />
          <p role={wrong ? "alert" : undefined} className={wrong ? "text-xs text-bad" : "text-xs break-words text-ink-2"}>
            {wrong ?? (rest > 0 ? `The rest, ${rest} %, goes to ${own}.` : `Nobody is left for ${own} but robots.`)}
          </p>
        </>
      )}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Button ref={adding} size="sm" icon={<Plus />} why={rows.length >= VARIANTS_MAX ? `A link has at most ${VARIANTS_MAX} variants.` : undefined} onClick={() => add(withVariant(rows))}>
          Add a variant
        </Button>
        {rows.length > 0 && (
          <Button size="sm" look="quiet" onClick={() => form.set("variants", evenly(rows))}>
            Share evenly
          </Button>
        )}
      </div>
      <p className="text-xs text-ink-3">
        {rows.length > 0 ? "The same visitor meets the same one again; robots meet none. A label is the variant's utm_content: it tells them apart in analytics." : "A share of them goes to another address, and analytics tells how it does."}
      </p>
    </Part>
  );
}

type VariantProps = { form: LinkForm; row: VariantRow; at: number; isFresh: boolean; isTooMuch: boolean; onChange: (change: Partial<VariantRow>) => void; onRemove: () => void };

const PercentLabel = ({ at }: { at: number }) => (
  <>
    <Swatch colour={shareColour(at)} />
    <span className="sr-only">Percent</span>
  </>
);

function VariantFields({ form, row, at, isFresh, isTooMuch, onChange, onRemove }: VariantProps) {
  const wrong = (field: keyof VariantRow) => wrongInRow(form.refused, "variants", row, field);
  return (
    <li aria-label={`Variant ${at + 1}`} className="flex gap-1 rounded-lg border border-line bg-ground p-2.5 pr-1.5">
      <div className="flex min-w-0 flex-1 flex-col gap-1.5">
        <div className="flex flex-wrap items-start gap-x-2 gap-y-1.5">
          <FieldInLine label={<PercentLabel at={at} />} wrong={wrong("percent")} className="w-22">
            <Input type="number" inputMode="numeric" min={1} max={100} value={row.percent} {...(isTooMuch ? { "aria-invalid": true } : {})} onChange={(event) => onChange({ percent: event.target.value })} className="tnum" />
          </FieldInLine>
          <span className="flex h-8 items-center text-sm text-ink-2">%</span>
          <FieldInLine label={<Lead word="go to" means="address" />} wrong={wrong("destination_url")} className="flex-1 basis-56">
            <Input type="url" inputMode="url" value={row.destination_url} placeholder="https://example.com/spring-b" autoFocus={isFresh} onChange={(event) => onChange({ destination_url: event.target.value })} />
          </FieldInLine>
        </div>
        <FieldInLine label={<Lead word="labelled" means="utm_content" />} wrong={wrong("utm_content")}>
          <Input value={row.utm_content} placeholder={String.fromCharCode(98 + at)} onChange={(event) => onChange({ utm_content: event.target.value })} />
        </FieldInLine>
      </div>
      <IconButton label={`Remove variant ${at + 1}`} size="icon-sm" onClick={onRemove}>
        <X />
      </IconButton>
    </li>
  );
}
