// The live stream without the network: the list of clicks that is made of its events. Clicks have no id, so the same
// moment, link and visitor is the same click.
import type { Problem } from "@/api/problem";
import type { Filters } from "./filters";
import type { Click } from "./queries";

export const LATEST_MAX = 60;

/** The stream does not tell continents apart. */
export const streamedFilters = (filters: Filters): Filters => Object.fromEntries(Object.entries(filters).filter(([name]) => !name.startsWith("continent"))) as Filters;

export type Stream = {
  state: "opening" | "open" | "waiting";
  problem: Problem | null;
  /** Newest first. */
  clicks: Click[];
  /** Came while the list stood still. */
  held: Click[];
  hasMissed: boolean;
  /** How many came by the stream so far. */
  arrived: number;
};
export type Step =
  | { kind: "before"; clicks: Click[] }
  | { kind: "open" }
  | { kind: "came"; click: Click; isPaused: boolean }
  | { kind: "missed" }
  | { kind: "goon" }
  | { kind: "broke"; problem: Problem };

export const START: Stream = { state: "opening", problem: null, clicks: [], held: [], hasMissed: false, arrived: 0 };

export const keyOf = (click: Click) => `${click.at} ${click.link} ${click.visitor ?? ""}`;
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
        ? { ...stream, arrived: stream.arrived + 1, held: [step.click, ...stream.held].slice(0, LATEST_MAX) }
        : { ...stream, arrived: stream.arrived + 1, clicks: [step.click, ...stream.clicks].slice(0, LATEST_MAX) };
    case "missed":
      return { ...stream, hasMissed: true };
    case "goon":
      return { ...stream, clicks: [...stream.held, ...stream.clicks].slice(0, LATEST_MAX), held: [] };
    case "broke":
      return { ...stream, state: "waiting", problem: step.problem };
  }
}
