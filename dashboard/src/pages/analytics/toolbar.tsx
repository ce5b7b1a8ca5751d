// How the page is asked: when, compared with what, people or robots, QR codes or links, in which zone.
import { Bot, Check, GitCompareArrows, Globe, Plus } from "lucide-react";
import { useQuery } from "@tanstack/react-query";
import { memo } from "react";
import { workspaceQuery } from "@/api/queries";
import { Button } from "@/components/ui/button";
import { Segments } from "@/components/ui/checks";
import { Menu, type MenuEntry } from "@/components/ui/menu";
import { useShortcut } from "@/lib/shortcuts";
import { toggled, valuesOf, type Dimension } from "./filters";
import { NAMES } from "./names";
import { PeriodPicker } from "./period-picker";
import { periodOf, periodSearch, type AnalyticsSearch, type Comparison } from "./search";
import type { PageState } from "./state";

const COMPARED: Record<Comparison, { name: string; brief: string }> = {
  previous_period: { name: "Period before", brief: "vs. period before" },
  previous_year: { name: "Year before", brief: "vs. year before" },
  none: { name: "Nothing", brief: "Compare" },
};
const ROBOTS: [AnalyticsSearch["robots"], string, string][] = [
  [undefined, "Left out", "Robots left out"],
  ["include", "Counted as clicks", "With robots"],
  ["only", "Nothing but robots", "Only robots"],
];
const tick = <Check aria-label="chosen" />;

export const Toolbar = memo(function Toolbar({ page }: { page: PageState }) {
  const { search, compare, go } = page;
  const period = periodOf(search);
  const isAll = "range" in period && period.range === "all";
  const compareTo = (to: Comparison) => go({ compare: to === "previous_period" ? undefined : to });
  useShortcut("x", "Compare, or not", () => !isAll && compareTo(compare === "none" ? "previous_period" : "none"));
  const comparisons: MenuEntry[] = (["previous_period", "previous_year", "none"] as const).map((one) => ({
    label: COMPARED[one].name,
    run: () => compareTo(one),
    aside: compare === one ? tick : undefined,
    ...(isAll && one !== "none" ? { why: "Before all time there is nothing." } : {}),
  }));
  const robots: MenuEntry[] = ROBOTS.map(([value, name]) => ({ label: name, run: () => go({ robots: value }), aside: search.robots === value ? tick : undefined }));
  return (
    <div className="z-10 -mx-4 mb-4 grid grid-cols-[1fr_auto_auto] items-center gap-2 bg-ground/95 px-4 py-2 sm:-mx-8 sm:flex sm:flex-wrap sm:px-8 md:sticky md:top-0 md:backdrop-blur">
      <PeriodPicker period={period} today={page.today} onChange={(next) => go(periodSearch(next))} />
      <Menu align="start" entries={comparisons}>
        <Button icon={<GitCompareArrows className="text-ink-3" />} className="min-w-0">{isAll ? "Not compared" : COMPARED[compare].brief}</Button>
      </Menu>
      <Menu align="start" entries={robots}>
        <Button icon={<Bot className="text-ink-3" />} className={search.robots && "border-accent! text-accent-text!"}>
          <span className={search.robots ? "max-[24rem]:sr-only" : "max-sm:sr-only"}>{ROBOTS.find(([value]) => value === search.robots)?.[2]}</span>
        </Button>
      </Menu>
      <AddFilter page={page} />
      <div className="flex-1 max-sm:hidden" />
      {!search.qr && (
        <div className="grid max-sm:col-span-3">
          <TriggerChoice page={page} />
        </div>
      )}
    </div>
  );
});

/** All, links or codes: a filter like others, but one that is wanted so often that it has a place of its own. */
function TriggerChoice({ page }: { page: PageState }) {
  const is = valuesOf(page.filters, "trigger", "is");
  const isPlain = !page.filters.trigger_not && is.length < 2;
  return (
    <Segments
      label="Links or QR codes"
      value={isPlain ? (is[0] ?? "all") : "other"}
      options={[
        { value: "all", label: "All" },
        { value: "link", label: "Links" },
        { value: "qr", label: "QR codes" },
      ]}
      onChange={(value) => page.filter({ trigger: value === "all" ? undefined : value, trigger_not: undefined })}
    />
  );
}

const GROUPS: Dimension[][] = [
  ["link", "tag", "domain"],
  ["channel", "referrer", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"],
  ["country", "region", "city", "continent", "language"],
  ["device", "browser", "os"],
];

function AddFilter({ page }: { page: PageState }) {
  const entries: MenuEntry[] = GROUPS.flatMap((group, at): MenuEntry[] => [
    ...(at > 0 ? (["line"] as const) : []),
    ...group.map((by) => ({ label: NAMES[by].one, run: () => page.look({ detail: by }) })),
  ]);
  return (
    <Menu align="start" entries={entries}>
      <Button icon={<Plus className="text-ink-3" />}>Filter</Button>
    </Menu>
  );
}

/** Whose days these are, and the other zone one may want. */
export function ZoneMenu({ page, shown }: { page: PageState; shown: string | undefined }) {
  const workspace = useQuery(workspaceQuery);
  const mine = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zones = [...new Set([workspace.data?.timezone, mine, "UTC"])].filter((zone) => zone !== undefined);
  const entries: MenuEntry[] = zones.map((zone) => ({
    label: zone,
    run: () => page.go({ timezone: zone === workspace.data?.timezone ? undefined : zone }),
    aside: zone === shown ? tick : <span className="text-xs text-ink-3">{zone === workspace.data?.timezone ? "workspace" : zone === mine ? "this browser" : ""}</span>,
  }));
  return (
    <Menu align="start" entries={entries}>
      <button type="button" className="inline-flex items-center gap-1 rounded underline decoration-line-strong underline-offset-3 hover:text-ink">
        <Globe aria-hidden className="size-3.5" />
        {shown ?? "…"}
        <span className="sr-only">, choose the time zone</span>
      </button>
    </Menu>
  );
}

export const withTrigger = (page: PageState, value: "qr" | "link") => page.filter(toggled(page.filters, "trigger", "is", value));
