// The guides: by group, and found by what stands in them.
import { useQuery } from "@tanstack/react-query";
import { Link as Go, useNavigate, useSearch } from "@tanstack/react-router";
import { BookOpen, CircleAlert, KeySquare, Search } from "lucide-react";
import { useMemo, type ReactNode } from "react";
import { useLogin } from "@/api/session";
import { Empty, ErrorPanel, ListSkeleton, Page } from "@/components/page";
import { SearchField } from "@/components/search-field";
import { plural } from "@/lib/numbers";
import { ADMINS, isAmong } from "@/nav";
import { WhatPeopleSay } from "./feedback";
import { GROUPS, GUIDES, SLUGS, type GuideSlug } from "./guides";
import { search as find, sectionsOf } from "./outline";
import { guidesQuery } from "./texts";

export function HelpPage() {
  const { search = "" } = useSearch({ from: "/inside/help" });
  const navigate = useNavigate({ from: "/help" });
  const role = useLogin().workspace?.role;
  return (
    <Page title="Help" about="How everything works, and why it does so.">
      <div className="mb-5 flex max-w-xl">
        <SearchField label="Search the guides" value={search} onChange={(text) => void navigate({ search: text ? { search: text } : {}, replace: true })} />
      </div>
      {search ? <Results typed={search} /> : <Everything />}
      {!search && isAmong(ADMINS, role) && (
        <div className="mt-7">
          <WhatPeopleSay />
        </div>
      )}
    </Page>
  );
}

const Everything = () => (
  <div className="flex flex-col gap-7">
    {GROUPS.map((group) => (
      <section key={group} aria-label={group}>
        <h2 className="mb-2 text-xs font-medium text-ink-3">{group}</h2>
        <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
          {SLUGS.filter((slug) => GUIDES[slug].group === group).map((slug) => (
            <GuideCard key={slug} slug={slug} />
          ))}
        </ul>
      </section>
    ))}
    <section aria-label="Reference">
      <h2 className="mb-2 text-xs font-medium text-ink-3">Reference</h2>
      <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
        <PageCard href="/api-docs" icon={<BookOpen />} title="API reference" about="Every operation, to read and to try." />
        <PageCard href="/docs/errors" icon={<CircleAlert />} title="Errors" about="Every code, what it means and what to do." />
        <PageCard href="/docs/scopes" icon={<KeySquare />} title="Scopes" about="What a key can be allowed." />
      </ul>
    </section>
  </div>
);

const CARD = "flex h-full flex-col gap-1 rounded-xl border border-line bg-surface p-4 transition-colors hover:border-line-strong hover:bg-hover/50";

const GuideCard = ({ slug }: { slug: GuideSlug }) => (
  <li>
    <Go to="/help/$slug" params={{ slug }} className={CARD}>
      <span className="text-sm font-semibold">{GUIDES[slug].title}</span>
      <span className="text-sm text-ink-2">{GUIDES[slug].about}</span>
    </Go>
  </li>
);

const PageCard = ({ href, icon, title, about }: { href: string; icon: ReactNode; title: string; about: string }) => (
  <li>
    <a href={href} className={CARD}>
      <span className="flex items-center gap-2 text-sm font-semibold [&_svg]:size-4 [&_svg]:text-ink-3">
        {icon}
        {title}
      </span>
      <span className="text-sm text-ink-2">{about}</span>
    </a>
  </li>
);

function Results({ typed }: { typed: string }) {
  const texts = useQuery(guidesQuery);
  const sections = useMemo(() => texts.data?.flatMap(({ slug, text }) => sectionsOf(slug, text)) ?? [], [texts.data]);
  const found = useMemo(() => find(sections, typed), [sections, typed]);
  if (texts.error) return <ErrorPanel error={texts.error} onRetry={() => void texts.refetch()} />;
  if (texts.isPending) return <ListSkeleton rows={4} />;
  if (found.length === 0)
    return <Empty icon={<Search />} title="No guide says this" about="Try fewer or other words. The API reference at /api-docs has a search of its own." />;
  return (
    <>
      <p role="status" className="mb-2 text-xs text-ink-3">
        {plural(found.length, "place")}
      </p>
      <ul className="overflow-hidden rounded-xl border border-line bg-surface">
        {found.map((one) => (
          <li key={`${one.slug}#${one.anchor}`} className="border-b border-line last:border-b-0">
            <Go to="/help/$slug" params={{ slug: one.slug }} {...(one.anchor ? { hash: one.anchor } : {})} className="block px-4 py-3 hover:bg-hover/60 focus-visible:-outline-offset-2">
              <span className="block text-sm font-medium">
                {one.anchor && <span className="text-ink-3">{GUIDES[one.slug as GuideSlug].title} › </span>}
                {one.heading}
              </span>
              <span className="mt-0.5 block text-sm text-ink-2">
                <Marked text={one.snippet} words={typed} />
              </span>
            </Go>
          </li>
        ))}
      </ul>
    </>
  );
}

function Marked({ text, words }: { text: string; words: string }) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const pattern = new RegExp(`(${wanted.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "gi");
  return text.split(pattern).map((part, at) =>
    wanted.includes(part.toLowerCase()) ? (
      <mark key={at} className="rounded-sm bg-warn-soft text-ink">
        {part}
      </mark>
    ) : (
      part
    ),
  );
}
