// Making and changing a key: what it is called, what it may do, until when, from where, how often.
import { useState } from "react";
import type { Schemas } from "@/api/client";
import { FormBody } from "@/components/page";
import { Button } from "@/components/ui/button";
import { Cards, Segments } from "@/components/ui/checks";
import { Drawer } from "@/components/ui/dialog";
import { Field, Input, Select, TextArea } from "@/components/ui/field";
import { toast } from "@/components/ui/toast";
import { useForm, type Form } from "@/lib/form";
import { DAY_MS, exactly, fromLocalInput, toLocalInput } from "@/lib/time";
import { changeKey, createKey, type Key, type KeyWithSecret } from "./queries";
import { ScopeTree } from "./scope-tree";

const PRESETS = ["read", "read_write", "all"] as const;
type Grant = (typeof PRESETS)[number] | "custom";
const EXPIRIES = { none: "Never", "7": "7 days", "30": "30 days", "90": "90 days", "365": "1 year", date: "A date" } as const;
type Expiry = keyof typeof EXPIRIES;

function valuesOf(key: Key | undefined) {
  const preset = PRESETS.find((one) => key?.scopes.length === 1 && key.scopes[0] === one);
  return {
    name: key?.name ?? "",
    owner: (key?.owner ?? "workspace") as Schemas["ApiKeyOwner"],
    grant: (preset ?? (key ? "custom" : "read_write")) as Grant,
    scopes: preset || !key ? [] : key.scopes,
    expiry: (key?.expires_at ? "date" : key ? "none" : "90") as Expiry,
    expires_at: toLocalInput(key?.expires_at),
    ip_allow: key?.ip_allow.join("\n") ?? "",
    ip_allow_mode: (key?.ip_allow_mode ?? "off") as Schemas["AllowMode"],
    requests_per_minute: key?.rate_limits?.requests_per_minute?.toString() ?? "",
    requests_per_day: key?.rate_limits?.requests_per_day?.toString() ?? "",
    requests_per_month: key?.rate_limits?.requests_per_month?.toString() ?? "",
    /** Where the server puts what is wrong with any of the three. */
    rate_limits: null,
  };
}
type Values = ReturnType<typeof valuesOf>;

const limit = (typed: string) => (typed === "" ? null : Number(typed));

function plain(values: Values) {
  const limits = {
    requests_per_minute: limit(values.requests_per_minute),
    requests_per_day: limit(values.requests_per_day),
    requests_per_month: limit(values.requests_per_month),
  };
  return {
    name: values.name.trim(),
    scopes: values.grant === "custom" ? values.scopes : [values.grant],
    expires_at: values.expiry === "none" ? null : values.expiry === "date" ? fromLocalInput(values.expires_at) : new Date(Date.now() + Number(values.expiry) * DAY_MS).toISOString(),
    ip_allow: values.ip_allow.split(/[\s,]+/).filter(Boolean),
    ip_allow_mode: values.ip_allow_mode,
    rate_limits: Object.values(limits).every((one) => one === null) ? null : limits,
  };
}

function changeOf(values: Values, key: Key): Schemas["ChangeApiKey"] {
  const [now, before] = [plain(values), plain(valuesOf(key))];
  const changed = Object.entries(now).filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(before[field as keyof typeof before]));
  return Object.fromEntries(changed) as Schemas["ChangeApiKey"];
}

type Props = { keyToEdit?: Key; onClose: () => void; onMade: (made: KeyWithSecret) => void };

export function KeyDrawer({ keyToEdit, onClose, onMade }: Props) {
  const form = useForm<Values, Key | KeyWithSecret>(
    valuesOf(keyToEdit),
    (values) => (keyToEdit ? changeKey(keyToEdit.id, changeOf(values, keyToEdit)) : createKey({ ...plain(values), owner: values.owner })),
    (answer) => {
      if ("key" in answer) return onMade(answer);
      toast("Key changed", { detail: "It acts on the next request." });
      onClose();
    },
  );
  return (
    <Drawer
      isOpen
      onClose={onClose}
      isDirty={form.isDirty}
      title={keyToEdit ? "Edit key" : "Create an API key"}
      about={keyToEdit ? <code className="font-mono text-xs">{keyToEdit.preview}</code> : "A program that uses this key acts for the workspace, within what you allow here."}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" isBusy={form.isSending} why={keyToEdit && !form.isDirty ? "Nothing is changed yet." : undefined} onClick={form.submit}>
            {keyToEdit ? "Save" : "Generate key"}
          </Button>
        </>
      }
    >
      <FormBody of={form} className="flex flex-col gap-5">
        <Field label="Name" hint="What uses it: “CMS, production”." wrong={form.wrong("name")}>
          <Input autoFocus value={form.values.name} onChange={(event) => form.set("name", event.target.value)} />
        </Field>
        <Grants form={form} />
        <ExpiryFields form={form} />
        {!keyToEdit && (
          <Field label="Belongs to" wrong={form.wrong("owner")} hint={form.values.owner === "personal" ? "Ends with your membership, and never does more than you may." : "Stays when people leave."}>
            <Select value={form.values.owner} onChange={(event) => form.set("owner", event.target.value as Values["owner"])}>
              <option value="workspace">The workspace</option>
              <option value="personal">Me</option>
            </Select>
          </Field>
        )}
        <AllowList form={form} />
        <RateLimits form={form} />
        <button type="submit" hidden />
      </FormBody>
    </Drawer>
  );
}

