// What several pages ask for. A key begins with the resource, so that a change invalidates all of it at once.
import { infiniteQueryOptions, QueryClient, queryOptions } from "@tanstack/react-query";
import { api, must } from "./client";
import { ApiError } from "./problem";

const RETRIES_MAX = 2;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // What the server refused, it refuses again.
      retry: (count, error) =>
        count < RETRIES_MAX && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
    },
    mutations: { retry: false },
  },
});

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => must(api.GET("/v1/me", { signal })),
  staleTime: 60_000,
});

export const workspaceQuery = queryOptions({
  queryKey: ["workspace"],
  queryFn: ({ signal }) => must(api.GET("/v1/workspace", { signal })),
  staleTime: 60_000,
});

export const tagsQuery = queryOptions({
  queryKey: ["tags"],
  queryFn: async ({ signal }) => (await must(api.GET("/v1/tags", { signal }))).data,
});

export type ListFilters = Record<string, string | number | boolean | undefined>;

/** All pages of a list, one behind the other, by cursor. */
export function listQuery<T>(
  key: readonly unknown[],
  load: (cursor: string | undefined, signal: AbortSignal) => Promise<{
    data: T[];
    meta: { total: number; next_cursor?: string | null };
  }>,
) {
  return infiniteQueryOptions({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => load(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.meta.next_cursor ?? undefined,
    // All pages would be fetched again, one after the other, and compared field by field.
    refetchOnWindowFocus: false,
    structuralSharing: false,
  });
}
