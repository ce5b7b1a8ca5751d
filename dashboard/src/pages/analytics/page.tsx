// Analytics: one page for the workspace and for every part of it. What it is about, when, and through which filters is
// in the address; a single link, tag, domain or QR code there gives the page its name.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChartColumn } from "lucide-react";
import { Fragment, useMemo, type ReactNode } from "react";
import { codeQuery, countableQuery, scansQuestion } from "./queries";
import { Empty, ErrorPanel, Page } from "@/components/page";
import { buttonLook } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/card";
import { useInTurn } from "@/lib/in-turn";
import { bare, linkQuery } from "@/pages/links/queries";
import { Breakdown, type Tab } from "./breakdown";
import { Detail } from "./detail";
import { ExportMenu } from "./export-menu";
import { Figures, useScans, useSeries } from "./figures";
import { FilterBar } from "./filter-bar";
import { chipsOf, valuesOf, type Filters } from "./filters";
import { HeatMap } from "./heat";
import { LivePill, LiveView } from "./live-view";
import { MapCard } from "./map-card";
import { usePageState, type PageState } from "./state";
import { Toolbar, ZoneMenu } from "./toolbar";
import { TriggerCard } from "./trigger-card";
import { ViewsMenu } from "./views-menu";

const tabs = (...pairs: [Tab["by"], string][]): Tab[] => pairs.map(([by, name]) => ({ by, name }));
const CONTENT = tabs(["link", "Links"], ["tag", "Tags"], ["domain", "Domains"]);
const SOURCES = tabs(["channel", "Channels"], ["referrer", "Referrers"]);
const CAMPAIGNS = tabs(["utm_campaign", "Campaign"], ["utm_source", "Source"], ["utm_medium", "Medium"], ["utm_term", "Term"], ["utm_content", "Content"]);
const PLACES = tabs(["country", "Countries"], ["region", "Regions"], ["city", "Cities"], ["continent", "Continents"]);
const VISITORS = tabs(["device", "Devices"], ["browser", "Browsers"], ["os", "Systems"], ["language", "Languages"]);

export function AnalyticsPage() {
  const page = usePageState(scansQuestion);
  const { search } = page;
  const report = useSeries(page);
  const scans = useScans(page);
  const code = useQuery(codeQuery(search.qr));
  const sum = report.data?.summary;
  const shownOf = page.measure === "qr_scans" ? (search.qr ? sum?.clicks : sum?.qr_scans) : sum?.[page.measure];
  // The scans of a code are those of its link that came by QR.
  const single = useMemo((): Filters | undefined => {
    if (!search.qr) return page.filters;
    return code.data?.link_id ? { ...page.filters, link: code.data.link_id, link_not: undefined, trigger: "qr" } : undefined;
  }, [search.qr, page.filters, code.data]);
  const selection = useMemo(() => single && { filters: single, robots: search.robots }, [single, search.robots]);
  return (
    <Page
      title={useTitle(page)}
      above={isPart(page) && <BackToAll page={page} />}
      about={
        <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-1">
          <About page={page} />
          <span className="inline-flex items-center gap-1">
            Times in <ZoneMenu page={page} shown={report.data?.range.timezone ?? search.timezone} />
          </span>
        </span>
      }
      actions={
        // On a phone a line of its own: the number in it would else decide where it stands.
        <div className="flex gap-2 max-sm:w-[calc(100vw-2rem)]">
          {selection && <LivePill page={page} selection={selection} />}
          <ViewsMenu page={page} />
          <ExportMenu page={page} clicks={single} />
        </div>
      }
    >
      <Toolbar page={page} />
      <FilterBar page={page} />
      {code.error ?? report.error ? (
        // What is wrong with the question is wrong with every card.
        <div className="flex flex-col items-start gap-3">
          <ErrorPanel error={code.error ?? report.error} onRetry={() => void Promise.all([search.qr ? code.refetch() : null, report.refetch()])} />
          <Link to="/analytics" search={{}} className={buttonLook()}>
            Start over without filters
          </Link>
        </div>
      ) : (
        <NothingYet page={page}>
          <Figures page={page} report={report} scans={scans} />
          <Cards page={page} report={report} scans={scans} total={shownOf} />
        </NothingYet>
      )}
      {search.detail && <Detail key={search.detail} page={page} by={search.detail} total={shownOf} />}
      {search.live && selection && <LiveView page={page} selection={selection} />}
    </Page>
  );
}

