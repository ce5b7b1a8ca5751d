// A new job in two steps: the file, and what its columns are. Nothing is made before the validation was seen.
import { useMutation } from "@tanstack/react-query";
import { Link as Go, useNavigate } from "@tanstack/react-router";
import { FileSpreadsheet, Upload, X } from "lucide-react";
import { useId, useState } from "react";
import { problemOf } from "@/api/problem";
import { useLogin } from "@/api/session";
import { FormProblem, Page } from "@/components/page";
import { Button, IconButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Cards } from "@/components/ui/checks";
import { Input, Select } from "@/components/ui/field";
import { cx } from "@/lib/cx";
import { plural } from "@/lib/numbers";
import { EDITORS } from "@/nav";
import { previewOf, type Preview } from "./csv";
import { ENTRIES, entryOf, FIELDS, guess, mappingOf, wrongWith, type Resource } from "./fields";
import { BULK_VIEWER } from "./list";
import { begin, type OnError } from "./queries";
import { bytesShown } from "./state";

const FILE_BYTES_MAX = 512 * 1024 * 1024;
const RESOURCES = Object.keys(FIELDS) as Resource[];

const WORDS: Record<Resource, { label: string; hint: string }> = {
  links: { label: "Links", hint: "A short link for each row. Plain QR codes of them come as one archive." },
  qr_codes: { label: "QR codes", hint: "A code for each row, judged before it is made. A column with the id of a template gives it its look." },
};

type Chosen = { file: File; preview: Preview; fields: string[] };

export const BackToBulk = () => (
  <Go to="/bulk" className="rounded hover:text-ink">
    ← Bulk
  </Go>
);

export function NewJobPage() {
  const { workspace } = useLogin();
  const mayEdit = workspace != null && EDITORS.includes(workspace.role);
  const [resource, setResource] = useState<Resource>("links");
  const [chosen, setChosen] = useState<Chosen>();
  const [onError, setOnError] = useState<OnError>("abort");
  const navigate = useNavigate();
  const send = useMutation({
    mutationFn: ({ file, preview, fields }: Chosen) => begin({ file, name: file.name, resource, mapping: mappingOf(preview.header, fields) }, onError),
    onSuccess: (job) => void navigate({ to: "/bulk/$id", params: { id: job.id }, replace: true }),
  });
  const turn = (next: Resource) => {
    setResource(next);
    setChosen((before) => before && { ...before, fields: guess(next, before.preview.header) });
  };
  if (!mayEdit)
    return (
      <Page title="Upload a file" above={<BackToBulk />}>
        <p className="text-sm text-ink-2">{BULK_VIEWER}</p>
      </Page>
    );
  const why = chosen ? wrongWith(resource, chosen.fields) : "Choose a file first.";
  return (
    <Page
      title="Upload a file"
      above={<BackToBulk />}
      about="Every row is validated first. Nothing is made before you have seen the report."
      actions={
        <Button look="primary" icon={<Upload />} why={why} isBusy={send.isPending} onClick={() => chosen && send.mutate(chosen)}>
          {send.isPending ? "Sending the file" : "Validate"}
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <FormProblem problem={send.error ? problemOf(send.error) : null} />
          <Card title="What the rows become">
            <Cards<Resource> label="What the rows become" value={resource} onChange={turn} options={RESOURCES.map((value) => ({ value, ...WORDS[value] }))} />
          </Card>
        {chosen ? (
          <>
            <FileLine chosen={chosen} onClear={() => setChosen(undefined)} />
            <Mapping resource={resource} chosen={chosen} onChange={(fields) => setChosen({ ...chosen, fields })} />
            <Card title="If a row is wrong">
              <Cards<OnError>
                label="If a row is wrong"
                value={onError}
                onChange={setOnError}
                options={[
                  { value: "abort", label: "All or nothing", hint: "One wrong row, and none is made. You see the report, and can still skip the bad ones." },
                  { value: "skip", label: "Skip the bad rows", hint: "The others are made once you start. The report says which were not, and why." },
                ]}
              />
            </Card>
          </>
        ) : (
          <Drop resource={resource} onChosen={(file, preview) => setChosen({ file, preview, fields: guess(resource, preview.header) })} />
        )}
      </div>
    </Page>
  );
}

function Drop({ resource, onChosen }: { resource: Resource; onChosen: (file: File, preview: Preview) => void }) {
  const id = useId();
  const [isOver, setOver] = useState(false);
  const [wrong, setWrong] = useState<string>();
  const take = async (file: File | undefined) => {
    if (!file) return;
    if (file.size > FILE_BYTES_MAX) return setWrong(`${file.name} has ${bytesShown(file.size)}; at most 512 MiB are taken.`);
    try {
      onChosen(file, await previewOf(file));
    } catch (error) {
      setWrong(`${file.name}: ${error instanceof Error ? error.message : "it could not be read."}`);
    }
  };
  const needed = FIELDS[resource].filter((field) => field.isNeeded).map((field) => field.name);
  return (
    <div className="flex flex-col gap-3">
      <label
        htmlFor={id}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void take(event.dataTransfer.files[0]);
        }}
        className={cx(
          "flex cursor-pointer flex-col items-center gap-1 rounded-xl border border-dashed px-5 py-16 text-center transition-colors focus-within:outline-2 focus-within:outline-accent",
          isOver ? "border-accent bg-accent-soft" : "border-line-strong hover:bg-hover",
        )}
      >
        <FileSpreadsheet aria-hidden className="mb-2 size-6 text-accent-text" />
        <span className="text-base font-semibold">Drop a CSV file here</span>
        <span className="text-sm text-ink-2">or choose one. UTF-8, the first row names the columns, at most 512 MiB and 1,000,000 rows.</span>
        <input
          id={id}
          type="file"
          accept=".csv,.tsv,.txt,text/csv"
          className="sr-only"
          onChange={(event) => {
            void take(event.target.files?.[0]);
            event.target.value = "";
          }}
        />
      </label>
      <FormProblem problem={wrong ? { detail: wrong, request_id: "" } : null} />
      <p className="text-xs text-ink-3">
        Needed: {needed.map((name) => <code key={name} className="font-mono">{name}</code>)}. Columns may have any name: in the next step you say which is what. Commas, semicolons or tabs.
      </p>
    </div>
  );
}

