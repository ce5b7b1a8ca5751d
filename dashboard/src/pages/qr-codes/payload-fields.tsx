// The fields of one kind of content, as `payloads.ts` lists them, with the server's words at the field they are about.
import { Plus, X } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { Switch } from "@/components/ui/checks";
import { Field, Input, Select, TextArea } from "@/components/ui/field";
import type { Controls } from "./controls";
import type { Address, Content, Phone } from "./design";
import { applies, CHOSEN, payloadSpec, type FieldSpec } from "./payloads";

export function PayloadFields({ controls }: { controls: Controls }) {
  const { draft, change, wrong } = controls;
  const { type } = draft;
  const spec = payloadSpec(type);
  const content = draft.contents[type] ?? {};
  const [wantsMore, setMore] = useState(false);
  const isFilled = (field: FieldSpec) => content[field.name] !== undefined && content[field.name] !== "";
  const fields = spec.fields.filter((field) => applies(field, spec, content));
  const isShown = (field: FieldSpec) => !field.isMore || wantsMore || isFilled(field) || wrong(`payload.${field.name}`) !== undefined;
  const set = (name: string, value: Content[string]) =>
    change(`payload.${name}`, (now) => ({ ...now, contents: { ...now.contents, [type]: { ...now.contents[type], [name]: value } } }));
  const hidden = fields.filter((field) => !isShown(field)).length;
  return (
    <div className="grid grid-cols-2 gap-x-3 gap-y-4">
      {fields.filter(isShown).map((field) => (
        <div key={field.name} className={field.isHalf ? "col-span-2 sm:col-span-1" : "col-span-2"}>
          <OneField field={field} content={content} set={(value) => set(field.name, value)} wrong={(inner = "") => wrong(`payload.${field.name}${inner}`)} />
        </div>
      ))}
      {hidden > 0 && (
        <div className="col-span-2">
          <Button size="sm" look="quiet" icon={<Plus />} onClick={() => setMore(true)} className="-ml-2">
            {hidden === 1 ? "One more field" : `${hidden} more fields`}
          </Button>
        </div>
      )}
    </div>
  );
}

type OneProps = { field: FieldSpec; content: Content; set: (value: Content[string]) => void; wrong: (inner?: string) => string | undefined };

const INPUT_TYPES: Partial<Record<NonNullable<FieldSpec["as"]>, string>> = { url: "url", email: "email", tel: "tel", date: "date" };

