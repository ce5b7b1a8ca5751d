// How much is used: what the plan limits, and how much of it is used.
import { queryOptions } from "@tanstack/react-query";
import { api, must } from "@/api/client";

export const limitsQuery = queryOptions({
  queryKey: ["plan", "limits"],
  queryFn: ({ signal }) => must(api.GET("/v1/limits", { signal })),
  // Exact at the moment of the answer, and soon not any more.
  refetchInterval: 15_000,
});

export const reachedQuery = queryOptions({
  queryKey: ["plan", "reached"],
  queryFn: ({ signal }) => must(api.GET("/v1/notices", { params: { query: { kind: "api_key.limit_reached", limit: 20 } }, signal })),
});
