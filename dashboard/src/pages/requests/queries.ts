// The request log: what is asked. The API keeps it by key, so a key is always chosen.
import { queryOptions } from "@tanstack/react-query";
import { api, must, type Schemas } from "@/api/client";
import { listQuery } from "@/api/queries";
import { momentsOf } from "@/lib/log-period";
import type { RequestsSearch } from "./search";

export type ApiKeyRequest = Schemas["ApiKeyRequest"];
const PAGE_ROWS = 100;
/** Of a longer list, the last one chosen in the address is asked for by itself. */
const KEYS_MAX = 100;

export const keysToChooseQuery = queryOptions({
  queryKey: ["keys", "to-choose"],
  queryFn: ({ signal }) => must(api.GET("/v1/api-keys", { params: { query: { limit: KEYS_MAX } }, signal })),
});

/** As the API takes it. */
export function parametersOf({ status, method, route, range, from, to }: RequestsSearch) {
  return { ...(status ? { status: String(status) } : {}), ...(method ? { method } : {}), ...(route ? { route } : {}), ...momentsOf({ range, from, to }) };
}

export const requestLogQuery = (id: string, search: RequestsSearch) => ({
  ...listQuery<ApiKeyRequest>(["keys", "request-log", id, search], (cursor, signal) =>
    must(api.GET("/v1/api-keys/{id}/requests", { params: { path: { id }, query: { ...parametersOf(search), limit: PAGE_ROWS, ...(cursor ? { cursor } : {}) } }, signal })).then(
      ({ data, meta }) => ({ data, meta: { ...meta, total: meta.total ?? 0 } }),
    ),
  ),
  staleTime: 5_000,
});
