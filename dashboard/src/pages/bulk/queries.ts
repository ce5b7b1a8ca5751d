// Bulk jobs: what is asked, how a file is sent, and the progress as it is told.
import { queryOptions } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, must, type Schemas } from "@/api/client";
import { listen } from "@/api/events";
import { ApiError, unreachable, type Problem } from "@/api/problem";
import { listQuery, queryClient } from "@/api/queries";
import { authorized } from "@/api/session";
import type { Resource } from "./fields";

export type Job = Schemas["BulkJob"];
export type OnError = Schemas["BulkOnError"];
const PAGE_ROWS = 50;

export const jobsQuery = listQuery<Job>(["bulk", "list"], (cursor, signal) => must(api.GET("/v1/bulk/jobs", { params: { query: { limit: PAGE_ROWS, ...(cursor ? { cursor } : {}) } }, signal })));

export const jobQuery = (id: string) =>
  queryOptions({ queryKey: ["bulk", "one", id], queryFn: ({ signal }) => must(api.GET("/v1/bulk/jobs/{id}", { params: { path: { id } }, signal })) });

const OVER: readonly Job["state"][] = ["refused", "done", "failed", "cancelled"];
export const isOver = (job: Job) => OVER.includes(job.state);

export type Upload = { file: Blob; name: string; resource: Resource; mapping: Record<string, string> };

/** Files of this page's life, so that one which was refused can be sent again otherwise without being chosen again. */
const sent = new Map<string, Upload>();
export const uploadOf = (id: string) => sent.get(id);

export async function begin(upload: Upload, onError: OnError): Promise<Job> {
  const query = new URLSearchParams({ resource: upload.resource, on_error: onError, start: "manual", mapping: JSON.stringify(upload.mapping) });
  const response = await authorized(new Request(`/v1/bulk/jobs?${query}`, { method: "POST", headers: { "content-type": "text/csv" }, body: upload.file }));
  const answer = (await response.json().catch(() => null)) as Job | Problem | null;
  if (!response.ok) throw new ApiError((answer as Problem | null) ?? unreachable(`The server answered ${response.status}.`));
  const job = answer as Job;
  sent.set(job.id, upload);
  queryClient.setQueryData(["bulk", "one", job.id], job);
  await queryClient.invalidateQueries({ queryKey: ["bulk", "list"] });
  return job;
}

export async function start(id: string): Promise<Job> {
  return put(await must(api.POST("/v1/bulk/jobs/{id}/start", { params: { path: { id } } })));
}

export async function cancel(id: string): Promise<Job> {
  return put(await must(api.POST("/v1/bulk/jobs/{id}/cancel", { params: { path: { id } } })));
}

export async function removeJob(id: string): Promise<void> {
  await must(api.DELETE("/v1/bulk/jobs/{id}", { params: { path: { id } } }));
  queryClient.removeQueries({ queryKey: ["bulk", "one", id] });
  await queryClient.invalidateQueries({ queryKey: ["bulk", "list"] });
}

function put(job: Job): Job {
  queryClient.setQueryData(["bulk", "one", job.id], job);
  return job;
}

/** Keeps a job's entry in the cache up to date until it is over. Answers with what ended the listening early. */
export function useProgress(job: Job | undefined): unknown {
  const id = job?.id;
  const isLive = job !== undefined && !isOver(job);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    if (!id || !isLive) return;
    const ends = new AbortController();
    void listen(`/v1/bulk/jobs/${id}/events`, ends.signal, (event) => {
      const told = JSON.parse(event.text) as Job | Problem;
      if ("state" in told) put(told);
      // An end without a job is the end of the session's token: with the next one it goes on.
      return event.name === "end" && "state" in told ? "end" : undefined;
    })
      // What was made is seen in the lists; also when this page was left meanwhile.
      .then(() => Promise.all([["bulk", "list"], ["links"], ["qr-codes"], ["tags"]].map((queryKey) => queryClient.invalidateQueries({ queryKey }))))
      .catch(setError);
    return () => ends.abort();
  }, [id, isLive]);
  return error;
}
