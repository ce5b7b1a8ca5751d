// One job, followed as it goes: what is wrong with the file, the decision to start, the progress, and what came of it.
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link as Go, useNavigate, useParams } from "@tanstack/react-router";
import { CircleCheck, CircleX, Download, Play, Trash2, TriangleAlert } from "lucide-react";
import { useState, type ReactNode } from "react";
import { download } from "@/api/client";
import { problemOf } from "@/api/problem";
import { useLogin } from "@/api/session";
import { Confirm } from "@/components/confirm";
import { RelativeTime } from "@/components/moments";
import { ErrorPanel, FormProblem, ListSkeleton, Page } from "@/components/page";
import { StatCard } from "@/components/stats";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Dialog } from "@/components/ui/dialog";
import { Segments } from "@/components/ui/checks";
import { Field, Input } from "@/components/ui/field";
import { toast, toastError } from "@/components/ui/toast";
import { count, plural } from "@/lib/numbers";
import { EDITORS } from "@/nav";
import { BULK_VIEWER } from "./list";
import { BackToBulk } from "./new";
import { begin, cancel, isOver, jobQuery, removeJob, start, uploadOf, useProgress, type Job } from "./queries";
import { bytesShown, jobName, JobState, Progress, THINGS } from "./state";

export function JobPage() {
  const { id } = useParams({ from: "/inside/bulk/$id" });
  const job = useQuery({ ...jobQuery(id), staleTime: 60_000 });
  const lost = useProgress(job.data);
  if (job.data) return <Inside key={id} job={job.data} lost={lost} />;
  return (
    <Page title="Bulk job" above={<BackToBulk />}>
      {job.error ? <ErrorPanel error={job.error} onRetry={() => void job.refetch()} /> : <ListSkeleton rows={4} />}
    </Page>
  );
}

