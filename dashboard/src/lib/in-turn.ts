// A long page is made piece by piece, so that a click never waits for all of it.
import { startTransition, useEffect, useState } from "react";

/** Browsers that do not say when they have nothing to do (Safari) get a pause instead. */
const PAUSE_MS = 30;
const whenIdle = (run: () => void) => {
  if ("requestIdleCallback" in window) {
    const id = requestIdleCallback(run);
    return () => cancelIdleCallback(id);
  }
  const id = setTimeout(run, PAUSE_MS);
  return () => clearTimeout(id);
};

/** How many of so many pieces to make by now: one more whenever the browser has nothing else to do. */
export function useInTurn(pieces: number): number {
  const [made, setMade] = useState(0);
  useEffect(() => (made < pieces ? whenIdle(() => startTransition(() => setMade(made + 1))) : undefined), [made, pieces]);
  return made;
}
