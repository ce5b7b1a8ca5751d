// What happens now: clicks of the last half hour by the minute, and the latest ones as they come. The list can be held
// still; what comes meanwhile waits above it.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Pause, Play } from "lucide-react";
import { memo, useEffect, useRef, useState } from "react";
import { linkQuery, bare } from "@/pages/links/queries";
import { RelativeTime } from "@/components/moments";
import { ErrorPanel } from "@/components/page";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/card";
import { Drawer } from "@/components/ui/dialog";
import { Tip } from "@/components/ui/tooltip";
import { cx } from "@/lib/cx";
import { count, plural } from "@/lib/numbers";
import { useShortcut } from "@/lib/shortcuts";
import { LIVE_MINUTES, minutesQuery, useStream } from "./live";
import { valueName } from "./names";
import type { Click } from "./queries";
import type { PageState } from "./state";
import { keyOf } from "./stream";
import { ValueIcon } from "./value-icon";
import type { Filters } from "./filters";

/** The few minutes that "now" is. */
const NOW_MINUTES = 5;
/** Not oftener is something said aloud. */
const SAID_EVERY_MS = 5_000;

type Selection = { filters: Filters; robots: "include" | "only" | undefined };

/** How many came in the last minutes; opens the live view. */
export const LivePill = memo(function LivePill({ page, selection }: { page: PageState; selection: Selection }) {
  const minutes = useQuery(minutesQuery(selection));
  const now = minutes.data?.series?.slice(-NOW_MINUTES).reduce((sum, point) => sum + point.clicks, 0);
  const open = () => page.look({ live: true });
  useShortcut("r", "Live view", open);
  return (
    <Tip text="Live view" keys="r">
      <button type="button" onClick={open} className="flex h-8 items-center gap-2 rounded-md border border-line bg-surface px-2.5 text-xs text-ink-2 hover:bg-hover hover:text-ink">
        <Dot isOn={(now ?? 0) > 0} />
        <span>
          <span className="tnum inline-block min-w-2 font-medium text-ink">{now === undefined ? "" : count(now)}</span>
          <span className="max-sm:sr-only"> in the last {NOW_MINUTES} minutes</span>
          <span aria-hidden className="sm:hidden">
            {" "}
            now
          </span>
        </span>
      </button>
    </Tip>
  );
});

const Dot = ({ isOn }: { isOn: boolean }) => (
  <span aria-hidden className="relative grid size-2 place-items-center">
    {isOn && <span className="absolute size-2 animate-ping rounded-full bg-[var(--good)] opacity-60 motion-reduce:hidden" />}
    <span className={cx("size-2 rounded-full", isOn ? "bg-[var(--good)]" : "bg-line-strong")} />
  </span>
);

export function LiveView({ page, selection }: { page: PageState; selection: Selection }) {
  return (
    <Drawer isOpen onClose={() => page.look({ live: undefined })} wide title="Live" about={`Clicks as they come${Object.keys(selection.filters).length > 0 ? ", through the page's filters" : ""}.`}>
      <LiveClicks selection={selection} />
    </Drawer>
  );
}

function LiveClicks({ selection }: { selection: Selection }) {
  const [isPaused, setPaused] = useState(false);
  const stream = useStream(selection, isPaused);
  const minutes = useQuery(minutesQuery(selection));
  const { refetch } = minutes;
  useEffect(() => {
    if (stream.arrived > 0) void refetch();
  }, [stream.arrived, refetch]);
  return (
    <div className="flex flex-col gap-4">
      <Minutes minutes={minutes.data?.series?.map((point) => point.clicks)} visitors={minutes.data?.summary?.unique_visitors} />
      <div className="flex items-center gap-3">
        <Badge tone={stream.state === "open" ? "good" : "warn"} dot>
          {stream.state === "open" ? (isPaused ? "Paused" : "Connected") : stream.state === "opening" ? "Connecting" : "Connection lost, trying again"}
        </Badge>
        {"continent" in selection.filters || "continent_not" in selection.filters ? <span className="text-xs text-ink-3">Live clicks are not filtered by continent.</span> : null}
        <span className="flex-1" />
        <Button size="sm" icon={isPaused ? <Play /> : <Pause />} aria-pressed={isPaused} onClick={() => setPaused(!isPaused)}>
          {isPaused ? "Go on" : "Pause"}
        </Button>
      </div>
      {stream.problem && stream.problem.code !== "unreachable" && <ErrorPanel error={new Error(stream.problem.detail)} />}
      {stream.hasMissed && <p className="rounded-lg bg-warn-soft px-3 py-2 text-xs text-ink">Clicks came faster than this page could show them. Some are missing from the list; all are counted.</p>}
      {stream.held.length > 0 && (
        <button type="button" onClick={stream.goOn} className="h-8 rounded-md bg-accent-soft text-xs font-medium text-accent-text">
          {`Show ${plural(stream.held.length, "new click")}`}
        </button>
      )}
      {stream.clicks.length === 0 ? (
        <p className="py-10 text-center text-sm text-ink-3">{stream.state === "opening" ? "…" : "Nobody clicked in the last 24 hours. The next click will be here within a second."}</p>
      ) : (
        <ol aria-label="Latest clicks" className="divide-y divide-line rounded-xl border border-line">
          {stream.clicks.map((click) => (
            <ClickLine key={keyOf(click)} click={click} />
          ))}
        </ol>
      )}
      <Announcer arrived={stream.arrived} />
    </div>
  );
}

