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

/** A picture or a file behind the login. */
export async function fetchBlob(path: string, signal?: AbortSignal): Promise<Blob> {
  const response = await authorized(new Request(path, { signal }));
  if (response.ok) return response.blob();
  const problem = (await response.json().catch(() => null)) as Problem | null;
  throw new ApiError(problem ?? unreachable(`The server answered ${response.status}.`));
}

/** Fetches a file and hands it to the browser to keep. */
export async function download(path: string, name: string): Promise<void> {
  const url = URL.createObjectURL(await fetchBlob(path));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
