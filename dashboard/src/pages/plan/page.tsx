// What the plan allows and how much of it is used: meters for what has a limit, plain numbers for what has none.
import { useQuery } from "@tanstack/react-query";
import { Link as Go } from "@tanstack/react-router";
import { TriangleAlert } from "lucide-react";
import type { Schemas } from "@/api/client";
import { workspaceQuery } from "@/api/queries";
import { useLogin } from "@/api/session";
import { Countdown, RelativeTime } from "@/components/moments";
import { ErrorPanel, Page } from "@/components/page";
import { StatCard } from "@/components/stats";
import { Badge } from "@/components/ui/badge";
import { Card, Skeleton } from "@/components/ui/card";
import { count, pct } from "@/lib/numbers";
import { ADMINS, isAmong } from "@/nav";
import { limitsQuery, reachedQuery } from "./queries";

/** From so much of a limit on, the meter warns. */
const WARN_PCT = 80;

export function PlanPage() {
  const { workspace } = useLogin();
  const isAdmin = isAmong(ADMINS, workspace?.role);
  const settings = useQuery(workspaceQuery);
  const limits = useQuery(limitsQuery);
  const held = limits.data?.resources;
  const error = limits.error ?? settings.error;
  return (
    <Page
      title="Plan & usage"
      guide="rate-limits"
      about={
        settings.data ? (
          <>
            On the plan <Badge tone="info">{settings.data.plan}</Badge> of this server. Whoever runs it can change it.
          </>
        ) : (
          "What this workspace uses of what it may use."
        )
      }
    >
      {error ? (
        <ErrorPanel error={error} onRetry={() => void Promise.all([limits.refetch(), settings.refetch()])} />
      ) : (
        <div className="flex flex-col gap-4">
          <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
            <Held name="Links" of={held?.links} apart="archived ones apart" />
            <Held name="QR codes" of={held?.qr_codes} apart="archived ones apart" />
            <Held name="API keys" of={held?.api_keys} apart="revoked ones apart" />
            <Held name="Members" of={held?.members} />
          </div>
          <div className="grid gap-4 lg:grid-cols-2">
            <Used name="Requests today" used={limits.data?.day} about="The day is UTC’s. All keys together." />
            <Used name="Requests this month" used={limits.data?.month} about="The calendar month in UTC. All keys together." />
          </div>
          <Limits limits={limits.data?.limits} />
          {isAdmin && <Reached />}
          <WhatHappens isAdmin={isAdmin} />
        </div>
      )}
    </Page>
  );
}

/** How many there are, and of how many if the plan says so. */
function Held({ name, of, apart }: { name: string; of: Schemas["ResourceLimit"] | undefined; apart?: string }) {
  const max = of?.max ?? null;
  return (
    <StatCard
      name={name}
      value={of?.used}
      isLoading={!of}
      hint={max !== null && of ? <><Bar name={name} used={of.used} max={max} /> of {count(max)}</> : apart}
    />
  );
}

/** How much of a limit is used. It warns before it is all. */
function Bar({ name, used, max }: { name: string; used: number; max: number }) {
  const share = max > 0 ? Math.min(100, (used / max) * 100) : 100;
  const tone = share === 100 ? "bg-bad" : share >= WARN_PCT ? "bg-warn" : "bg-accent";
  return (
    <span role="meter" aria-label={name} aria-valuemin={0} aria-valuemax={max} aria-valuenow={used} className="my-1.5 block h-2 overflow-hidden rounded-full bg-sunken">
      <span className={`block h-full rounded-full ${tone}`} style={{ width: `${share}%` }} />
    </span>
  );
}

const CLASSES = [
  ["reads", "Reads", "--chart-1"],
  ["writes", "Writes", "--chart-2"],
  ["deletes", "Deletes", "--chart-3"],
  ["reports", "Reports", "--chart-4"],
] as const;

/** Of what kind the requests were: one bar, a line for each. */
function Used({ name, used, about }: { name: string; used: Schemas["RequestsUsed"] | undefined; about: string }) {
  return (
    <Card title={name} aside={<span className="tnum text-sm font-semibold">{used && count(used.requests)}</span>}>
      {used ? (
        <>
          <div aria-hidden className="flex h-2 overflow-hidden rounded-full bg-sunken">
            {CLASSES.map(([field, , colour]) => (
              <span key={field} style={{ background: `var(${colour})`, width: `${used.requests > 0 ? (used[field] / used.requests) * 100 : 0}%` }} />
            ))}
          </div>
          <dl className="mt-3 grid grid-cols-2 gap-x-6 gap-y-1.5 text-sm">
            {CLASSES.map(([field, word, colour]) => (
              <div key={field} className="flex items-center gap-2">
                <span aria-hidden className="size-2 rounded-full" style={{ background: `var(${colour})` }} />
                <dt className="flex-1 text-ink-2">{word}</dt>
                <dd className="tnum">{count(used[field])}</dd>
              </div>
            ))}
          </dl>
          <p className="mt-3 text-xs text-ink-3">{about}</p>
        </>
      ) : (
        <Skeleton className="h-24 w-full" />
      )}
    </Card>
  );
}