function Minutes({ minutes, visitors }: { minutes: number[] | undefined; visitors: number | undefined }) {
  const most = Math.max(1, ...(minutes ?? []));
  const total = (minutes ?? []).reduce((sum, one) => sum + one, 0);
  return (
    <section aria-label={`The last ${LIVE_MINUTES} minutes`} className="rounded-xl border border-line p-4">
      <div className="flex items-baseline gap-2">
        {minutes ? <span className="tnum text-2xl font-semibold tracking-tight" data-live-total>{count(total)}</span> : <Skeleton className="h-7 w-14" />}
        <span className="text-sm text-ink-2">{`${total === 1 ? "click" : "clicks"} in the last ${LIVE_MINUTES} minutes`}{visitors !== undefined && `, by ${plural(visitors, "visitor")}`}</span>
      </div>
      <div aria-hidden className="mt-3 flex h-14 items-end gap-[3px]">
        {(minutes ?? Array.from<number>({ length: LIVE_MINUTES }).fill(0)).map((one, at) => (
          <span key={at} className={cx("flex-1 rounded-[2px]", one > 0 ? "bg-[var(--chart-1)]" : "bg-line")} style={{ height: one > 0 ? `${Math.max(8, (100 * one) / most)}%` : "2px" }} />
        ))}
      </div>
      <p aria-hidden className="mt-1 flex justify-between text-2xs text-ink-3">
        <span>{LIVE_MINUTES} minutes ago</span>
        <span>now</span>
      </p>
    </section>
  );
}

function ClickLine({ click }: { click: Click }) {
  const link = useQuery({ ...linkQuery(click.link), staleTime: 300_000, retry: false });
  const place = click.city ? valueName("city", click.city) : click.country ? valueName("country", click.country) : null;
  const source = click.trigger === "qr" ? "QR code" : (click.referrer ?? (click.channel ? valueName("channel", click.channel) : null));
  return (
    <li className="flex animate-fade items-center gap-3 px-3 py-2 text-sm">
      <ValueIcon by="device" value={click.is_robot ? "robot" : (click.device ?? null)} />
      <span className="min-w-0 flex-1">
        <Link to="/links/$id" params={{ id: click.link }} className="block truncate rounded font-medium hover:underline">
          {link.data ? (link.data.title ?? bare(link.data.short_url)) : link.isError ? "A deleted link" : "…"}
        </Link>
        <span className="block truncate text-xs text-ink-3">{[place, source, click.browser, click.os].filter(Boolean).join(" · ")}</span>
      </span>
      <span className="shrink-0 text-xs text-ink-3">
        <RelativeTime at={click.at} />
      </span>
    </li>
  );
}

/** Says how many came, politely and not all the time. */
function Announcer({ arrived }: { arrived: number }) {
  const [said, setSaid] = useState("");
  const [now, before] = [useRef(arrived), useRef(arrived)];
  useEffect(() => {
    now.current = arrived;
  }, [now, arrived]);
  useEffect(() => {
    const timer = setInterval(() => {
      if (now.current > before.current) setSaid(plural(now.current - before.current, "new click"));
      before.current = now.current;
    }, SAID_EVERY_MS);
    return () => clearInterval(timer);
  }, [now, before]);
  return (
    <p role="status" className="sr-only">
      {said}
    </p>
  );
}
