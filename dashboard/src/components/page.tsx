// The head of a page and its states: title, actions, an error with everything support will ask for, an empty page
// that teaches.
import { useEffect, type ReactNode } from "react";
import { Link } from "@tanstack/react-router";
import { CircleQuestionMark, RotateCw, TriangleAlert } from "lucide-react";
import { problemOf } from "@/api/problem";
import { CodeBlock, CopyText } from "./copy";
import { GUIDES, type GuideSlug } from "@/pages/help/guides";
import { cx } from "@/lib/cx";
import { Button, buttonLook } from "./ui/button";
import { Skeleton } from "./ui/card";
import { Tip } from "./ui/tooltip";

export function Page({ title, about, actions, above, guide, children }: {
  title: string;
  about?: ReactNode;
  actions?: ReactNode;
  /** Before the title: the way back. */
  above?: ReactNode;
  /** The guide that explains this page. */
  guide?: GuideSlug;
  children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · Tessera`;
  }, [title]);
  return (
    <div className="mx-auto w-full max-w-6xl px-4 pt-5 pb-16 sm:px-8 sm:pt-7">
      {above && <div className="mb-2 text-xs text-ink-3">{above}</div>}
      <header className="mb-5 flex flex-wrap items-center gap-x-6 gap-y-1.5">
        <div className="flex min-h-8 min-w-0 grow items-center gap-1 sm:flex-1 sm:basis-64">
          <h1 className="min-w-0 text-2xl font-semibold tracking-tight break-words">{title}</h1>
          {guide && <GuideLink slug={guide} />}
        </div>
        {/* On a phone beside a short name; below the long one of a single thing, and below what is said of it. */}
        {actions && <div className={cx("flex flex-wrap items-center gap-2 sm:self-start", above && "max-sm:order-1 max-sm:mt-1 max-sm:basis-full")}>{actions}</div>}
        {about && (
          <div className="basis-full text-sm text-ink-2">
            <div className="max-w-2xl">{about}</div>
          </div>
        )}
      </header>
      {children}
    </div>
  );
}

function GuideLink({ slug }: { slug: GuideSlug }) {
  const label = `Guide: ${GUIDES[slug].title}`;
  return (
    <Tip text={label}>
      <Link to="/help/$slug" params={{ slug }} aria-label={label} className={buttonLook("quiet", "icon-sm")}>
        <CircleQuestionMark className="size-3.5! text-ink-3" />
      </Link>
    </Tip>
  );
}

export function ErrorPanel({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const problem = problemOf(error);
  return (
    <div role="alert" className="flex flex-col items-start gap-3 rounded-xl border border-line bg-surface p-5">
      <div className="flex gap-3">
        <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
        <div>
          <p className="text-sm font-semibold">{problem.title}</p>
          <p className="mt-0.5 text-sm text-ink-2">{problem.detail}</p>
          {problem.errors?.map((one) => (
            <p key={one.field + one.message} className="mt-0.5 text-sm text-ink-2">
              <code className="font-mono text-xs">{one.field}</code>: {one.message}
            </p>
          ))}
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-3 pl-7">
        {onRetry && (
          <Button size="sm" icon={<RotateCw />} onClick={onRetry}>
            Try again
          </Button>
        )}
        {problem.request_id && (
          <span className="flex items-center gap-1 text-xs text-ink-3">
            Request <CopyText text={problem.request_id} label="request id" />
          </span>
        )}
      </div>
    </div>
  );
}

/** A problem that belongs to no field, at the top of a form. */
export function FormProblem({ problem }: { problem: { detail: string; request_id: string } | null }) {
  if (!problem) return null;
  return (
    <div role="alert" className="rounded-lg border border-bad/30 bg-bad-soft px-3 py-2 text-sm text-ink">
      {problem.detail}
      {problem.request_id && <span className="mt-0.5 block font-mono text-2xs text-ink-2">{problem.request_id}</span>}
    </div>
  );
}

/** The fields of a form: Enter sends it, and what the server says of the whole stands above them. */
export function FormBody({ of, className, children }: { of: { problem: { detail: string; request_id: string } | null; submit: () => void }; className: string; children: ReactNode }) {
  return (
    <form
      className={className}
      onSubmit={(event) => {
        event.preventDefault();
        of.submit();
      }}
    >
      <FormProblem problem={of.problem} />
      {children}
    </form>
  );
}

export function Empty({ icon, title, about, action, curl }: {
  icon: ReactNode;
  title: string;
  about: ReactNode;
  action?: ReactNode;
  curl?: string;
}) {
  return (
    <div className="flex flex-col items-center rounded-xl border border-dashed border-line-strong px-5 py-12 text-center">
      <span aria-hidden className="mb-3 grid size-10 place-items-center rounded-xl border border-line bg-surface text-accent-text [&_svg]:size-5">
        {icon}
      </span>
      <h2 className="text-base font-semibold">{title}</h2>
      <p className="mt-1 max-w-md text-sm text-ink-2">{about}</p>
      {action && <div className="mt-4">{action}</div>}
      {curl && (
        <div className="mt-6 w-full max-w-xl text-left">
          <p className="mb-1.5 text-xs text-ink-3">Or by the API</p>
          <CodeBlock code={curl} label="curl command" />
        </div>
      )}
    </div>
  );
}

export const ListSkeleton = ({ rows = 8 }: { rows?: number }) => (
  <div role="status" aria-label="Loading" className="divide-y divide-line rounded-xl border border-line bg-surface">
    {Array.from({ length: rows }, (_, at) => (
      <div key={at} className="flex h-13 items-center gap-4 px-4">
        <Skeleton className="h-4 w-40" />
        <Skeleton className="h-4 flex-1" />
        <Skeleton className="h-4 w-16" />
      </div>
    ))}
  </div>
);
