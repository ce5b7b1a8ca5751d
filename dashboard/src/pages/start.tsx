// The first steps, each with the line that does it, and whether it was done. What was done is asked of the API: nothing
// is remembered here.
import { useQuery } from "@tanstack/react-query";
import { Link as Go } from "@tanstack/react-router";
import { Check, ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { api, must, type Schemas } from "@/api/client";
import { useLogin } from "@/api/session";
import { ChartCard } from "@/components/chart";
import { CodeBlock } from "@/components/copy";
import { RelativeTime } from "@/components/moments";
import { ErrorPanel, Page } from "@/components/page";
import type { SeriesProps } from "@/components/series-chart";
import { StatCard } from "@/components/stats";
import { buttonLook } from "@/components/ui/button";
import { Card, cardLinkLook, Skeleton } from "@/components/ui/card";
import { count, plural } from "@/lib/numbers";
import { ADMINS, EDITORS, isAmong } from "@/nav";
import { isPartial } from "./analytics/period";
import { bare, type Link } from "./links/queries";

type Report = Schemas["AnalyticsReport"];

const BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0";
const MINUTE_MS = 60_000;
/** How often the page looks whether a step was done meanwhile, while one is open. */
const LOOK_MS = 4_000;

function useProgress(mayKeys: boolean) {
  const ask = <T,>(name: string, call: (signal: AbortSignal) => Promise<T>, isDone: (answer: T) => boolean, enabled = true) => ({
    queryKey: ["start", name],
    queryFn: ({ signal }: { signal: AbortSignal }) => call(signal),
    refetchInterval: (query: { state: { data: T | undefined } }) => (query.state.data !== undefined && isDone(query.state.data) ? MINUTE_MS : LOOK_MS),
    enabled,
  });
  const keys = useQuery(ask("keys", (signal) => must(api.GET("/v1/api-keys", { params: { query: { limit: 100 } }, signal })), ({ data }) => data.some((key) => key.last_used_at), mayKeys));
  const links = useQuery(ask("links", (signal) => must(api.GET("/v1/links", { params: { query: { sort: "-last_clicked_at", limit: 5 } }, signal })), ({ data }) => data.some((link) => link.clicks > 0)));
  const report = useQuery(
    ask(
      "report",
      (signal) => must(api.GET("/v1/analytics/workspace", { params: { query: { range: "30d", compare: "previous_period", include: "summary,series" } }, signal })),
      ({ summary }) => (summary?.clicks ?? 0) > 0,
    ),
  );
  return { keys, links, report };
}

export function StartPage() {
  const { user, workspace } = useLogin();
  const mayKeys = isAmong(ADMINS, workspace?.role);
  const mayEdit = isAmong(EDITORS, workspace?.role);
  const { keys, links, report } = useProgress(mayKeys);
  const used = keys.data?.data.find((key) => key.last_used_at);
  const clicked = links.data?.data.find((link) => link.clicks > 0);
  const first = clicked ?? links.data?.data[0];
  const clicks = report.data?.summary;
  const url = location.origin;
  const bearer = '-H "Authorization: Bearer $TESSERA_KEY"';
  const name = user.name.split(" ")[0];
  const error = links.error ?? report.error ?? keys.error;
  const steps: Step[] = [
    mayKeys && {
      title: "Create an API key",
      about: "A program that uses the API has a key of its own. Take it into the variable of your shell.",
      code: "export TESSERA_KEY=tsr_live_…",
      isDone: Boolean(keys.data && keys.data.meta.total > 0),
      done: keys.data && `${plural(keys.data.meta.total, "key")}`,
      action: (
        <Go to="/settings/api-keys" search={{ new: true }} className={buttonLook("plain", "sm")}>
          Create a key
        </Go>
      ),
    },
    mayKeys && {
      title: "Use it",
      about: "Ask who you are. The answer says what the key may do.",
      code: `curl ${url}/v1/me \\\n  ${bearer}`,
      isDone: Boolean(used),
      done: used && (
        <>
          {used.name}, used <RelativeTime at={used.last_used_at} />
        </>
      ),
    },
    mayEdit && {
      title: "Create a link",
      about: "A short address that sends people on. You can change where it leads later.",
      code: `curl ${url}/v1/links \\\n  ${bearer} \\\n  --json '{"destination_url": "https://example.com/"}'`,
      isDone: Boolean(links.data && links.data.meta.total > 0),
      done: links.data && plural(links.data.meta.total, "link"),
      action: (
        <Go to="/links" search={{ new: true }} className={buttonLook("plain", "sm")}>
          Create a link
        </Go>
      ),
    },
    {
      title: "Click it",
      about: "Open it in a browser, or pretend to be one. Robots are sent on too, and not counted.",
      code: `curl -i -A '${BROWSER}' \\\n  ${first?.short_url ?? `${url}/…`}`,
      isDone: Boolean(clicked),
      done: clicked && (
        <>
          {bare(clicked.short_url)}, clicked <RelativeTime at={clicked.last_clicked_at} />
        </>
      ),
    },
    {
      title: "See who came",
      about: "Every click is there at once: when, from where, with what.",
      code: `curl "${url}/v1/analytics/workspace?range=today" \\\n  ${bearer}`,
      isDone: (clicks?.clicks ?? 0) > 0,
      done: clicks && `${count(clicks.clicks)} clicks in 30 days`,
      action: first && (
        <Go to="/links/$id" params={{ id: first.id }} className={buttonLook("plain", "sm")}>
          See a link’s clicks
        </Go>
      ),
    },
  ].filter((step) => step !== false);
  const isLoading = links.isPending || report.isPending || (mayKeys && keys.isPending);
  // Until it is known, most people have been here before.
  const isDone = isLoading || steps.every((step) => step.isDone);
  const list = (
    <ol>
      {steps.map((step, at) => (
        <StepLine key={step.title} step={step} number={at + 1} />
      ))}
    </ol>
  );
  return (
    <Page
      title={isDone ? `Good to see you, ${name}` : `Welcome, ${name}`}
      about={isDone ? "The last thirty days of this workspace." : "From nothing to the first counted click, in a minute. Each step shows when it is done."}
    >
      {error && <div className="mb-4"><ErrorPanel error={error} onRetry={() => void Promise.all([keys, links, report].map((one) => one.refetch()))} /></div>}
      <div className="mb-6 grid grid-cols-2 gap-3 lg:grid-cols-4">
        <StatCard name="Clicks, 30 days" value={clicks?.clicks} change={clicks?.change_pct?.clicks} isLoading={report.isPending} />
        <StatCard name="Unique visitors" value={clicks?.unique_visitors} change={clicks?.change_pct?.unique_visitors} isLoading={report.isPending} />
        <StatCard name="QR scans" value={clicks?.qr_scans} change={clicks?.change_pct?.qr_scans} isLoading={report.isPending} />
        <StatCard name="Links" value={links.data?.meta.total} isLoading={links.isPending} />
      </div>
      {isLoading ? (
        <Skeleton className="h-80 rounded-xl!" />
      ) : isDone ? (
        <>
          <div className="mb-4 grid gap-4 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
            <ChartCard title="Clicks by day" aside={<Go to="/analytics" className={cardLinkLook}>Analytics</Go>} query={report} chart={() => chartOf(report.data!)} />
            <Card title="Clicked last" aside={<Go to="/links" className={cardLinkLook}>Links</Go>} isFlush>
              <ClickedLast links={links.data?.data ?? []} />
            </Card>
          </div>
          <details className="group overflow-hidden rounded-xl border border-line bg-surface">
            <summary className="flex h-11 items-center gap-2 px-4 text-sm font-semibold hover:bg-hover/60 focus-visible:-outline-offset-2 sm:px-5">
              <ChevronRight aria-hidden className="size-4 text-ink-3 transition-transform group-open:rotate-90" />
              First steps
              <span className="font-normal text-ink-3">all done, to look up</span>
            </summary>
            {list}
          </details>
        </>
      ) : (
        <div className="overflow-hidden rounded-xl border border-line bg-surface">{list}</div>
      )}
    </Page>
  );
}

const chartOf = (report: Report): SeriesProps => ({
  label: "Clicks by day",
  empty: "No clicks in 30 days.",
  interval: "day",
  points: (report.series ?? []).map((point) => ({ start: point.start, values: [point.clicks, point.previous?.clicks ?? null], isPartial: isPartial(point.start, "day", report.range), before: point.previous?.start })),
  lines: [
    { name: "Clicks", colour: "chart-1" },
    { name: "The period before", colour: "chart-4", isPale: true },
  ],
});

const ClickedLast = ({ links }: { links: readonly Link[] }) => (
  <ul className="divide-y divide-line">
    {links.map((link) => (
      <li key={link.id} className="relative flex h-13 items-center gap-3 px-4 text-sm hover:bg-hover/60">
        <span className="min-w-0 flex-1">
          <Go to="/links/$id" params={{ id: link.id }} className="block truncate font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent">
            {link.title ?? bare(link.short_url)}
          </Go>
          <span className="block truncate text-xs text-ink-3">
            <RelativeTime at={link.last_clicked_at} />
          </span>
        </span>
        <span className="tnum text-ink-2">{plural(link.clicks, "click")}</span>
      </li>
    ))}
  </ul>
);

type Step = { title: string; about: string; code: string; isDone: boolean; done: ReactNode; action?: ReactNode };

function StepLine({ step, number }: { step: Step; number: number }) {
  return (
    <li className="grid grid-cols-1 gap-x-8 gap-y-3 border-b border-line px-4 py-4 last:border-b-0 sm:px-5 lg:grid-cols-[minmax(0,5fr)_minmax(0,7fr)]">
      <div className="flex gap-3">
        <span
          className={`mt-px grid size-5.5 shrink-0 place-items-center rounded-full text-2xs font-semibold ${step.isDone ? "bg-accent text-accent-ink" : "border border-line-strong text-ink-2"}`}
        >
          {step.isDone ? <Check aria-hidden className="size-3.5 stroke-3" /> : number}
        </span>
        <div className="min-w-0">
          <h2 className="text-base font-semibold">
            {step.title} <span className="sr-only">{step.isDone ? "(done)" : "(open)"}</span>
          </h2>
          <p className="mt-0.5 text-sm text-ink-2">{step.about}</p>
          <div className="mt-2 flex min-h-7 flex-wrap items-center gap-3">
            {step.isDone ? <span className="text-xs text-accent-text">Done · {step.done}</span> : step.action}
          </div>
        </div>
      </div>
      <CodeBlock code={step.code} label={`curl command: ${step.title}`} className="self-start" />
    </li>
  );
}
