// Where a job stands, in a word and in a bar.
import { Badge, type Tone } from "@/components/ui/badge";
import { cx } from "@/lib/cx";
import { plural } from "@/lib/numbers";
import type { Resource } from "./fields";
import { uploadOf, type Job } from "./queries";

const STATES: Record<Job["state"], [Tone, string]> = {
  validating: ["info", "Validating"],
  ready: ["warn", "Waits for you"],
  running: ["info", "Running"],
  undoing: ["warn", "Undoing"],
  refused: ["bad", "Refused"],
  done: ["good", "Done"],
  failed: ["bad", "Failed"],
  cancelled: ["quiet", "Cancelled"],
};

export function JobState({ job }: { job: Job }) {
  const [tone, word] = STATES[job.state];
  return (
    <Badge tone={tone} dot>
      {word}
    </Badge>
  );
}

const MOVES: readonly Job["state"][] = ["validating", "running", "undoing"];

export function Progress({ job, className }: { job: Job; className?: string }) {
  const isMoving = MOVES.includes(job.state);
  return (
    <div role="progressbar" aria-label={STATES[job.state][1]} aria-valuemin={0} aria-valuemax={100} aria-valuenow={job.progress_pct} className={cx("h-1.5 overflow-hidden rounded-full bg-sunken", className)}>
      <div className={cx("h-full rounded-full transition-[width] duration-300", isMoving ? "bg-accent" : job.state === "done" ? "bg-good" : "bg-line-strong")} style={{ width: `${job.progress_pct}%` }} />
    </div>
  );
}

export const THINGS: Record<Resource, [one: string, many: string]> = { links: ["link", "links"], qr_codes: ["QR code", "QR codes"] };

const size = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
export const bytesShown = (bytes: number) => (bytes < 1_000 ? `${bytes} B` : bytes < 1_000_000 ? `${size.format(bytes / 1_000)} kB` : `${size.format(bytes / 1_000_000)} MB`);

/** The API does not keep a file's name; this page knows it while it lives. */
export const jobName = (job: Job) => uploadOf(job.id)?.name ?? (job.rows === 0 ? "File" : `File of ${plural(job.rows, "row")}`);
