// One key: how it is used, what it may do, what was done with it and to it, and what one would advise.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link as Go, useNavigate, useParams } from "@tanstack/react-router";
import { Clock, Info, Pencil, RotateCcwKey, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { BarList, ChartCard } from "@/components/chart";
import { CopyText } from "@/components/copy";
import { Countdown, RelativeTime } from "@/components/moments";
import { ErrorPanel, ListSkeleton, Page } from "@/components/page";
import { StatCard } from "@/components/stats";
import { Badge, StatusBadge, StatusCode, Tag } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, Skeleton, cardLinkLook } from "@/components/ui/card";
import { count, millis, pct } from "@/lib/numbers";
import { useShortcut } from "@/lib/shortcuts";
import { DAY_MS } from "@/lib/time";
import { useKeyActions } from "./actions";
import { adviceFor, inGrace, scopeWords } from "./advice";
import { keyQuery, requestsQuery, trailQuery, usageQuery, type Key } from "./queries";

const Back = () => (
  <Go to="/settings/api-keys" className="rounded hover:text-ink">
    ← API keys
  </Go>
);

export function KeyPage() {
  const { id } = useParams({ from: "/inside/settings/api-keys/$id" });
  const key = useQuery(keyQuery(id));
  if (key.data) return <Inside apiKey={key.data} />;
  return (
    <Page title="API key" above={<Back />}>
      {key.error ? <ErrorPanel error={key.error} onRetry={() => void key.refetch()} /> : <ListSkeleton rows={4} />}
    </Page>
  );
}

function Inside({ apiKey }: { apiKey: Key }) {
  const navigate = useNavigate();
  const { menu, dialogs, start, final } = useKeyActions(apiKey, () => void navigate({ to: "/settings/api-keys" }));
  useShortcut("e", "Edit the key", () => !final && start("edit"));
  const old = inGrace(apiKey);
  return (
    <Page
      title={apiKey.name}
      above={<Back />}
      about={
        <span className="flex flex-wrap items-center gap-2">
          <CopyText text={apiKey.preview} label="partial key" />
          <StatusBadge status={apiKey.status} />
          {apiKey.owner === "personal" && <Badge>Personal</Badge>}
        </span>
      }
      actions={
        <>
          <Button icon={<Pencil />} why={final} onClick={() => start("edit")}>
            Edit
          </Button>
          <Button look="primary" icon={<RotateCcwKey />} why={final} onClick={() => start("rotate")}>
            Rotate
          </Button>
          {menu}
        </>
      }
    >
      {dialogs}
      <div className="flex flex-col gap-4">
        {old?.valid_until && (
          <Note tone="warn" icon={<Clock />}>
            The old secret <code className="font-mono text-xs">{old.preview}</code> works for another <strong><Countdown until={old.valid_until} /></strong>
            {", "}
            {old.last_used_at ? <>last used <RelativeTime at={old.last_used_at} /></> : "and was never used"}.
          </Note>
        )}
        <AdviceBox apiKey={apiKey} onRotate={() => start("rotate")} />
        <Numbers apiKey={apiKey} />
        <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_19rem]">
          <Requests id={apiKey.id} />
          <div className="flex flex-col gap-4">
            <Facts apiKey={apiKey} />
            <Trail id={apiKey.id} />
          </div>
        </div>
      </div>
    </Page>
  );
}

function Note({ tone, icon, children }: { tone: "warn" | "info"; icon: ReactNode; children: ReactNode }) {
  return (
    <div className={`flex items-start gap-2.5 rounded-lg border border-line px-3.5 py-2.5 text-sm [&_svg]:mt-0.5 [&_svg]:size-4 [&_svg]:shrink-0 ${tone === "warn" ? "bg-warn-soft [&_svg]:text-warn" : "bg-surface [&_svg]:text-ink-3"}`}>
      {icon}
      <p>{children}</p>
    </div>
  );
}

