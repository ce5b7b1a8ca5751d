// The clicks of this moment: what came in the last half hour, and the stream of what comes now. A browser's EventSource
// cannot send the login along, so the stream is read by hand.
import { queryOptions } from "@tanstack/react-query";
import { useEffect, useReducer, useRef } from "react";
import { api, must } from "@/api/client";
import { problemOf, ApiError, unreachable, type Problem } from "@/api/problem";
import { authorized } from "@/api/session";
import type { operations } from "@/api/schema";
import type { Filters } from "./filters";
import type { Click } from "./queries";

export const LIVE_MINUTES = 30;
const REFETCH_MS = 20_000;
export const LATEST_MAX = 60;
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

/** The stream does not tell continents apart. */
export const streamedFilters = (filters: Filters): Filters => Object.fromEntries(Object.entries(filters).filter(([name]) => !name.startsWith("continent"))) as Filters;

export type Event = { kind: string; text: string };

/** Events out of the pieces in which a stream arrives; what is unfinished waits for the next piece. */
export function eventReader(): (piece: string) => Event[] {
  let rest = "";
  return (piece) => {
    const blocks = (rest + piece).replaceAll("\r\n", "\n").split("\n\n");
    rest = blocks.pop() ?? "";
    return blocks.flatMap((block) => {
      const lines = block.split("\n").map((line) => /^([a-z]+): ?(.*)$/.exec(line));
      const of = (name: string) => lines.flatMap((line) => (line?.[1] === name ? [line[2]!] : []));
      const text = of("data").join("\n");
      return text || of("event").length > 0 ? [{ kind: of("event")[0] ?? "message", text }] : [];
    });
  };
}

export type Stream = {
  state: "opening" | "open" | "waiting";
  problem: Problem | null;
  /** Newest first. */
  clicks: Click[];
  /** Came while the list stood still. */
  held: Click[];
  hasMissed: boolean;
};
type Step =
  | { kind: "before"; clicks: Click[] }
  | { kind: "open" }
  | { kind: "came"; click: Click; isPaused: boolean }
  | { kind: "missed" }
  | { kind: "goon" }
  | { kind: "broke"; problem: Problem };

const START: Stream = { state: "opening", problem: null, clicks: [], held: [], hasMissed: false };

/** Clicks have no id: the same moment, link and visitor is the same click. */
const keyOf = (click: Click) => `${click.at} ${click.link} ${click.visitor ?? ""}`;
export const clickKey = keyOf;

export function next(stream: Stream, step: Step): Stream {
  switch (step.kind) {
    case "before": {
      const known = new Set([...stream.held, ...stream.clicks].map(keyOf));
      const older = step.clicks.filter((click) => !known.has(keyOf(click)));
      return { ...stream, clicks: [...stream.clicks, ...older].toSorted((a, b) => (a.at < b.at ? 1 : -1)).slice(0, LATEST_MAX), hasMissed: false };
    }
    case "open":
      return { ...stream, state: "open", problem: null };
    case "came":
      if ([...stream.held, ...stream.clicks].some((click) => keyOf(click) === keyOf(step.click))) return stream;
      return step.isPaused
        ? { ...stream, held: [step.click, ...stream.held].slice(0, LATEST_MAX) }
        : { ...stream, clicks: [step.click, ...stream.clicks].slice(0, LATEST_MAX) };
    case "missed":
      return { ...stream, hasMissed: true };
    case "goon":
      return { ...stream, clicks: [...stream.held, ...stream.clicks].slice(0, LATEST_MAX), held: [] };
    case "broke":
      return { ...stream, state: "waiting", problem: step.problem };
  }
}

type Query = NonNullable<operations["streamEvents"]["parameters"]["query"]>;
const search = (query: object) => String(new URLSearchParams(query as Record<string, string>));

async function read(query: Query, signal: AbortSignal, tell: (event: Event) => void, opened: () => void) {
  const response = await authorized(new Request(`/v1/events/live?${search(query)}`, { signal, headers: { accept: "text/event-stream" } }));
  if (!response.ok || !response.body) {
    const problem = (await response.json().catch(() => null)) as Problem | null;
    throw new ApiError(problem ?? unreachable(`The server answered ${response.status}.`));
  }
  opened();
  const events = eventReader();
  const pieces = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await pieces.read();
    if (done) return;
    for (const event of events(value)) tell(event);
  }
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
            ({ kind, text }) => {
              if (kind === "click") dispatch({ kind: "came", click: JSON.parse(text) as Click, isPaused: paused.current });
              else if (kind === "lagged") dispatch({ kind: "missed" });
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

