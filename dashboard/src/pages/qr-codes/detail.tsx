// One code: its picture and verdict, where it leads (changed in place, also after printing), and who scanned it.
import { useQuery } from "@tanstack/react-query";
import { Link as Go, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Archive, ArchiveRestore, ArrowUpRight, ChartColumn, Download, Pencil, Printer, Trash2 } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useLogin } from "@/api/session";
import { ChartCard } from "@/components/chart";
import { Confirm } from "@/components/confirm";
import { CodeBlock, CopyButton } from "@/components/copy";
import { RelativeTime } from "@/components/moments";
import { ErrorPanel, FormBody, ListSkeleton, Page } from "@/components/page";
import { StatCard } from "@/components/stats";
import { StatusBadge, Tag } from "@/components/ui/badge";
import { Button, buttonLook, IconButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Segments } from "@/components/ui/checks";
import { Field, Input } from "@/components/ui/field";
import { toast } from "@/components/ui/toast";
import { useForm } from "@/lib/form";
import { count } from "@/lib/numbers";
import { useShortcut } from "@/lib/shortcuts";
import { EDITORS } from "@/nav";
import { isPartial, type Interval } from "@/pages/analytics/period";
import { bare } from "../links/queries";
import { RANGES } from "../links/search";
import { CodePicture } from "./code-picture";
import type { QrCode, Style } from "./design";
import { BackToCodes } from "./designer";
import { DownloadDialog } from "./downloads";
import { CodeMenu, DeleteWords, EditCode, VIEWER } from "./menu";
import { payloadSpec } from "./payloads";
import { act, change, codeQuery, codeReportQuery, remove } from "./queries";
import { VerdictPanel } from "./verdict";

export function QrCodePage() {
  const { id } = useParams({ from: "/inside/qr-codes/$id" });
  const code = useQuery(codeQuery(id));
  if (code.data) return <Inside code={code.data} />;
  return (
    <Page title="QR code" above={<BackToCodes />}>
      {code.error ? <ErrorPanel error={code.error} onRetry={() => void code.refetch()} /> : <ListSkeleton rows={4} />}
    </Page>
  );
}

function Inside({ code }: { code: QrCode }) {
  const navigate = useNavigate();
  const { workspace } = useLogin();
  const mayEdit = workspace != null && EDITORS.includes(workspace.role);
  const [isOpen, setOpen] = useState(false);
  const isArchived = code.status === "archived";
  const why = !mayEdit ? VIEWER : isArchived ? "It is archived. Take it out of the archive first." : undefined;
  const gone = () => void navigate({ to: "/qr-codes" });
  useShortcut("e", "Edit the design", () => why === undefined && void navigate({ to: "/qr-codes/$id/edit", params: { id: code.id } }));
  return (
    <Page
      title={code.name}
      above={<BackToCodes />}
      about={<Face code={code} />}
      actions={
        <>
          <EditCode code={code} why={why} />
          <Button look="primary" icon={<Download />} why={isArchived ? "It is archived: it has no image." : undefined} onClick={() => setOpen(true)}>
            Download
          </Button>
          <CodeMenu code={code} mayEdit={mayEdit} onGone={gone} />
        </>
      }
    >
      {isArchived && (
        <div className="mb-4 flex flex-wrap items-center justify-between gap-3 rounded-lg border border-line bg-warn-soft px-3.5 py-2.5 text-sm">
          <p>
            Archived <RelativeTime at={code.archived_at} />. {code.kind === "dynamic" ? "A scan meets a page that says so (410), and its address stays taken." : "What is printed goes on working: the content is in the symbol."}
          </p>
          {mayEdit && (
            <Button size="sm" icon={<ArchiveRestore />} onClick={() => void act("unarchive", [code])}>
              Take out of the archive
            </Button>
          )}
        </div>
      )}
      <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_19rem]">
        <div className="order-2 flex min-w-0 flex-col gap-4 lg:order-1">
          <Target code={code} why={why} />
          {code.kind === "dynamic" ? <Scans id={code.id} total={code.scans ?? 0} /> : <NotCounted />}
          {mayEdit && <Danger code={code} onGone={gone} />}
        </div>
        <aside className="order-1 flex flex-col gap-4 lg:order-2">
          <Card>
            <div className="flex flex-col items-center gap-3">
              <CodePicture code={code} label={`QR code ${code.name}`} className="size-60 border-0! p-2" />
              {!isArchived && (
                <Button size="sm" asChild>
                  <Go to="/qr-codes/print" search={{ ids: code.id }}>
                    <Printer /> Print sheet
                  </Go>
                </Button>
              )}
            </div>
          </Card>
          <Card title="Will it scan?">
            <VerdictPanel verdict={code.verdict} />
          </Card>
          <Facts code={code} />
        </aside>
      </div>
      {isOpen && <DownloadDialog source={{ code }} style={code.style as Style} onClose={() => setOpen(false)} />}
    </Page>
  );
}

