// How much is used: the requests of all keys against the plan's limits, and how many things there are.
import { queryOptions } from "@tanstack/react-query";
import { api, must } from "@/api/client";

export const limitsQuery = queryOptions({
  queryKey: ["plan", "limits"],
  queryFn: ({ signal }) => must(api.GET("/v1/limits", { signal })),
  // Exact at the moment of the answer, and soon not any more.
  refetchInterval: 15_000,
});

const one = { params: { query: { limit: 1 } } };

/** How many there are of each; of keys only for whom may see them. */
export const countsQuery = (mayKeys: boolean) =>
  queryOptions({
    queryKey: ["plan", "counts", mayKeys],
    queryFn: async ({ signal }) => {
      const [links, codes, members, keys] = await Promise.all([
        must(api.GET("/v1/links", { ...one, signal })),
        must(api.GET("/v1/qr-codes", { ...one, signal })),
        must(api.GET("/v1/members", { ...one, signal })),
        mayKeys ? must(api.GET("/v1/api-keys", { ...one, signal })) : null,
      ]);
      return { links: links.meta.total, codes: codes.meta.total, members: members.meta.total, keys: keys?.meta.total };
    },
  });

export const reachedQuery = queryOptions({
  queryKey: ["plan", "reached"],
  queryFn: ({ signal }) => must(api.GET("/v1/notices", { params: { query: { kind: "api_key.limit_reached", limit: 20 } }, signal })),
});
