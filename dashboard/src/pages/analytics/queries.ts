// What the page asks: one report for the figures and the series, one for each card. All of them take the same question,
// which is made of the address once (`useQuestion`).
import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, must, type Schemas } from "@/api/client";
import { workspaceQuery } from "@/api/queries";
import type { operations } from "@/api/schema";
import { scansOf, type Dimension, type Filters } from "./filters";
import { asked, dayIn, needsToday, type Day } from "./period";
import { filtersOf, periodOf, type AnalyticsSearch, type Measure } from "./search";

export type Report = Schemas["AnalyticsReport"];
export type Row = Schemas["AnalyticsRow"];
export type Point = Schemas["AnalyticsPoint"];
export type Click = Schemas["Click"];
export type ReportQuery = NonNullable<operations["readWorkspaceAnalytics"]["parameters"]["query"]>;

/** Of whom, when, narrowed down to what. */
export type Question = {
  qr: string | undefined;
  when: { range?: string; from?: Day; to?: Day; timezone?: string };
  compare: "previous_period" | "previous_year" | undefined;
  robots: "include" | "only" | undefined;
  filters: Filters;
};

const FRESH_MS = 10_000;
export const CARD_ROWS = 8;
export const DETAIL_ROWS_MAX = 1_000;

/** Today, in the zone of the page. Undefined until the workspace's zone is known. */
export function useToday(timezone: string | undefined): Day | undefined {
  const workspace = useQuery({ ...workspaceQuery, enabled: timezone === undefined });
  const zone = timezone ?? workspace.data?.timezone;
  try {
    return zone ? dayIn(zone, Date.now()) : undefined;
  } catch {
    // A zone that the browser does not know; the server says what it thinks of it.
    return dayIn("UTC", Date.now());
  }
}

/** The page's question; undefined while it needs to know what day it is, and does not yet. */
export function questionOf(search: AnalyticsSearch, today: Day | undefined): Question | undefined {
  const period = periodOf(search);
  if (needsToday(period) && !today) return undefined;
  const isAll = "range" in period && period.range === "all";
  return {
    qr: search.qr,
    when: { ...asked(period, today ?? ""), ...(search.timezone ? { timezone: search.timezone } : {}) },
    // Before everything there is nothing.
    compare: isAll || search.compare === "none" ? undefined : (search.compare ?? "previous_period"),
    robots: search.robots,
    filters: filtersOf(search),
  };
}

/** Scans alone; null where there can be none. All that a QR code counts is scans. */
export function scansQuestion(question: Question): Question | null {
  if (question.qr) return question;
  const filters = scansOf(question.filters);
  return filters && { ...question, filters };
}

/** The question as parameters. What is undefined is not sent. */
export function parametersOf(question: Question, more: ReportQuery = {}): ReportQuery {
  const all = { ...question.when, compare: question.compare, robots: question.robots, ...question.filters, ...more };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== ""));
}

export const pathOf = (question: Pick<Question, "qr">) => (question.qr ? `/v1/qr-codes/${encodeURIComponent(question.qr)}/analytics` : "/v1/analytics/workspace");

const ask = (question: Question, query: ReportQuery, signal: AbortSignal): Promise<Report> =>
  question.qr
    ? must(api.GET("/v1/qr-codes/{id}/analytics", { params: { path: { id: question.qr }, query }, signal }))
    : must(api.GET("/v1/analytics/workspace", { params: { query }, signal }));

const report = (question: Question | null | undefined, more: ReportQuery) => {
  const query = question ? parametersOf(question, more) : {};
  return queryOptions({
    queryKey: ["analytics", question?.qr, query],
    queryFn: ({ signal }) => ask(question!, query, signal),
    enabled: question !== undefined && question !== null,
    staleTime: FRESH_MS,
  });
};

export const seriesQuery = (question: Question | null | undefined, interval: string | undefined) =>
  report(question, { include: "summary,series", ...(interval ? { interval } : {}) });

/** How rows are ordered, and which of their numbers is shown. Scans are the clicks of a question about scans. */
export const sortBy = (measure: Measure) => (measure === "qr_scans" ? "clicks" : measure);

export const breakdownQuery = (question: Question | null | undefined, by: Dimension, measure: Measure, limit: number) =>
  report(question, { include: "breakdown", group_by: by, limit, sort: `-${sortBy(measure)}` });

export const heatQuery = (question: Question | null | undefined) =>
  // Hours of the week have no counterpart to be compared with that anybody reads off a picture.
  report(question && { ...question, compare: undefined }, { include: "breakdown", group_by: "weekday,hour" });

export const codeQuery = (id: string | undefined) =>
  queryOptions({
    queryKey: ["qr-codes", "one", id],
    queryFn: ({ signal }) => must(api.GET("/v1/qr-codes/{id}", { params: { path: { id: id! } }, signal })),
    enabled: id !== undefined,
  });

export const valueOf = (row: Row, by: Dimension): string | null => {
  const value = (row.group as Record<string, string | number | null>)[by];
  return value == null ? null : String(value);
};

/** Whether there is anything that could have been clicked, or was: clicks of a deleted link stay. */
export const countableQuery = queryOptions({
  queryKey: ["links", "countable"],
  queryFn: async ({ signal }) => {
    const links = await must(api.GET("/v1/links", { params: { query: { limit: 1 } }, signal }));
    if (links.meta.total > 0) return true;
    const all = await must(api.GET("/v1/analytics/workspace", { params: { query: { range: "all", include: "summary", robots: "include" } }, signal }));
    return (all.summary?.clicks ?? 0) > 0;
  },
  staleTime: 300_000,
});