const FileLine = ({ chosen: { file, preview }, onClear }: { chosen: Chosen; onClear: () => void }) => (
  <div className="flex items-center gap-3 rounded-xl border border-line bg-surface px-4 py-3">
    <FileSpreadsheet aria-hidden className="size-4 shrink-0 text-accent-text" />
    <div className="min-w-0 flex-1">
      <p className="truncate text-sm font-medium">{file.name}</p>
      <p className="text-xs text-ink-3">
        {bytesShown(file.size)}, {plural(preview.header.length, "column")}
      </p>
    </div>
    <IconButton label="Choose another file" onClick={onClear}>
      <X />
    </IconButton>
  </div>
);

function Mapping({ resource, chosen, onChange }: { resource: Resource; chosen: Chosen; onChange: (fields: string[]) => void }) {
  const { preview, fields } = chosen;
  const put = (at: number, field: string) => onChange(fields.map((before, where) => (where === at ? field : before)));
  const left = fields.filter((field) => field === "").length;
  return (
    <Card title="Columns" aside={<span className="text-xs text-ink-3">{left === 0 ? "all are used" : `${left} left out`}</span>} isFlush>
      <ul className="divide-y divide-line">
        {preview.header.map((name, at) => {
          const field = fields[at] ?? "";
          const entry = entryOf(resource, field);
          const values = preview.rows.map((row) => row[at] ?? "").filter((value) => value !== "");
          return (
            <li key={at} className="grid items-center gap-x-4 gap-y-2 px-4 py-3 sm:grid-cols-[minmax(0,1fr)_minmax(0,1.2fr)_15rem]">
              <span className={cx("truncate text-sm font-medium", field === "" && "text-ink-3 line-through")}>{name || `Column ${at + 1}`}</span>
              <span className="truncate text-xs text-ink-3">{values.length > 0 ? values.join(" · ") : "empty in the first rows"}</span>
              <span className="flex gap-1.5">
                <Select aria-label={`Column ${name || at + 1} is`} value={entry?.prefix ?? field} onChange={(event) => put(at, event.target.value.endsWith(".") ? `${event.target.value}${name.trim() || "entry"}` : event.target.value)}>
                  <option value="">Left out</option>
                  {FIELDS[resource].map((one) => (
                    <option key={one.name} value={one.name}>
                      {one.label}
                      {one.isNeeded ? " (needed)" : ""}
                    </option>
                  ))}
                  {ENTRIES[resource].map(({ prefix, label }) => (
                    <option key={prefix} value={prefix}>
                      {label}
                    </option>
                  ))}
                </Select>
                {entry && <Input aria-label={`Name of the entry of column ${name || at + 1}`} value={field.slice(entry.prefix.length)} onChange={(event) => put(at, `${entry.prefix}${event.target.value}`)} />}
              </span>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