function OneField({ field, content, set, wrong }: OneProps) {
  const value = content[field.name];
  const text = typeof value === "string" ? value : "";
  const about = { label: field.label, hint: field.hint, wrong: wrong(), isOptional: !field.isRequired };
  if (field.as === "switch") return <Switch label={field.label} {...(field.hint ? { hint: field.hint } : {})} checked={value === true} onCheckedChange={set} />;
  if (field.as === "list") return <Lines about={field} all={(value as string[] | undefined) ?? []} set={set} wrong={wrong} />;
  if (field.as === "phones") return <Phones all={(value as Phone[] | undefined) ?? []} set={set} wrong={wrong} />;
  if (field.as === "addresses") return <Addresses all={(value as Address[] | undefined) ?? []} set={set} wrong={wrong} />;
  if (field.as === "area")
    return (
      <Field {...about}>
        <TextArea name={`payload.${field.name}`} value={text} onChange={(event) => set(event.target.value)} placeholder={field.placeholder} />
      </Field>
    );
  if (field.as === "choice")
    return (
      <Field {...about} isOptional={false}>
        <Select name={`payload.${field.name}`} value={text || (CHOSEN[field.name] ?? "")} onChange={(event) => set(event.target.value)}>
          {field.options?.map(([one, name]) => (
            <option key={one} value={one}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
    );
  const isMoment = field.as === "moment";
  const type = isMoment ? (content.all_day === true ? "date" : "datetime-local") : ((field.as && INPUT_TYPES[field.as]) ?? "text");
  // A date input shows nothing of a value with an hour in it, and a local one nothing of an offset.
  const shown = isMoment ? text.slice(0, content.all_day === true ? 10 : 16) : text;
  return (
    <Field {...about}>
      <Input name={`payload.${field.name}`} type={type} value={shown} onChange={(event) => set(event.target.value)} placeholder={field.placeholder} spellCheck={false} {...(field.as === "number" ? { inputMode: "decimal" } : {})} />
    </Field>
  );
}

type ListProps<T> = { all: T[]; set: (all: T[]) => void; wrong: OneProps["wrong"] };

/** Several of a thing: at least one row to type into, and a button for the next. */
function Several<T>({ title, all, set, fresh, row, wrong, isRequired }: ListProps<T> & { title: string; fresh: T; row: (one: T, put: (next: T) => void, at: number) => ReactNode; isRequired?: boolean | undefined }) {
  const rows = all.length === 0 ? [fresh] : all;
  const own = wrong();
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1.5 text-sm font-medium">
        {title} {!isRequired && <span className="ml-0.5 font-normal text-ink-3">optional</span>}
      </legend>
      {rows.map((one, at) => (
        <div key={at} className="flex items-start gap-1.5">
          <div className="min-w-0 flex-1">{row(one, (next) => set(rows.map((before, where) => (where === at ? next : before))), at)}</div>
          {rows.length > 1 && (
            <IconButton label={`Remove ${title.toLowerCase()} ${at + 1}`} onClick={() => set(rows.filter((_, where) => where !== at))}>
              <X />
            </IconButton>
          )}
        </div>
      ))}
      {own && !rows.some((_, at) => wrong(`[${at}]`)) && (
        <p role="alert" className="text-xs text-bad">
          {own}
        </p>
      )}
      <Button size="sm" look="quiet" icon={<Plus />} className="-ml-2 self-start" onClick={() => set([...rows, fresh])}>
        Another
      </Button>
    </fieldset>
  );
}

const Wrong = ({ text }: { text: string | undefined }) =>
  text ? (
    <p role="alert" className="mt-1 text-xs text-bad">
      {text}
    </p>
  ) : null;

function Lines({ about, all, set, wrong }: ListProps<string> & { about: FieldSpec }) {
  return (
    <Several
      title={about.label}
      isRequired={about.isRequired}
      all={all}
      set={set}
      wrong={wrong}
      fresh=""
      row={(one, put, at) => (
        <>
          <Input aria-label={at === 0 ? about.label : `${about.label} ${at + 1}`} value={one} placeholder={about.placeholder} onChange={(event) => put(event.target.value)} aria-invalid={wrong(`[${at}]`) !== undefined || undefined} />
          <Wrong text={wrong(`[${at}]`)} />
        </>
      )}
    />
  );
}

function Phones({ all, set, wrong }: ListProps<Phone>) {
  return (
    <Several
      title="Telephones"
      all={all}
      set={set}
      wrong={wrong}
      fresh={{ number: "", kind: "mobile" }}
      row={(one, put, at) => (
        <>
          <div className="flex gap-1.5">
            <Input aria-label={`Telephone ${at + 1}`} type="tel" value={one.number} placeholder="+49 30 1234567" onChange={(event) => put({ ...one, number: event.target.value })} aria-invalid={wrong(`[${at}]`) !== undefined || undefined} />
            <Select aria-label={`Kind of telephone ${at + 1}`} value={one.kind || "mobile"} onChange={(event) => put({ ...one, kind: event.target.value })} className="w-28! shrink-0">
              <option value="mobile">Mobile</option>
              <option value="work">Work</option>
              <option value="home">Home</option>
              <option value="fax">Fax</option>
            </Select>
          </div>
          <Wrong text={wrong(`[${at}]`)} />
        </>
      )}
    />
  );
}

const PARTS: [keyof Address, string, string][] = [
  ["street", "Street", "col-span-6"],
  ["postal_code", "Postal code", "col-span-2"],
  ["city", "City", "col-span-4"],
  ["region", "Region", "col-span-3"],
  ["country", "Country", "col-span-3"],
];

function Addresses({ all, set, wrong }: ListProps<Address>) {
  return (
    <Several
      title="Postal addresses"
      all={all}
      set={set}
      wrong={wrong}
      fresh={{ street: "", postal_code: "", city: "", region: "", country: "" }}
      row={(one, put, at) => (
        <>
          <div className="grid grid-cols-6 gap-1.5">
            {PARTS.map(([name, label, span]) => (
              <div key={name} className={span}>
                <Input aria-label={`${label}${at > 0 ? ` ${at + 1}` : ""}`} placeholder={label} value={one[name] ?? ""} onChange={(event) => put({ ...one, [name]: event.target.value })} />
              </div>
            ))}
          </div>
          <Wrong text={wrong(`[${at}]`)} />
        </>
      )}
    />
  );
}
