// Undo and redo: every change is a step, and quick changes of the same thing (typing, dragging a slider) are one.
import { useCallback, useMemo, useReducer } from "react";

const STEPS_MAX = 200;
const SAME_STEP_MS = 900;

export type History<T> = { past: T[]; now: T; future: T[]; what: string; at: number };
export type Step<T> = { does: "change"; what: string; at: number; make: (now: T) => T } | { does: "undo" } | { does: "redo" } | { does: "restart"; now: T };

export function step<T>(history: History<T>, action: Step<T>): History<T> {
  const { past, now, future } = history;
  if (action.does === "restart") return { past: [], now: action.now, future: [], what: "", at: 0 };
  if (action.does === "undo") return past.length === 0 ? history : { past: past.slice(0, -1), now: past.at(-1)!, future: [now, ...future], what: "", at: 0 };
  if (action.does === "redo") return future.length === 0 ? history : { past: [...past, now], now: future[0]!, future: future.slice(1), what: "", at: 0 };
  const next = action.make(now);
  if (next === now) return history;
  const isSame = action.what === history.what && action.at - history.at < SAME_STEP_MS;
  return { past: isSame ? past : [...past, now].slice(-STEPS_MAX), now: next, future: [], what: action.what, at: action.at };
}

export function useHistory<T>(initial: T) {
  const [history, run] = useReducer(step<T>, { past: [], now: initial, future: [], what: "", at: 0 });
  const change = useCallback((what: string, make: (now: T) => T) => run({ does: "change", what, at: Date.now(), make }), []);
  const moves = useMemo(() => ({ undo: () => run({ does: "undo" }), redo: () => run({ does: "redo" }), restart: (now: T) => run({ does: "restart", now }) }), []);
  return { now: history.now, change, ...moves, canUndo: history.past.length > 0, canRedo: history.future.length > 0 };
}
