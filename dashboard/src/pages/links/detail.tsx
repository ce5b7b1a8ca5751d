// One link: its address to take along, its QR code, who followed it, and what was set.
import { useQuery } from "@tanstack/react-query";
import { Link as To, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { ArrowUpRight, ChartColumn } from "lucide-react";
import type { ReactNode } from "react";
import { useLogin } from "@/api/session";
import { BarList, ChartCard } from "@/components/chart";
import { CopyButton } from "@/components/copy";
import { RelativeTime } from "@/components/moments";
import { ErrorPanel, ListSkeleton, Page } from "@/components/page";
import { StatCard } from "@/components/stats";
import { buttonLook } from "@/components/ui/button";
import { StatusBadge, Tag } from "@/components/ui/badge";
import { Card, cardLinkLook, Skeleton } from "@/components/ui/card";
import { Segments } from "@/components/ui/checks";
import { count, plural } from "@/lib/numbers";
import { countryName } from "@/lib/places";
import { useShortcut } from "@/lib/shortcuts";
import { ADMINS, EDITORS, isAmong } from "@/nav";
import { isPartial, type Interval } from "@/pages/analytics/period";
import { LinkDrawer } from "./drawer";
import { BackToLinks, EditButton, LinkMenu } from "./menu";
import { bare, linkQuery, linkReportQuery, type Link } from "./queries";
import { QrDownloads, QrImage } from "./qr";
import { hasRules } from "./rules";
import { RulesCard } from "./rules-card";
import { RANGES } from "./search";

export function LinkPage() {
  const { id } = useParams({ from: "/inside/links/$id" });
  const { range = "30d", edit } = useSearch({ from: "/inside/links/$id" });
  const navigate = useNavigate({ from: "/links/$id" });
  const { workspace } = useLogin();
  const link = useQuery(linkQuery(id));
  const mayEdit = isAmong(EDITORS, workspace?.role);
  const isArchived = link.data?.status === "archived";
  const why = !mayEdit ? "Viewers can look at links. An editor, admin or owner can change them." : isArchived ? "It is archived. Take it out of the archive first." : undefined;
  const setEdit = (on: boolean) => void navigate({ search: (before) => ({ ...before, edit: on || undefined }), replace: true });
  useShortcut("e", "Edit the link", () => why === undefined && setEdit(true));
  if (link.error)
    return (
      <Page title="Link" above={<BackToLinks />}>
        <ErrorPanel error={link.error} onRetry={() => void link.refetch()} />
      </Page>
    );
  if (!link.data)
    return (
      <Page title="Link" above={<BackToLinks />}>
        <ListSkeleton rows={4} />
      </Page>
    );
  return (
    <Page
      title={link.data.title ?? bare(link.data.short_url)}
      guide="links"
      above={<BackToLinks />}
      about={<Face link={link.data} />}
      actions={
        <>
          <EditButton onClick={() => setEdit(true)} why={why} />
          <LinkMenu link={link.data} mayEdit={mayEdit} onEdit={() => setEdit(true)} onGone={() => void navigate({ to: "/links" })} />
        </>
      }
    >
      <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_17rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <Numbers id={id} range={range} onRange={(next) => void navigate({ search: (before) => ({ ...before, range: next }), replace: true })} />
          {hasRules(link.data) && (
            <div id={RULES_ID} className="scroll-mt-16">
              <RulesCard link={link.data} range={range} />
            </div>
          )}
        </div>
        <aside className="flex flex-col gap-4">
          <Card title="QR code">
            <div className="flex flex-col items-center gap-3">
              <QrImage id={id} label={`QR code of ${link.data.short_url}`} className="size-44" />
              <QrDownloads link={link.data} />
            </div>
          </Card>
          <Settings link={link.data} />
        </aside>
      </div>
      <LinkDrawer isOpen={edit === true && why === undefined} link={link.data} onClose={() => setEdit(false)} />
    </Page>
  );
}

function Face({ link }: { link: Link }) {
  return (
    <div className="flex flex-col gap-1">
      <span className="flex flex-wrap items-center gap-x-1.5 gap-y-1">
        <a href={link.short_url} target="_blank" rel="noreferrer" className="rounded font-medium text-accent-text hover:underline">
          {bare(link.short_url)}
        </a>
        <CopyButton text={link.short_url} label="short link" />
        <StatusBadge status={link.status} />
        {link.tags.map((tag) => (
          <Tag key={tag}>{tag}</Tag>
        ))}
      </span>
      {link.destination_url == null ? (
        <span className="text-ink-2">Shows a page of its own</span>
      ) : (
      <a href={link.destination_url} target="_blank" rel="noreferrer" className="inline-flex max-w-full items-center gap-1 rounded text-ink-2 hover:text-ink hover:underline">
        <span className="truncate">{bare(link.destination_url)}</span>
        <ArrowUpRight aria-hidden className="size-3.5 shrink-0" />
      </a>
      )}
      {hasRules(link) && (
        <To to="." search={(before) => before} hash={RULES_ID} className="w-fit rounded text-ink-2 underline hover:text-ink">
          Some visitors go elsewhere
        </To>
      )}
    </div>
  );
}

const RULES_ID = "who-goes-elsewhere";

type Range = (typeof RANGES)[number];

function Numbers({ id, range, onRange }: { id: string; range: Range; onRange: (range: Range) => void }) {
  const report = useQuery({ ...linkReportQuery(id, range), placeholderData: (before) => before });
  const sum = report.data?.summary;
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <div className="flex flex-wrap justify-end gap-2">
        <To to="/analytics" search={{ link: id, ...(range === "30d" ? {} : { range }) }} className={buttonLook("quiet")}>
          <ChartColumn />
          All analytics
        </To>
        <Segments label="Range" value={range} onChange={onRange} options={RANGES.map((value) => ({ value, label: value }))} />
      </div>
      <div className="grid grid-cols-2 gap-3 xl:grid-cols-4">
        <StatCard name="Clicks" value={sum?.clicks} change={sum?.change_pct?.clicks} isLoading={report.isPending} />
        <StatCard name="Unique visitors" value={sum?.unique_visitors} change={sum?.change_pct?.unique_visitors} isLoading={report.isPending} />
        <StatCard name="QR scans" value={sum?.qr_scans} change={sum?.change_pct?.qr_scans} isLoading={report.isPending} />
        <StatCard name="Robots" value={sum?.robots} hint="not among the clicks" isLoading={report.isPending} />
      </div>
      <ChartCard
        title="Clicks over time"
        query={report}
        chart={() => ({
          label: `Clicks, ${range}`,
          empty: "No clicks in this time.",
          interval: report.data?.range.interval ?? "day",
          points: (report.data?.series ?? []).map((point) => ({ start: point.start, values: [point.clicks], isPartial: isPartial(point.start, report.data!.range.interval as Interval, report.data!.range) })),
          lines: [{ name: "Clicks", colour: "chart-1" }],
        })}
      />
      <div className="grid gap-4 md:grid-cols-2">
        <Breakdown id={id} range={range} group="referrer" title="Referrers" none="Direct, or not said" />
        <Breakdown id={id} range={range} group="country" title="Countries" none="Unknown" name={countryName} />
        <Breakdown id={id} range={range} group="device" title="Devices" none="Unknown" name={capital} />
        <Breakdown id={id} range={range} group="browser" title="Browsers" none="Unknown" />
      </div>
    </div>
  );
}