function Face({ code }: { code: QrCode }) {
  return (
    <span className="flex flex-wrap items-center gap-x-1.5 gap-y-1">
      {code.short_url && (
        <>
          <a href={code.short_url} target="_blank" rel="noreferrer" className="rounded font-medium text-accent-text hover:underline">
            {bare(code.short_url)}
          </a>
          <CopyButton text={code.short_url} label="short link" />
        </>
      )}
      <StatusBadge status={code.status === "archived" ? "archived" : (code.link_status ?? "active")} />
      <span className="text-ink-2">
        {payloadSpec(code.payload.type).name}, {code.kind}
      </span>
      {code.tags.map((tag) => (
        <Tag key={tag}>{tag}</Tag>
      ))}
    </span>
  );
}

/** What a scan brings. Only an address is short enough to be changed in a line; the rest has its form. */
function Target({ code, why }: { code: QrCode; why: string | undefined }) {
  const [isOpen, setOpen] = useState(false);
  if (code.payload.type === "url" && code.kind === "dynamic")
    return (
      <Card title="A scan leads to" aside={!isOpen && <IconButton label="Change the destination" size="icon-sm" why={why} onClick={() => setOpen(true)}><Pencil /></IconButton>}>
        {isOpen && !why ? (
          <Destination code={code} url={code.payload.url} onClose={() => setOpen(false)} />
        ) : (
          <a href={code.payload.url} target="_blank" rel="noreferrer" className="inline-flex max-w-full items-center gap-1 rounded text-sm font-medium hover:underline">
            <span className="truncate">{bare(code.payload.url)}</span>
            <ArrowUpRight aria-hidden className="size-3.5 shrink-0 text-ink-3" />
          </a>
        )}
      </Card>
    );
  const spec = payloadSpec(code.payload.type);
  const lines = spec.fields.flatMap((field) => {
    const value = (code.payload as Record<string, unknown>)[field.name];
    return value === undefined || value === null || value === false || value === "" || (Array.isArray(value) && value.length === 0) ? [] : [[field.label, field.name === "password" ? "••••••••" : inLine(value)] as const];
  });
  return (
    <Card title={code.kind === "dynamic" ? "A scan shows a page with" : "A scan reads"}>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-2 text-sm">
        {lines.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-3">{name}</dt>
            <dd className="break-words whitespace-pre-line">{value}</dd>
          </div>
        ))}
      </dl>
      {code.kind === "static" && code.payload.type !== "wifi" && (
        <div className="mt-4 border-t border-line pt-3">
          <p className="mb-1.5 text-xs text-ink-3">In the symbol</p>
          <CodeBlock code={code.data} label="content of the symbol" className="max-h-40 overflow-y-auto" />
        </div>
      )}
    </Card>
  );
}

function inLine(value: unknown): string {
  if (Array.isArray(value)) return value.map(inLine).join("\n");
  if (typeof value === "object" && value !== null) return Object.values(value).filter(Boolean).join(", ");
  return value === true ? "yes" : String(value);
}

function Destination({ code, url, onClose }: { code: QrCode; url: string; onClose: () => void }) {
  // What it was when this was opened: by the time an undo is offered, the code has the new one.
  const [before] = useState(url);
  const form = useForm(
    { payload: url },
    ({ payload }) => change(code, { payload: { type: "url", url: payload.trim() } }),
    () => {
      toast("Destination changed", { detail: "It acts on the next scan.", undo: () => void change(code, { payload: { type: "url", url: before } }) });
      onClose();
    },
  );
  return (
    <FormBody of={form} className="flex flex-col gap-3">
      <Field label="Destination" wrong={form.wrong("payload")} hint="What is printed stays as it is. The next scan leads here.">
        <Input type="url" value={form.values.payload} onChange={(event) => form.set("payload", event.target.value)} autoFocus onKeyDown={(event) => event.key === "Escape" && onClose()} />
      </Field>
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" isBusy={form.isSending} why={form.isDirty ? undefined : "Nothing is changed yet."} onClick={form.submit}>
          Save
        </Button>
      </div>
      <button type="submit" hidden />
    </FormBody>
  );
}

