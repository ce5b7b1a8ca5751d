// The first step: what the code says, and whether that can be changed after printing.
import { useQuery } from "@tanstack/react-query";
import { RadioGroup } from "radix-ui";
import { tagsQuery } from "@/api/queries";
import { TagField } from "@/components/tag-field";
import { Card } from "@/components/ui/card";
import { Cards } from "@/components/ui/checks";
import { Affixed, Field, Input, TextArea } from "@/components/ui/field";
import { cx } from "@/lib/cx";
import type { Controls } from "./controls";
import type { Kind, PayloadType, QrCode } from "./design";
import { PayloadFields } from "./payload-fields";
import { PAYLOADS, payloadSpec } from "./payloads";

const PAGES: Partial<Record<PayloadType, string>> = { wifi: "the network", vcard: "the contact", event: "the event", app: "the stores" };

export function ContentStep({ controls, code }: { controls: Controls; code: QrCode | undefined }) {
  const { draft, change, wrong } = controls;
  const spec = payloadSpec(draft.type);
  return (
    <div className="flex flex-col gap-4">
      <Card>
        <div className="flex flex-col gap-4">
          <Field label="Name" wrong={wrong("name")} hint={code ? undefined : "For you and your team. It is not in the code."}>
            <Input name="name" value={draft.name} onChange={(event) => change("name", (now) => ({ ...now, name: event.target.value }))} placeholder="Menu, table 7" autoFocus={!code} />
          </Field>
          {!code && <Types controls={controls} />}
        </div>
      </Card>
      <Card title={spec.name}>
        <div className="flex flex-col gap-5">
          <PayloadFields controls={controls} />
          <KindChoice controls={controls} code={code} />
        </div>
      </Card>
      <Card title="Details">
        <Details controls={controls} code={code} />
      </Card>
    </div>
  );
}

function Types({ controls: { draft, change } }: { controls: Controls }) {
  const choose = (type: PayloadType) =>
    change("type", (now) => {
      const { kinds } = payloadSpec(type);
      return { ...now, type, kind: kinds.includes(now.kind) ? now.kind : kinds[0]! };
    });
  return (
    <div>
      <p className="mb-1.5 text-sm font-medium">What it says</p>
      <RadioGroup.Root aria-label="What it says" value={draft.type} onValueChange={(type) => choose(type as PayloadType)} className="grid grid-cols-[repeat(auto-fill,minmax(9.75rem,1fr))] gap-1.5">
        {PAYLOADS.map(({ type, name, about, icon: Icon }) => (
          <RadioGroup.Item
            key={type}
            value={type}
            aria-label={name}
            className={cx(
              "group flex min-w-0 items-center gap-2.5 rounded-lg border border-line px-2.5 py-2 text-left transition-colors hover:border-line-strong hover:bg-hover",
              "data-[state=checked]:border-accent data-[state=checked]:bg-accent-soft",
            )}
          >
            <Icon aria-hidden className="size-4 shrink-0 text-ink-3 group-data-[state=checked]:text-accent-text" />
            <span className="min-w-0">
              <span className="block truncate text-sm leading-4 font-medium">{name}</span>
              <span className="block truncate text-2xs text-ink-2">{about}</span>
            </span>
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
    </div>
  );
}

function KindChoice({ controls: { draft, change }, code }: { controls: Controls; code: QrCode | undefined }) {
  const { kinds, name } = payloadSpec(draft.type);
  const shows = PAGES[draft.type];
  const dynamic = shows
    ? `The code holds a short address, whose page shows ${shows}. You can change it after printing, and see every scan.`
    : "The code holds a short address. You can change where it leads after printing, and see every scan.";
  const fixed = "The content itself is in the code. It works without this server, cannot be changed once it is printed, and its scans are seen by nobody.";
  if (code || kinds.length === 1)
    return (
      <p className="rounded-lg bg-sunken px-3 py-2.5 text-xs text-ink-2">
        <strong className="font-medium text-ink">{draft.kind === "dynamic" ? "Dynamic. " : "Static. "}</strong>
        {code && draft.kind === "static" && isPrinted}
        {!code && kinds.length === 1 && (draft.kind === "dynamic" ? `${name} is dynamic only. ` : "")}
        {draft.kind === "dynamic" ? dynamic : !code ? fixed : ""}
      </p>
    );
  return (
    <Cards<Kind>
      label="Dynamic or static"
      value={draft.kind}
      onChange={(kind) => change("kind", (now) => ({ ...now, kind }))}
      options={[
        { value: "dynamic", label: "Dynamic", hint: dynamic },
        { value: "static", label: "Static", hint: fixed },
      ]}
    />
  );
}

const isPrinted = "What is printed keeps saying what it said: a change makes another symbol.";

function Details({ controls: { draft, change, wrong }, code }: { controls: Controls; code: QrCode | undefined }) {
  const tags = useQuery(tagsQuery);
  return (
    <div className="flex flex-col gap-4">
      {draft.kind === "dynamic" && (
        <Field label="Short link" isOptional={!code} wrong={wrong("alias")} hint={code ? "It is printed, so it stays." : "It is printed, so it cannot be changed later. Left empty: seven characters."}>
          <Affixed before={`${code?.domain ?? location.host}/`}>
            <Input name="alias" value={draft.alias} readOnly={code !== undefined} onChange={(event) => change("alias", (now) => ({ ...now, alias: event.target.value }))} placeholder="menu" spellCheck={false} className={code ? "text-ink-3" : ""} />
          </Affixed>
        </Field>
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Tags" isOptional wrong={wrong("tags")}>
          <TagField value={draft.tags} onChange={(next) => change("tags", (now) => ({ ...now, tags: next }))} known={tags.data?.map((one) => one.tag) ?? []} />
        </Field>
        <Field label="Notes" isOptional wrong={wrong("notes")}>
          <TextArea name="notes" rows={1} value={draft.notes} onChange={(event) => change("notes", (now) => ({ ...now, notes: event.target.value }))} />
        </Field>
      </div>
    </div>
  );
}