const capital = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1);

function Breakdown({ id, range, group, title, none, name = (value) => value }: { id: string; range: string; group: string; title: string; none: string; name?: (value: string) => string }) {
  const report = useQuery({ ...linkReportQuery(id, range, group), placeholderData: (before) => before });
  const rows = (report.data?.breakdown?.rows ?? []).filter((row) => row.clicks > 0).map((row) => {
    const value = (row.group as Record<string, string | null>)[group];
    return { key: value ?? "-", name: value ? name(value) : <span className="text-ink-3">{none}</span>, value: row.clicks, shown: count(row.clicks) };
  });
  return (
    <Card title={title} isFlush>
      {report.error ? (
        <div className="p-3">
          <ErrorPanel error={report.error} onRetry={() => void report.refetch()} />
        </div>
      ) : report.isPending ? (
        <div className="flex flex-col gap-3 p-4">
          <Skeleton className="h-5 w-full" />
          <Skeleton className="h-5 w-4/5" />
          <Skeleton className="h-5 w-3/5" />
        </div>
      ) : (
        <BarList rows={rows} empty="No clicks in this time." />
      )}
    </Card>
  );
}

function Settings({ link }: { link: Link }) {
  const isAdmin = isAmong(ADMINS, useLogin().workspace?.role);
  const lines: [string, ReactNode][] = [
    ["Clicks in all", count(link.clicks)],
    ["Last click", <RelativeTime key="last" at={link.last_clicked_at} />],
    ["Created", <RelativeTime key="created" at={link.created_at} />],
    ["Redirect", hasRules(link) ? 302 : link.redirect_status],
    ["Begins", link.starts_at && <RelativeTime key="starts" at={link.starts_at} />],
    ["Expires", link.expires_at && <RelativeTime key="expires" at={link.expires_at} />],
    ["Limit", link.max_clicks && plural(link.max_clicks, "click")],
    ["Password", link.has_password && "asked for"],
    ["Campaign", link.utm_campaign],
    ["Source", link.utm_source],
    ["Medium", link.utm_medium],
  ];
  return (
    <Card
      title="Settings"
      aside={
        isAdmin && (
          <To to="/settings/audit" search={{ target: link.id }} className={cardLinkLook}>
            History
          </To>
        )
      }
    >
      <dl className="flex flex-col gap-2 text-sm">
        {lines
          .filter(([, value]) => value !== null && value !== undefined && value !== false && value !== 0)
          .map(([name, value]) => (
            <div key={name} className="flex justify-between gap-3">
              <dt className="text-ink-3">{name}</dt>
              <dd className="min-w-0 truncate">{value}</dd>
            </div>
          ))}
      </dl>
      {link.notes && <p className="mt-3 border-t border-line pt-3 text-sm whitespace-pre-wrap text-ink-2">{link.notes}</p>}
    </Card>
  );
}
