// One guide: its text, what is in it, and whether it helped.
import { useQuery } from "@tanstack/react-query";
import { Link as Go, useParams } from "@tanstack/react-router";
import { ChevronRight, LifeBuoy } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { Empty, ErrorPanel, ListSkeleton, Page } from "@/components/page";
import { buttonLook } from "@/components/ui/button";
import { cx } from "@/lib/cx";
import { Feedback } from "./feedback";
import { GUIDES, isGuide, SLUGS, type GuideSlug } from "./guides";
import { Markdown } from "./markdown";
import { headingsOf, tokensOf, type Heading } from "./outline";
import { guideQuery } from "./texts";

export function GuidePage() {
  const { slug } = useParams({ from: "/inside/help/$slug" });
  if (isGuide(slug)) return <Guide key={slug} slug={slug} />;
  return (
    <Page title="There is no such guide" above={<BackToHelp />}>
      <Empty icon={<LifeBuoy />} title={slug} about="It may have another name by now. The search looks through all of them." action={<Go to="/help" className={buttonLook("primary")}>Search the guides</Go>} />
    </Page>
  );
}

function Guide({ slug }: { slug: GuideSlug }) {
  const text = useQuery(guideQuery(slug));
  const tokens = useMemo(() => tokensOf(text.data ?? ""), [text.data]);
  const headings = useMemo(() => headingsOf(tokens).filter((one) => one.depth === 2 || one.depth === 3), [tokens]);
  useArrival(text.isSuccess);
  return (
    <Page
      title={GUIDES[slug].title}
      above={<BackToHelp />}
    >
      {text.error ? (
        <ErrorPanel error={text.error} onRetry={() => void text.refetch()} />
      ) : text.isPending ? (
        <ListSkeleton />
      ) : (
        <div className="grid gap-x-10 lg:grid-cols-[minmax(0,1fr)_14rem]">
          <aside className="lg:order-2">
            <Contents slug={slug} headings={headings} />
          </aside>
          <div className="max-w-3xl min-w-0">
            <article>
              <Markdown slug={slug} tokens={tokens} />
            </article>
            <Feedback slug={slug} />
            <Next slug={slug} />
          </div>
        </div>
      )}
    </Page>
  );
}

const BackToHelp = () => (
  <Go to="/help" className="rounded hover:text-ink">
    ← Help
  </Go>
);

/** The text comes after the address was read, so its anchor is looked for once more. */
function useArrival(isThere: boolean) {
  useEffect(() => {
    if (isThere && location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
  }, [isThere]);
}

/** The heading that one has come to. */
function useReached(headings: readonly Heading[]) {
  const [reached, setReached] = useState<string>();
  useEffect(() => {
    const all = headings.map((one) => document.getElementById(one.anchor)).filter((one) => one !== null);
    const look = () => setReached(all.findLast((one) => one.getBoundingClientRect().top < 120)?.id);
    const eye = new IntersectionObserver(look, { rootMargin: "-110px 0px -60% 0px" });
    for (const one of all) eye.observe(one);
    return () => eye.disconnect();
  }, [headings]);
  return reached;
}

function Contents({ slug, headings }: { slug: GuideSlug; headings: readonly Heading[] }) {
  const reached = useReached(headings);
  const list = (
    <ul className="flex flex-col text-sm">
      {headings.map((one) => (
        <li key={one.anchor}>
          <Go
            to="/help/$slug"
            params={{ slug }}
            hash={one.anchor}
            aria-current={one.anchor === reached ? "location" : undefined}
            className={cx(
              "block rounded-r-md border-l-2 py-1 pr-2 hover:text-ink",
              one.depth === 3 ? "pl-6 text-xs" : "pl-3",
              one.anchor === reached ? "border-accent font-medium text-accent-text" : "border-line text-ink-2",
            )}
          >
            {one.text}
          </Go>
        </li>
      ))}
    </ul>
  );
  return (
    <>
      <nav aria-label="On this page" className="sticky top-8 hidden max-h-[calc(100dvh-4rem)] overflow-y-auto lg:block">
        <p className="mb-2 text-xs font-medium text-ink-3">On this page</p>
        {list}
      </nav>
      <details className="group mb-2 rounded-lg border border-line bg-surface lg:hidden">
        <summary className="flex list-none items-center gap-2 rounded-lg px-3 py-2 text-sm font-medium">
          <ChevronRight aria-hidden className="size-4 text-ink-3 transition-transform group-open:rotate-90" />
          On this page
        </summary>
        <nav aria-label="On this page" className="border-t border-line p-3">
          {list}
        </nav>
      </details>
    </>
  );
}

/** What one would read after this. */
function Next({ slug }: { slug: GuideSlug }) {
  const at = SLUGS.indexOf(slug);
  const next = SLUGS[(at + 1) % SLUGS.length]!;
  return (
    <Go to="/help/$slug" params={{ slug: next }} className="mt-6 flex flex-col gap-0.5 rounded-xl border border-line bg-surface px-4 py-3 hover:border-line-strong hover:bg-hover/50">
      <span className="text-xs text-ink-3">Next guide</span>
      <span className="text-sm font-semibold">{GUIDES[next].title} →</span>
    </Go>
  );
}
