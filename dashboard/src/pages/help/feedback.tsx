// "Was this article helpful?", asked at the end of each guide and kept per person; and for admins, what people answered.
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { Link as Go } from "@tanstack/react-router";
import { ThumbsDown, ThumbsUp } from "lucide-react";
import { useState } from "react";
import { api, must, type Schemas } from "@/api/client";
import { problemOf } from "@/api/problem";
import { listQuery, queryClient } from "@/api/queries";
import { RelativeTime } from "@/components/moments";
import { ErrorPanel, FormProblem } from "@/components/page";
import { Button } from "@/components/ui/button";
import { Card, Skeleton } from "@/components/ui/card";
import { Field, TextArea } from "@/components/ui/field";
import { useForm } from "@/lib/form";
import { plural } from "@/lib/numbers";
import { GUIDES, isGuide, type GuideSlug } from "./guides";

const feedbackQuery = listQuery<Schemas["ArticleFeedback"]>(["feedback"], (cursor, signal) =>
  must(api.GET("/v1/feedback", { params: { query: { limit: 20, ...(cursor ? { cursor } : {}) } }, signal })),
);

async function give(body: Schemas["GiveFeedback"]): Promise<boolean> {
  await must(api.POST("/v1/feedback", { body }));
  void queryClient.invalidateQueries({ queryKey: feedbackQuery.queryKey });
  return body.is_helpful;
}

/** The answer counts at once; a word about it can follow and takes its place. */
export function Feedback({ slug }: { slug: GuideSlug }) {
  const [answered, setAnswered] = useState<boolean>();
  const [isDone, setDone] = useState(false);
  const answer = useMutation({ mutationFn: (is_helpful: boolean) => give({ article: slug, is_helpful }), onSuccess: setAnswered });
  const comment = useForm(
    { comment: "" },
    (values) => give({ article: slug, is_helpful: answered === true, comment: values.comment.trim() }),
    () => setDone(true),
  );
  return (
    <section aria-label="Feedback" className="mt-10 rounded-xl border border-line bg-surface p-4">
      {answered === undefined ? (
        <div className="flex flex-wrap items-center justify-between gap-3">
          <h2 className="text-sm font-semibold">Was this article helpful?</h2>
          <div className="flex gap-2">
            <Button icon={<ThumbsUp />} isBusy={answer.isPending} onClick={() => answer.mutate(true)}>
              Yes
            </Button>
            <Button icon={<ThumbsDown />} isBusy={answer.isPending} onClick={() => answer.mutate(false)}>
              No
            </Button>
          </div>
          <FormProblem problem={answer.error ? problemOf(answer.error) : null} />
        </div>
      ) : isDone ? (
        <p role="status" className="text-sm text-ink-2">
          Thank you. The admins of your workspace can read it.
        </p>
      ) : (
        <form
          className="flex flex-col gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            if (comment.values.comment.trim() !== "") comment.submit();
          }}
        >
          <p role="status" className="text-sm">
            {answered ? "Good to know, thank you." : "Thank you for saying so."}
          </p>
          <FormProblem problem={comment.problem} />
          <Field label={answered ? "What would make it better still?" : "What was missing?"} isOptional wrong={comment.wrong("comment")}>
            <TextArea autoFocus value={comment.values.comment} onChange={(event) => comment.set("comment", event.target.value)} />
          </Field>
          <div className="flex justify-between gap-2">
            <Button look="quiet" onClick={() => setAnswered(undefined)}>
              Answer differently
            </Button>
            <Button type="submit" look="primary" isBusy={comment.isSending} why={comment.values.comment.trim() === "" ? "Nothing is written yet." : undefined}>
              Send
            </Button>
          </div>
        </form>
      )}
    </section>
  );
}

/** Only where somebody said something. */
export function WhatPeopleSay() {
  const list = useInfiniteQuery(feedbackQuery);
  const rows = list.data?.pages.flatMap((page) => page.data) ?? [];
  if (list.error) return <ErrorPanel error={list.error} onRetry={() => void list.refetch()} />;
  if (list.isPending) return <Skeleton className="h-11 w-full" />;
  if (rows.length === 0) return null;
  return (
    <Card title="What people say of the guides" aside={<span className="text-xs text-ink-3">for admins and owners</span>} isFlush>
      <ul className="divide-y divide-line">
        {rows.map((row) => (
          <li key={row.article} className="px-4 py-3 text-sm">
            <div className="flex flex-wrap items-center justify-between gap-x-4">
              {isGuide(row.article) ? (
                <Go to="/help/$slug" params={{ slug: row.article }} className="rounded font-medium text-accent-text hover:underline">
                  {GUIDES[row.article].title}
                </Go>
              ) : (
                <span className="font-medium">{row.article}</span>
              )}
              <span className="tnum text-ink-2">
                {plural(row.helpful, "person", "people")} helped, {row.unhelpful} not
              </span>
            </div>
            {row.comments.map((one) => (
              <p key={one.created_by} className="mt-2 flex gap-2 text-ink-2">
                {one.is_helpful ? <ThumbsUp aria-label="helpful" className="mt-0.5 size-3.5 shrink-0 text-good" /> : <ThumbsDown aria-label="not helpful" className="mt-0.5 size-3.5 shrink-0 text-warn" />}
                <span className="min-w-0 flex-1 break-words">{one.comment}</span>
                <span className="text-xs text-ink-3">
                  <RelativeTime at={one.created_at} />
                </span>
              </p>
            ))}
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <div className="border-t border-line p-2 text-center">
          <Button size="sm" look="quiet" isBusy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            More
          </Button>
        </div>
      )}
    </Card>
  );
}
