// The API as functions, typed by what the server says of itself (`npm run types`). `must` turns a refusal into an
// `ApiError`, which is what TanStack Query and the forms understand.
import createClient from "openapi-fetch";
import { ApiError, unreachable, type Problem } from "./problem";
import type { components, paths } from "./schema";
import { authorized } from "./session";

export type Schemas = components["schemas"];

export const api = createClient<paths>({ baseUrl: location.origin, fetch: authorized });

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** Lists can also be files (`format=csv`), which is text; those go through `download`. */
export async function must<T>(answer: Promise<Answer<T>>): Promise<Exclude<T, string>> {
  const { data, error, response } = await answer;
  if (response.ok) return data as Exclude<T, string>;
  const isProblem = typeof error === "object" && error !== null && "code" in error;
  throw new ApiError(
    isProblem ? (error as Problem) : unreachable(`The server answered ${response.status} without saying why.`),
  );
}

/** A request with a body, for answers that are no JSON. */
export const postOf = (path: string, body: unknown, signal?: AbortSignal) =>
  new Request(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body), signal: signal ?? null });

/** A picture or a file behind the login. */
export async function fetchBlob(what: string | Request, signal?: AbortSignal): Promise<Blob> {
  const response = await authorized(typeof what === "string" ? new Request(what, { signal: signal ?? null }) : what);
  if (response.ok) return response.blob();
  const problem = (await response.json().catch(() => null)) as Problem | null;
  throw new ApiError(problem ?? unreachable(`The server answered ${response.status}.`));
}

/** Fetches a file and hands it to the browser to keep. */
export async function download(what: string | Request, name: string): Promise<void> {
  saveBlob(await fetchBlob(what), name);
}

export function saveBlob(blob: Blob, name: string) {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
