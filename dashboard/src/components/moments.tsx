// Times that keep up with the clock: one timer for the whole page.
import { useSyncExternalStore, type ReactNode } from "react";
import { ago, exactly, left } from "@/lib/time";
import { Tip } from "./ui/tooltip";

function everySeconds(seconds: number) {
  let now = Date.now();
  const listeners = new Set<() => void>();
  let timer: number | undefined;
  return {
    subscribe(tell: () => void) {
      listeners.add(tell);
      timer ??= window.setInterval(() => {
        now = Date.now();
        for (const one of listeners) one();
      }, seconds * 1000);
      return () => {
        listeners.delete(tell);
        if (listeners.size === 0) {
          clearInterval(timer);
          timer = undefined;
        }
      };
    },
    get: () => (listeners.size === 0 ? (now = Date.now()) : now),
  };
}

const slow = everySeconds(20);
const quick = everySeconds(1);

export function RelativeTime({ at, never = "never" }: { at: string | null | undefined; never?: ReactNode }) {
  const now = useSyncExternalStore(slow.subscribe, slow.get);
  if (!at) return <span className="text-ink-3">{never}</span>;
  return (
    <Tip text={exactly(at)}>
      <time dateTime={at} className="whitespace-nowrap">
        {ago(at, now)}
      </time>
    </Tip>
  );
}

/** What is left until then, by the second. */
export function Countdown({ until }: { until: string }) {
  const now = useSyncExternalStore(quick.subscribe, quick.get);
  return (
    <Tip text={exactly(until)}>
      <time dateTime={until} className="tnum whitespace-nowrap">
        {left(until, now)}
      </time>
    </Tip>
  );
}