function Grants({ form }: { form: Form<Values> }) {
  return (
    <div className="flex flex-col gap-2">
      <p className="text-sm font-medium">May</p>
      <Cards
        label="May"
        value={form.values.grant}
        onChange={(grant) => form.set("grant", grant)}
        options={[
          { value: "read", label: "Read", hint: "See links, QR codes and their numbers; change nothing." },
          { value: "read_write", label: "Read + write", hint: "All content. Not keys, not the audit log." },
          { value: "all", label: "Everything", hint: "Making and revoking keys too." },
          { value: "custom", label: "Custom", hint: "Exactly these scopes." },
        ]}
      />
      {form.values.grant === "custom" && <ScopeTree value={form.values.scopes} onChange={(scopes) => form.set("scopes", scopes)} />}
      {form.wrong("scopes") && (
        <p role="alert" className="text-xs text-bad">
          {form.wrong("scopes")}
        </p>
      )}
    </div>
  );
}

function ExpiryFields({ form }: { form: Form<Values> }) {
  const { expiry, expires_at } = form.values;
  const [now] = useState(() => Date.now());
  const end = expiry === "none" || expiry === "date" ? null : exactly(now + Number(expiry) * DAY_MS);
  return (
    <div className="flex flex-col gap-2">
      <p className="text-sm font-medium">Ends</p>
      <div className="overflow-x-auto">
        <Segments label="Ends" value={expiry} onChange={(value) => form.set("expiry", value)} options={(Object.keys(EXPIRIES) as Expiry[]).toSorted((a, b) => order(a) - order(b)).map((value) => ({ value, label: EXPIRIES[value] }))} />
      </div>
      {expiry === "date" ? (
        <Field label="On" wrong={form.wrong("expires_at")}>
          <Input type="datetime-local" value={expires_at} onChange={(event) => form.set("expires_at", event.target.value)} />
        </Field>
      ) : (
        <p className={`text-xs ${form.wrong("expires_at") ? "text-bad" : "text-ink-3"}`}>{form.wrong("expires_at") ?? (end ? `On ${end}` : "It works until somebody revokes it.")}</p>
      )}
    </div>
  );
}

const order = (expiry: Expiry) => (expiry === "none" ? 1000 : expiry === "date" ? 1001 : Number(expiry));

function AllowList({ form }: { form: Form<Values> }) {
  const { ip_allow_mode } = form.values;
  return (
    <div className="flex flex-col gap-2">
      <p className="text-sm font-medium">Allow list</p>
      <Segments
        label="Allow list"
        value={ip_allow_mode}
        onChange={(mode) => form.set("ip_allow_mode", mode)}
        options={[
          { value: "off", label: "From anywhere" },
          { value: "report_only", label: "Report only" },
          { value: "enforce", label: "Only from these" },
        ]}
      />
      {ip_allow_mode !== "off" && (
        <Field
          label="Networks"
          wrong={form.wrong("ip_allow")}
          hint={ip_allow_mode === "enforce" ? "One in a line. From elsewhere: 403 ip_not_allowed." : "One in a line. Requests from elsewhere are served and noted in the log."}
        >
          <TextArea className="font-mono text-xs!" placeholder={"203.0.113.0/24\n2001:db8::/32"} value={form.values.ip_allow} onChange={(event) => form.set("ip_allow", event.target.value)} />
        </Field>
      )}
    </div>
  );
}

function RateLimits({ form }: { form: Form<Values> }) {
  const fields = [
    ["requests_per_minute", "a minute"],
    ["requests_per_day", "a day"],
    ["requests_per_month", "a month"],
  ] as const;
  return (
    <div className="flex flex-col gap-2">
      <p className="text-sm font-medium">
        Requests at most <span className="ml-1 font-normal text-ink-3">optional</span>
      </p>
      <div className="grid grid-cols-3 gap-2">
        {fields.map(([name, words]) => (
          <Field key={name} label={<span className="text-xs font-normal text-ink-2">{words}</span>} wrong={form.wrong(name)}>
            <Input type="number" min={1} inputMode="numeric" placeholder="as the plan" value={form.values[name]} onChange={(event) => form.set(name, event.target.value)} />
          </Field>
        ))}
      </div>
      {form.wrong("rate_limits") && (
        <p role="alert" className="text-xs text-bad">
          {form.wrong("rate_limits")}
        </p>
      )}
    </div>
  );
}