/** First what is in sight, then these, one after the other. A card that is not made yet has its place. */
function Cards({ page, report, scans, total }: { page: PageState; report: ReturnType<typeof useSeries>; scans: ReturnType<typeof useScans>; total: number | undefined }) {
  const isOfCode = page.search.qr !== undefined;
  const places = [
    <MapCard page={page} total={total} />,
    <Breakdown title="Places" tabs={PLACES} page={page} total={total} />,
    <Breakdown title="Visitors" tabs={VISITORS} page={page} total={total} />,
  ];
  const cards = isOfCode
    ? // A code is one link, and its scans come from paper.
      [...places, <HeatMap page={page} />]
    : [
        <Breakdown title="Sources" tabs={SOURCES} more={CAMPAIGNS} page={page} total={total} />,
        <Breakdown title="Content" tabs={CONTENT} page={page} total={total} />,
        ...places,
        <TriggerCard page={page} report={report} scans={scans} />,
        <HeatMap page={page} isWide />,
      ];
  const made = useInTurn(cards.length);
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      {cards.map((card, at) => (
        <Fragment key={at}>{at < made ? card : <Skeleton className="h-96 rounded-xl!" />}</Fragment>
      ))}
    </div>
  );
}

/** The one value that the page is about, if it is one. */
const only = (page: PageState, by: "link" | "tag" | "domain") => {
  const values = valuesOf(page.filters, by, "is");
  return values.length === 1 ? values[0] : undefined;
};

function useTitle(page: PageState): string {
  const id = only(page, "link");
  const link = useQuery({ ...linkQuery(id ?? ""), enabled: id != null });
  const code = useQuery(codeQuery(page.search.qr));
  if (page.search.qr) return code.data?.name ?? "QR code";
  if (id != null) return link.data ? (link.data.title ?? bare(link.data.short_url)) : link.isError ? "A deleted link" : "Link";
  const tag = only(page, "tag");
  const domain = only(page, "domain");
  return tag != null ? `Tag “${tag}”` : domain != null ? domain : "Analytics";
}

function About({ page }: { page: PageState }) {
  const id = only(page, "link");
  const link = useQuery({ ...linkQuery(id ?? ""), enabled: id != null });
  if (page.search.qr) return <span>Scans of this QR code.</span>;
  if (id != null && link.data)
    return (
      <Link to="/links/$id" params={{ id }} className="rounded font-medium text-accent-text hover:underline">
        {bare(link.data.short_url)}
      </Link>
    );
  if (only(page, "tag") != null) return <span>Clicks and scans of the links that carry this tag.</span>;
  if (only(page, "domain") != null) return <span>Clicks and scans of the links on this domain.</span>;
  return <span>{chipsOf(page.filters).length > 0 ? "Those clicks and scans of the workspace that the filters let through." : "Clicks and scans of the whole workspace."}</span>;
}

const isPart = (page: PageState) => page.search.qr !== undefined || (["link", "tag", "domain"] as const).some((by) => only(page, by) != null);

/** From a part back to the whole, with the same time and view. */
function BackToAll({ page }: { page: PageState }) {
  return (
    <Link to="/analytics" search={{ ...page.search, qr: undefined, link: undefined, tag: undefined, domain: undefined }} className="rounded hover:text-ink hover:underline">
      Analytics
    </Link>
  );
}

/** A workspace without a link has nothing to be clicked; it is told how to make the first one. */
function NothingYet({ page, children }: { page: PageState; children: ReactNode }) {
  const countable = useQuery(countableQuery);
  const isPlain = Object.keys(page.filters).length === 0 && !page.search.qr;
  if (!isPlain || countable.data !== false) return <>{children}</>;
  return (
    <Empty
      icon={<ChartColumn />}
      title="Nothing to count yet"
      about="Every click on a short link and every scan of a QR code is counted here within a second. Make a link first."
      action={
        <Link to="/links" search={{ new: true }} className={buttonLook("primary")}>
          Create link
        </Link>
      }
      curl={`curl ${location.origin}/v1/links \\\n  -H "Authorization: Bearer $TESSERA_KEY" \\\n  --json '{"destination_url": "https://example.com"}'`}
    />
  );
}
