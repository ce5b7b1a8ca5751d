// The clicks of this moment: what came in the last half hour, and the stream of what comes now. A browser's EventSource
// cannot send the login along, so the stream is read by `api/events.ts`.
import { queryOptions } from "@tanstack/react-query";
import { useEffect, useReducer, useRef } from "react";
import { api, must } from "@/api/client";
import { eventsOf, type ServerEvent } from "@/api/events";
import { problemOf, ApiError, unreachable, type Problem } from "@/api/problem";
import { authorized } from "@/api/session";
import type { operations } from "@/api/schema";
import type { Filters } from "./filters";
import type { Click } from "./queries";
import { LATEST_MAX, next, START, streamedFilters, type Stream } from "./stream";

export const LIVE_MINUTES = 30;
const REFETCH_MS = 20_000;
const RETRY_MS = [1_000, 2_000, 5_000, 10_000, 30_000] as const;

type Selection = { filters: Filters; robots: "include" | "only" | undefined };

/** Clicks by the minute, the present one included. The moment is taken when it is asked. */
export const minutesQuery = ({ filters, robots }: Selection) =>
  queryOptions({
    queryKey: ["analytics", "minutes", filters, robots],
    queryFn: ({ signal }) => {
      const from = new Date(Math.floor(Date.now() / 60_000 - LIVE_MINUTES + 1) * 60_000).toISOString();
      return must(api.GET("/v1/analytics/workspace", { params: { query: { ...filters, from, interval: "minute", include: "summary,series", ...(robots ? { robots } : {}) } }, signal }));
    },
    refetchInterval: REFETCH_MS,
  });

type Query = NonNullable<operations["streamEvents"]["parameters"]["query"]>;
const search = (query: object) => String(new URLSearchParams(query as Record<string, string>));

async function read(query: Query, signal: AbortSignal, tell: (event: ServerEvent) => void, opened: () => void) {
  const response = await authorized(new Request(`/v1/events/live?${search(query)}`, { signal, headers: { accept: "text/event-stream" } }));
  if (!response.ok || !response.body) {
    const problem = (await response.json().catch(() => null)) as Problem | null;
    throw new ApiError(problem ?? unreachable(`The server answered ${response.status}.`));
  }
  opened();
  for await (const event of eventsOf(response.body)) tell(event);
}

/** Follows the stream for as long as the component is there, and opens it again when it breaks. */
export function useStream({ filters, robots }: Selection, isPaused: boolean): Stream & { goOn: () => void } {
  const [stream, dispatch] = useReducer(next, START);
  const paused = useRef(isPaused);
  useEffect(() => {
    paused.current = isPaused;
    if (!isPaused) dispatch({ kind: "goon" });
  }, [isPaused]);
  const asked = search({ ...streamedFilters(filters), ...(robots ? { robots } : {}) });
  useEffect(() => {
    const ended = new AbortController();
    const query = Object.fromEntries(new URLSearchParams(asked));
    const before = async () => {
      const page = await must(api.GET("/v1/events", { params: { query: { ...query, range: "24h", limit: LATEST_MAX } }, signal: ended.signal }));
      // The same path also answers with files, which nobody asked for here.
      if ("data" in page) dispatch({ kind: "before", clicks: page.data });
    };
    const follow = async () => {
      for (let tries = 0; !ended.signal.aborted; tries++) {
        try {
          // First the stream, then what was before it: in this order nothing falls between them.
          await read(
            query,
            ended.signal,
            ({ name, text }) => {
              if (name === "click") dispatch({ kind: "came", click: JSON.parse(text) as Click, isPaused: paused.current });
              else if (name === "lagged") dispatch({ kind: "missed" });
            },
            () => {
              tries = 0;
              dispatch({ kind: "open" });
              void before().catch((error: unknown) => !ended.signal.aborted && dispatch({ kind: "broke", problem: problemOf(error) }));
            },
          );
        } catch (error) {
          if (ended.signal.aborted) return;
          dispatch({ kind: "broke", problem: problemOf(error) });
        }
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]));
      }
    };
    void follow();
    return () => ended.abort();
  }, [asked]);
  return { ...stream, goOn: () => dispatch({ kind: "goon" }) };
}

