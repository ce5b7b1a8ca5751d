// What every part of the page is given: the question, and how to change the address that it comes from.
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import type { Filters } from "./filters";
import type { Day } from "./period";
import { questionOf, useToday, type Question } from "./queries";
import { COMPARISONS, filtersOf, type AnalyticsSearch, type Comparison, type Measure } from "./search";

export type PageState = {
  search: AnalyticsSearch;
  question: Question | undefined;
  /** What the cards count: the question, or that about its scans. null where there can be none. */
  counted: Question | null | undefined;
  measure: Measure;
  filters: Filters;
  compare: Comparison;
  today: Day | undefined;
  /** A step that "back" takes back. */
  go: (change: AnalyticsSearch) => void;
  /** The same page, looked at differently. */
  look: (change: AnalyticsSearch) => void;
  filter: (filters: Filters) => void;
};

export function usePageState(counted: (question: Question) => Question | null): PageState {
  const search = useSearch({ from: "/inside/analytics" });
  const navigate = useNavigate({ from: "/analytics" });
  const today = useToday(search.timezone);
  const question = useMemo(() => questionOf(search, today), [search, today]);
  const go = useCallback((change: AnalyticsSearch) => void navigate({ search: (before) => ({ ...before, ...change }), resetScroll: false }), [navigate]);
  const look = useCallback((change: AnalyticsSearch) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true, resetScroll: false }), [navigate]);
  // The same until the address changes: an answer that arrives draws what it is about, and not the whole page.
  return useMemo(() => {
    const measure = search.measure ?? "clicks";
    return {
      search,
      question,
      counted: question && measure === "qr_scans" ? counted(question) : question,
      measure,
      filters: filtersOf(search),
      compare: search.compare ?? COMPARISONS[0],
      today,
      go,
      look,
      filter: go,
    };
  }, [search, question, counted, today, go, look]);
}