type Limit = Schemas["RequestLimit"];
const WINDOWS: Record<string, string> = { minute: "a minute", day: "a day", month: "a month" };
const KINDS: Record<string, string> = { read: "Reads", write: "Writes", delete: "Deletes", report: "Reports" };

function Limits({ limits }: { limits: Limit[] | undefined }) {
  return (
    <Card title="Limits on requests" isFlush>
      {limits === undefined ? (
        <Skeleton className="m-4 h-16" />
      ) : limits.length === 0 ? (
        <p className="px-4 py-6 text-sm text-ink-2">
          None. The plan sets no limit on requests, so no key is ever refused for their number, unless the key has a limit of its own.
        </p>
      ) : (
        <ul className="divide-y divide-line">
          {limits.map((limit) => (
            <li key={`${limit.window}-${limit.class ?? "all"}`} className="px-4 py-3">
              <Meter limit={limit} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Meter({ limit }: { limit: Limit }) {
  const used = limit.quota - limit.remaining;
  const share = limit.quota > 0 ? Math.min(100, (used / limit.quota) * 100) : 100;
  const isFull = limit.remaining === 0;
  const name = `${limit.class ? (KINDS[limit.class] ?? limit.class) : "Requests"} ${WINDOWS[limit.window] ?? limit.window}`;
  return (
    <>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 text-sm">
        <span className="font-medium">{name}</span>
        <span className="tnum text-ink-2">
          {count(used)} of {count(limit.quota)} <span className="text-ink-3">({pct(share)})</span>
        </span>
      </div>
      <Bar name={name} used={used} max={limit.quota} />
      <p className="text-xs text-ink-3">
        {isFull ? (
          <span className="text-bad">
            Used up: further calls are refused with <code className="font-mono">429 rate_limit_{limit.window}</code> for <Countdown until={limit.resets_at} />.
          </span>
        ) : (
          <>
            {count(limit.remaining)} left. The whole is there again in <Countdown until={limit.resets_at} />.
          </>
        )}
      </p>
    </>
  );
}

function Reached() {
  const notices = useQuery(reachedQuery);
  if (notices.error) return <ErrorPanel error={notices.error} onRetry={() => void notices.refetch()} />;
  if (!notices.data || notices.data.data.length === 0) return null;
  return (
    <Card title="Limits that keys ran into" isFlush>
      <ul className="divide-y divide-line">
        {notices.data.data.map((notice) => {
          const detail = notice.detail as { window?: string; quota?: number; limit_of?: string; class?: string | null };
          return (
            <li key={notice.id} className="flex items-start gap-2.5 px-4 py-2.5 text-sm">
              <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" />
              <p className="flex-1">
                <Go to="/settings/api-keys/$id" params={{ id: notice.api_key_id }} className="rounded font-medium text-accent-text hover:underline">
                  {notice.api_key_name}
                </Go>{" "}
                reached {detail.limit_of === "api_key" ? "its own limit" : "the plan’s limit"} of {count(detail.quota ?? 0)} {detail.class ? `${detail.class} calls` : "calls"}{" "}
                {WINDOWS[detail.window ?? ""] ?? detail.window}.
              </p>
              <span className="text-xs text-ink-3">
                <RelativeTime at={notice.at} />
              </span>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

const WhatHappens = ({ isAdmin }: { isAdmin: boolean }) => (
  <Card title="What happens at a limit">
    <ul className="flex list-disc flex-col gap-1.5 pl-4 text-sm text-ink-2 marker:text-ink-3">
      <li>
        A request too many is answered <code className="font-mono text-xs">429</code> with <code className="font-mono text-xs">Retry-After</code>, changes nothing and counts nowhere. Short links and QR codes go
        on: visitors never meet these limits.
      </li>
      <li>
        A key, link, QR code or member beyond the plan is answered <code className="font-mono text-xs">403 plan_required</code>. What exists stays and works.
      </li>
      <li>A key may have limits of its own, lower than the plan’s. More keys never make the plan larger.</li>
      {isAdmin && (
        <li>
          <Go to="/settings/api-keys" className="rounded font-medium text-accent-text hover:underline">
            Each key’s page
          </Go>{" "}
          shows what it used and its own limits.
        </li>
      )}
    </ul>
  </Card>
);
