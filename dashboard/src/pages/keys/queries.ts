// API keys: what is asked, and the calls that change one. A secret that a call answers with is handed on and kept in
// no cache.
import { queryOptions } from "@tanstack/react-query";
import { api, must, type Schemas } from "@/api/client";
import { listQuery, queryClient } from "@/api/queries";
import type { KeysSearch } from "./search";

export type Key = Schemas["ApiKey"];
export type KeyWithSecret = Schemas["ApiKeyWithSecret"];
const PAGE_ROWS = 50;

export const keysQuery = (filters: Pick<KeysSearch, "search" | "status">) =>
  listQuery<Key>(["keys", "list", filters], (cursor, signal) =>
    must(api.GET("/v1/api-keys", { params: { query: { ...filters, limit: PAGE_ROWS, ...(cursor ? { cursor } : {}) } }, signal })),
  );

export const keyQuery = (id: string) =>
  queryOptions({
    queryKey: ["keys", "one", id],
    queryFn: ({ signal }) => must(api.GET("/v1/api-keys/{id}", { params: { path: { id } }, signal })),
  });

export const usageQuery = (id: string) =>
  queryOptions({
    queryKey: ["keys", "usage", id],
    queryFn: ({ signal }) => must(api.GET("/v1/api-keys/{id}/usage", { params: { path: { id } }, signal })),
    staleTime: 30_000,
  });

export const requestsQuery = (id: string, filters: { status?: string }) =>
  listQuery<Schemas["ApiKeyRequest"]>(["keys", "requests", id, filters], (cursor, signal) =>
    must(
      api.GET("/v1/api-keys/{id}/requests", {
        params: { path: { id }, query: { ...filters, limit: PAGE_ROWS, ...(cursor ? { cursor } : {}) } },
        signal,
      }),
    ).then(({ data, meta }) => ({ data, meta: { ...meta, total: meta.total ?? 0 } })),
  );

export const trailQuery = (id: string) =>
  queryOptions({
    queryKey: ["keys", "trail", id],
    queryFn: ({ signal }) => must(api.GET("/v1/audit", { params: { query: { target: id, limit: 50 } }, signal })),
  });

export const refreshKeys = () => queryClient.invalidateQueries({ queryKey: ["keys"] });

async function after<T>(answer: Promise<T>): Promise<T> {
  const value = await answer;
  await refreshKeys();
  return value;
}

export const createKey = (body: Schemas["CreateApiKey"]) => after(must(api.POST("/v1/api-keys", { body })));
export const changeKey = (id: string, body: Schemas["ChangeApiKey"]) => after(must(api.PATCH("/v1/api-keys/{id}", { params: { path: { id } }, body })));
export const rotateKey = (id: string, body: Schemas["RotateApiKey"]) => after(must(api.POST("/v1/api-keys/{id}/rotate", { params: { path: { id } }, body })));
export const revokeKey = (id: string) => after(must(api.POST("/v1/api-keys/{id}/revoke", { params: { path: { id } } })));
export const deleteKey = (id: string) => after(must(api.DELETE("/v1/api-keys/{id}", { params: { path: { id } } })));