function Scans({ id, total }: { id: string; total: number }) {
  const { range = "30d" } = useSearch({ from: "/inside/qr-codes/$id" });
  const navigate = useNavigate({ from: "/qr-codes/$id" });
  const report = useQuery({ ...codeReportQuery(id, range), placeholderData: (before) => before });
  const sum = report.data?.summary;
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="text-sm font-semibold">Scans</h2>
        <span className="flex flex-wrap items-center gap-2">
          <Go to="/analytics" search={{ qr: id, ...(range === "30d" ? {} : { range }) }} className={buttonLook("quiet")}>
            <ChartColumn /> All analytics
          </Go>
          <Segments label="Range" value={range} onChange={(next) => void navigate({ search: { range: next }, replace: true, resetScroll: false })} options={RANGES.map((value) => ({ value, label: value }))} />
        </span>
      </div>
      <div className="grid grid-cols-2 gap-3 max-xl:*:last:col-span-2 xl:grid-cols-3">
        <StatCard name="Scans" value={sum?.clicks} change={sum?.change_pct?.clicks} hint={`${count(total)} in all`} isLoading={report.isPending} />
        <StatCard name="People" value={sum?.unique_visitors} change={sum?.change_pct?.unique_visitors} hint="told apart within a day" isLoading={report.isPending} />
        <StatCard name="Robots" value={sum?.robots} hint="not among the scans" isLoading={report.isPending} />
      </div>
      <ChartCard
        title="Scans over time"
        query={report}
        chart={() => ({
          label: `Scans, ${range}`,
          empty: "No scans in this time.",
          kind: "bars",
          interval: report.data?.range.interval ?? "day",
          points: (report.data?.series ?? []).map((point) => ({ start: point.start, values: [point.clicks], isPartial: isPartial(point.start, report.data!.range.interval as Interval, report.data!.range) })),
          lines: [{ name: "Scans", colour: "chart-1" }],
        })}
      />
    </>
  );
}

const NotCounted = () => (
  <Card title="Scans">
    <p className="max-w-lg text-sm text-ink-2">Nobody sees the scans of a static code: a phone reads what is in the symbol and asks no server. A dynamic code is counted.</p>
  </Card>
);

function Facts({ code }: { code: QrCode }) {
  const { style } = code;
  const lines: [string, ReactNode][] = [
    ["Link", code.link_id && <Go key="link" to="/links/$id" params={{ id: code.link_id }} className="rounded text-accent-text hover:underline">Rules and all clicks</Go>],
    ["Clicks", code.clicks != null && `${count(code.clicks)}, scans among them`],
    ["Last visit", code.kind === "dynamic" && <RelativeTime key="last" at={code.last_clicked_at} />],
    ["Size", style.unit && style.unit !== "px" ? `${style.width ?? ""} ${style.unit}, ${style.dpi ?? 300} dpi` : `${style.width ?? 512} px`],
    ["Level", style.qrOptions?.errorCorrectionLevel ?? "Q"],
    ["Created", <RelativeTime key="created" at={code.created_at} />],
    ["Changed", <RelativeTime key="changed" at={code.updated_at} />],
  ];
  return (
    <Card title="Facts">
      <dl className="flex flex-col gap-2 text-sm">
        {lines
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name} className="flex justify-between gap-3">
              <dt className="text-ink-3">{name}</dt>
              <dd className="min-w-0 truncate">{value}</dd>
            </div>
          ))}
      </dl>
      {code.notes && <p className="mt-3 border-t border-line pt-3 text-sm whitespace-pre-wrap text-ink-2">{code.notes}</p>}
    </Card>
  );
}

function Danger({ code, onGone }: { code: QrCode; onGone: () => void }) {
  const [asks, setAsks] = useState(false);
  const isArchived = code.status === "archived";
  return (
    <Card title="Out of use">
      <div className="flex flex-col divide-y divide-line">
        {!isArchived && (
          <div className="flex flex-wrap items-center justify-between gap-3 pb-3">
            <p className="min-w-0 flex-1 basis-64 text-sm text-ink-2">
              <strong className="block font-medium text-ink">Archive</strong>
              {code.kind === "dynamic" ? "A scan meets a page that says so. It can be undone." : "It leaves the list. What is printed goes on working."}
            </p>
            <Button icon={<Archive />} onClick={() => void act("archive", [code])}>
              Archive
            </Button>
          </div>
        )}
        <div className={`flex flex-wrap items-center justify-between gap-3 ${isArchived ? "" : "pt-3"}`}>
          <p className="min-w-0 flex-1 basis-64 text-sm text-ink-2">
            <strong className="block font-medium text-ink">Delete</strong>
            {code.kind === "dynamic" ? "What is printed answers 404. For good." : "It is gone from here. For good."}
          </p>
          <Button icon={<Trash2 />} className="text-bad!" onClick={() => setAsks(true)}>
            Delete
          </Button>
        </div>
      </div>
      <Confirm
        isOpen={asks}
        onClose={() => setAsks(false)}
        title="Delete this QR code?"
        does="Delete QR code"
        run={async () => {
          await remove([code]);
          onGone();
        }}
      >
        <DeleteWords codes={[code]} />
      </Confirm>
    </Card>
  );
}