function AdviceBox({ apiKey, onRotate }: { apiKey: Key; onRotate: () => void }) {
  const all = adviceFor(apiKey);
  if (all.length === 0) return null;
  return (
    <ul aria-label="Advice" className="flex flex-col divide-y divide-line rounded-xl border border-line bg-surface">
      {all.map((advice) => (
        <li key={advice.text} className="flex items-start gap-2.5 px-4 py-2.5 text-sm">
          {advice.tone === "warn" ? <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" /> : <Info aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-3" />}
          <p className="flex-1">{advice.text}</p>
          {advice.does === "rotate" && (
            <button type="button" onClick={onRotate} className="rounded font-medium whitespace-nowrap text-accent-text hover:underline">
              Rotate it
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

function Numbers({ apiKey }: { apiKey: Key }) {
  const usage = useQuery(usageQuery(apiKey.id));
  const sum = usage.data?.summary;
  return (
    <>
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <StatCard name="Requests, 30 days" value={sum?.requests} hint={`${count(apiKey.request_count)} in all`} isLoading={usage.isPending} />
        <StatCard name="Errors" value={sum && (sum.requests > 0 ? pct((sum.errors / sum.requests) * 100) : "–")} hint={sum && `${count(sum.errors)} answers of 400 and above`} isLoading={usage.isPending} />
        <StatCard name="Latency, 95 of 100 below" value={sum && (sum.requests > 0 ? millis(sum.latency_ms_p95) : "–")} hint={sum && (sum.requests > 0 ? `half below ${millis(sum.latency_ms_p50)}` : "of answered requests")} isLoading={usage.isPending} />
        <StatCard name="Refused at the door" value={usage.data?.refused} hint="401, 403 and 429; not counted" isLoading={usage.isPending} />
      </div>
      <ChartCard
        title="Requests by day"
        query={usage}
        chart={() => ({
          label: "Requests by day",
          empty: "No requests in 30 days.",
          kind: "bars",
          interval: "day",
          points: (usage.data?.series ?? []).map((day) => ({ start: day.start, values: [day.requests - day.errors, day.errors], isPartial: Date.parse(day.start) + DAY_MS > Date.now() })),
          lines: [
            { name: "Good", colour: "chart-1" },
            { name: "Errors", colour: "chart-2" },
          ],
        })}
      />
      <div className="grid gap-4 md:grid-cols-2">
        <Card title="By route" isFlush>
          {usage.data ? (
            <BarList
              empty="No requests in 30 days."
              rows={usage.data.routes.slice(0, 8).map((one) => ({
                key: one.method + one.route,
                value: one.requests,
                shown: count(one.requests),
                name: (
                  <code className="font-mono text-xs">
                    <span className="text-ink-3">{one.method}</span> {one.route}
                  </code>
                ),
              }))}
            />
          ) : (
            <Skeleton className="m-4 h-32" />
          )}
        </Card>
        <Card title="By status" isFlush>
          {usage.data ? (
            <BarList
              empty="No requests in 30 days."
              rows={usage.data.statuses.slice(0, 8).map((one) => ({ key: String(one.status), value: one.requests, shown: count(one.requests), name: <StatusCode status={one.status} /> }))}
            />
          ) : (
            <Skeleton className="m-4 h-32" />
          )}
        </Card>
      </div>
    </>
  );
}

function Requests({ id }: { id: string }) {
  const list = useInfiniteQuery(requestsQuery(id, {}));
  const rows = list.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <Card
      title="Last requests"
      isFlush
      aside={
        <Go to="/settings/requests" search={{ key: id }} className={cardLinkLook}>
          Request log
        </Go>
      }
    >
      {list.error ? (
        <div className="p-3">
          <ErrorPanel error={list.error} onRetry={() => void list.refetch()} />
        </div>
      ) : list.isPending ? (
        <Skeleton className="m-4 h-40" />
      ) : rows.length === 0 ? (
        <p className="px-4 py-10 text-center text-sm text-ink-3">Nothing was asked with this key yet.</p>
      ) : (
        <div className="max-h-120 overflow-y-auto" tabIndex={0} role="region" aria-label="Last requests">
          <table className="w-full text-left text-xs">
            <thead className="sr-only">
              <tr>
                <th scope="col">Status</th>
                <th scope="col">Route</th>
                <th scope="col">From</th>
                <th scope="col">Took</th>
                <th scope="col">When</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.id} className="h-9 border-b border-line last:border-b-0">
                  <td className="w-12 pl-4">
                    <StatusCode status={row.status} />
                  </td>
                  <td className="max-w-0 w-full truncate px-2 font-mono">
                    <span className="text-ink-3">{row.method}</span> {row.route}
                  </td>
                  <td className="hidden px-2 text-ink-3 md:table-cell">{row.address ?? "–"}</td>
                  <td className="tnum hidden px-2 text-right whitespace-nowrap text-ink-3 sm:table-cell">{millis(row.latency_ms)}</td>
                  <td className="pr-4 pl-2 text-right text-ink-2">
                    <RelativeTime at={row.at} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {list.hasNextPage && (
            <div className="p-2 text-center">
              <Button size="sm" look="quiet" isBusy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                Older requests
              </Button>
            </div>
          )}
        </div>
      )}
    </Card>
  );
}

function Facts({ apiKey }: { apiKey: Key }) {
  const limits = apiKey.rate_limits;
  const lines: [string, ReactNode][] = [
    ["May", scopeWords(apiKey.scopes)],
    ["Last used", <RelativeTime key="used" at={apiKey.last_used_at} never="never used" />],
    ["From", apiKey.last_used_ip],
    ["Ends", <RelativeTime key="ends" at={apiKey.expires_at} />],
    ["Created", <RelativeTime key="made" at={apiKey.created_at} />],
    ["Secret since", <RelativeTime key="secret" at={apiKey.secrets[0]?.created_at} never="–" />],
    ["Allow list", apiKey.ip_allow_mode === "off" ? "off" : `${apiKey.ip_allow.length} ${apiKey.ip_allow_mode === "enforce" ? "enforced" : "reported"}`],
    ["A minute", limits?.requests_per_minute && count(limits.requests_per_minute)],
    ["A day", limits?.requests_per_day && count(limits.requests_per_day)],
    ["A month", limits?.requests_per_month && count(limits.requests_per_month)],
  ];
  const isCustom = apiKey.scopes.some((scope) => scope.includes("."));
  return (
    <Card title="Settings">
      <dl className="flex flex-col gap-2 text-sm">
        {lines
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name} className="flex justify-between gap-3">
              <dt className="shrink-0 text-ink-3">{name}</dt>
              <dd className="min-w-0 truncate">{value}</dd>
            </div>
          ))}
      </dl>
      {(isCustom || apiKey.ip_allow.length > 0) && (
        <div className="mt-3 flex flex-wrap gap-1 border-t border-line pt-3">
          {[...(isCustom ? apiKey.scopes : []), ...apiKey.ip_allow].map((one) => (
            <Tag key={one}>{one}</Tag>
          ))}
        </div>
      )}
    </Card>
  );
}

function Trail({ id }: { id: string }) {
  const trail = useQuery(trailQuery(id));
  return (
    <Card
      title="Audit trail"
      aside={
        <Go to="/settings/audit" search={{ target: id }} className={cardLinkLook}>
          Audit log
        </Go>
      }
    >
      {trail.error ? (
        <ErrorPanel error={trail.error} onRetry={() => void trail.refetch()} />
      ) : trail.data ? (
        <ol className="flex flex-col gap-3">
          {trail.data.data.map((row) => (
            <li key={row.id} className="relative border-l border-line pl-3 text-sm">
              <span aria-hidden className="absolute top-1.5 -left-[3.5px] size-1.5 rounded-full bg-line-strong" />
              <span className="font-medium">{row.action.split(".")[1]?.replaceAll("_", " ")}</span>
              <span className="block text-xs text-ink-3">
                {actorName(row.actor)} · <RelativeTime at={row.at} />
              </span>
            </li>
          ))}
        </ol>
      ) : (
        <Skeleton className="h-24 w-full" />
      )}
    </Card>
  );
}

const actorName = (actor: Record<string, unknown>) => String(actor.name ?? actor.email ?? actor.id ?? actor.type);