function Inside({ job, lost }: { job: Job; lost: unknown }) {
  const { workspace } = useLogin();
  const mayEdit = workspace != null && EDITORS.includes(workspace.role);
  const why = mayEdit ? undefined : BULK_VIEWER;
  const navigate = useNavigate();
  const [asks, setAsks] = useState<"cancel" | "delete" | "images" | null>(null);
  const starting = useMutation({ mutationFn: () => start(job.id), onError: (error) => toastError("The job was not started", error) });
  const [one, many] = THINGS[job.resource];
  const made = Math.max(0, job.created - job.removed);
  const hasResult = job.started_at != null;
  const isUndone = job.on_error === "abort" && (job.state === "failed" || job.state === "cancelled");
  return (
    <Page
      title={jobName(job)}
      above={<BackToBulk />}
      about={
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <JobState job={job} />
          <span>
            {bytesShown(job.bytes)}, {job.on_error === "abort" ? "all or nothing" : "bad rows are skipped"}, begun <RelativeTime at={job.created_at} />
          </span>
        </span>
      }
      actions={
        <>
          {isOver(job) ? (
            <Button icon={<Trash2 />} why={why} onClick={() => setAsks("delete")}>
              Delete job
            </Button>
          ) : (
            <Button why={why} onClick={() => setAsks("cancel")}>
              Cancel job
            </Button>
          )}
          {job.state === "ready" && (
            <Button look="primary" icon={<Play />} why={why} isBusy={starting.isPending} onClick={() => starting.mutate()}>
              Make {plural(job.valid, one, many)}
            </Button>
          )}
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Standing job={job} lost={lost} />
        <div className="grid grid-cols-2 gap-3 sm:grid-cols-4">
          <StatCard name="Rows" value={job.rows} hint={job.state === "validating" ? "looked at so far" : undefined} />
          <StatCard name="Right" value={job.valid} />
          <StatCard name="Wrong" value={job.invalid} hint={job.errors_total > job.invalid ? plural(job.errors_total, "wrong field") : undefined} />
          <StatCard name="Made" value={made} hint={job.removed > 0 ? `${count(job.removed)} removed again` : job.refused > 0 && job.started_at ? `${count(job.refused)} refused` : undefined} />
        </div>
        {job.state === "refused" && <Refused job={job} why={why} />}
        {job.errors_total > 0 && <Report job={job} />}
        {hasResult && !isUndone && (
          <Card title="What came of it">
            <div className="flex flex-wrap items-center gap-2">
              <Button icon={<Download />} onClick={() => void download(`/v1/bulk/jobs/${job.id}/result.csv`, "result.csv").catch((error: unknown) => toastError("The file was not made", error))}>
                Result as CSV
              </Button>
              <Button icon={<Download />} why={made === 0 ? "Nothing was made." : undefined} onClick={() => setAsks("images")}>
                QR images as ZIP
              </Button>
              {job.state === "done" && (
                <Button asChild look="quiet">
                  <Go to={job.resource === "links" ? "/links" : "/qr-codes"}>See the {many}</Go>
                </Button>
              )}
            </div>
            <p className="mt-2 text-xs text-ink-3">One line for each row: its {one}, or why there is none. Both are kept with the job.</p>
          </Card>
        )}
      </div>
      {asks === "images" && <Images job={job} onClose={() => setAsks(null)} />}
      <Confirm isOpen={asks === "cancel"} onClose={() => setAsks(null)} title="Cancel this job?" does="Cancel job" run={() => cancel(job.id)}>
        <p>{job.started_at == null ? `Nothing was made yet.` : job.on_error === "abort" ? `The ${plural(made, one, many)} made so far are removed again.` : `The ${plural(made, one, many)} made so far stay.`}</p>
      </Confirm>
      <Confirm
        isOpen={asks === "delete"}
        onClose={() => setAsks(null)}
        title="Delete this job?"
        does="Delete job"
        run={async () => {
          await removeJob(job.id);
          toast("Job deleted", { detail: "What it made stays." });
          void navigate({ to: "/bulk" });
        }}
      >
        <p>Its report and its result go with it. What it made stays.</p>
      </Confirm>
    </Page>
  );
}

const WORDS: Record<Job["state"], (job: Job) => ReactNode> = {
  validating: () => "Every row is tried. Nothing is made yet.",
  ready: (job) => (job.invalid > 0 ? `${plural(job.invalid, "row")} will be left out. Look at the report, then start.` : "Every row is right. Start when you want."),
  running: (job) => `${count(job.created)} of ${count(job.valid)} made.`,
  undoing: (job) => `What was made is removed again: ${count(job.removed)} of ${count(job.created)}.`,
  refused: () => "Nothing was made.",
  done: (job) => (job.refused > 0 ? `${count(job.created)} made, ${plural(job.refused, "row")} refused.` : `All ${count(job.created)} are made.`),
  failed: (job) => job.failure ?? "It failed.",
  cancelled: (job) => (job.created > job.removed ? `${count(job.created - job.removed)} were made before, and stay.` : "Nothing of it is left."),
};

function Standing({ job, lost }: { job: Job; lost: unknown }) {
  const icon = job.state === "done" ? <CircleCheck className="text-good" /> : job.state === "refused" || job.state === "failed" ? <CircleX className="text-bad" /> : job.state === "ready" && job.invalid > 0 ? <TriangleAlert className="text-warn" /> : null;
  return (
    <div className="flex flex-col gap-3 rounded-xl border border-line bg-surface px-4 py-3.5">
      <div className="flex items-center gap-2.5 text-sm [&_svg]:size-4 [&_svg]:shrink-0">
        {icon}
        <p role="status" className="min-w-0 flex-1">
          {WORDS[job.state](job)}
        </p>
        {!isOver(job) && job.state !== "ready" && <span className="tnum text-xs text-ink-2">{job.progress_pct} %</span>}
      </div>
      {!isOver(job) && <Progress job={job} />}
      <FormProblem problem={lost ? problemOf(lost) : null} />
    </div>
  );
}

/** The same file once more, without its bad rows: only while this page still has it. */
function Refused({ job, why }: { job: Job; why: string | undefined }) {
  const upload = uploadOf(job.id);
  const navigate = useNavigate();
  const again = useMutation({
    mutationFn: () => begin(upload!, "skip"),
    onSuccess: (next) => void navigate({ to: "/bulk/$id", params: { id: next.id } }),
    onError: (error) => toastError("The file was not sent", error),
  });
  if (job.on_error === "skip" || job.valid === 0)
    return (
      <p className="text-sm text-ink-2">
        No row of it is right. Mend the file, then{" "}
        <Go to="/bulk/new" className="rounded font-medium text-accent-text hover:underline">
          upload it again
        </Go>
        .
      </p>
    );
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 rounded-xl border border-line bg-warn-soft px-4 py-3 text-sm">
      <p>
        {plural(job.valid, "row")} would be right. {upload ? "They can be made without the others." : "Upload the file again and choose “Skip the bad rows”, or mend it."}
      </p>
      {upload ? (
        <Button why={why} isBusy={again.isPending} onClick={() => again.mutate()}>
          Skip the bad rows
        </Button>
      ) : (
        <Button asChild>
          <Go to="/bulk/new">Upload a file</Go>
        </Button>
      )}
    </div>
  );
}

function Report({ job }: { job: Job }) {
  return (
    <Card
      title="What is wrong"
      isFlush
      aside={
        <Button size="sm" icon={<Download />} why={job.state === "validating" ? "The validation is not over." : undefined} onClick={() => void download(`/v1/bulk/jobs/${job.id}/report.csv`, "report.csv").catch((error: unknown) => toastError("The file was not made", error))}>
          Report as CSV
        </Button>
      }
    >
      <div className="overflow-x-auto">
        <table className="w-full text-left text-sm">
          <thead className="text-xs text-ink-2">
            <tr className="h-9 border-b border-line bg-sunken/60">
              <th scope="col" className="w-16 pl-4 font-medium">Row</th>
              <th scope="col" className="px-3 font-medium">Field</th>
              <th scope="col" className="px-3 pr-4 font-medium">Why</th>
            </tr>
          </thead>
          <tbody>
            {job.errors.map((error, at) => (
              <tr key={at} className="border-b border-line last:border-b-0">
                <td className="tnum py-2 pl-4 align-top text-ink-2">{error.row}</td>
                <td className="px-3 py-2 align-top"><code className="font-mono text-xs">{error.field}</code></td>
                <td className="px-3 py-2 pr-4 align-top text-ink-2">{error.message}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="border-t border-line px-4 py-2 text-xs text-ink-3">
        {job.errors_total > job.errors.length ? `The first ${job.errors.length} of ${count(job.errors_total)}; the file has up to 10,000. ` : ""}Rows are numbered as in a spreadsheet: the header is row 1.
      </p>
    </Card>
  );
}

const IMAGES_MAX = 100_000;

function Images({ job, onClose }: { job: Job; onClose: () => void }) {
  const [format, setFormat] = useState<"svg" | "png">("svg");
  const [size, setSize] = useState("512");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [isBusy, setBusy] = useState(false);
  const query = new URLSearchParams({ format, ...(format === "png" ? { size } : {}), ...(from ? { from_row: from } : {}), ...(to ? { to_row: to } : {}) });
  const take = async () => {
    setBusy(true);
    await download(`/v1/bulk/jobs/${job.id}/images.zip?${query}`, "images.zip").then(onClose, (error: unknown) => toastError("The archive was not made", error));
    setBusy(false);
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="QR images as ZIP"
      about={`Named by row and title. One archive holds up to ${count(IMAGES_MAX)}.`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" icon={<Download />} isBusy={isBusy} onClick={() => void take()}>
            Download ZIP
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <div>
        <Segments
          label="Format"
          value={format}
          options={[
            { value: "svg", label: "SVG" },
            { value: "png", label: "PNG" },
          ]}
          onChange={setFormat}
        />
        </div>
        {format === "png" && (
          <Field label="Width in pixels">
            <Input type="number" value={size} onChange={(event) => setSize(event.target.value)} />
          </Field>
        )}
        <div className="grid grid-cols-2 gap-3">
          <Field label="From row" isOptional>
            <Input type="number" min={2} value={from} onChange={(event) => setFrom(event.target.value)} placeholder="2" />
          </Field>
          <Field label="To row" isOptional>
            <Input type="number" min={2} value={to} onChange={(event) => setTo(event.target.value)} placeholder={String(job.rows + 1)} />
          </Field>
        </div>
      </div>
    </Dialog>
  );
}
