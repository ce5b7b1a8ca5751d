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

const PRESETS: Record<string, string> = { read: "Read", read_write: "Read + write", all: "Everything" };

/** What a key may do, in a few words. */
export function scopeWords(scopes: readonly string[]): string {
  const [only] = scopes;
  if (scopes.length === 1 && only && PRESETS[only]) return PRESETS[only];
  return `${scopes.length} ${scopes.length === 1 ? "scope" : "scopes"}`;
}

/** The secret that was rotated away and still works, if there is one. */
export const inGrace = (key: Key) => key.secrets.find((secret) => secret.valid_until != null && new Date(secret.valid_until) > new Date());

const UNUSED_DAYS_WARN = 30;
const EXPIRY_DAYS_WARN = 7;

export type Advice = { tone: "warn" | "info"; text: string; does?: "rotate" };

/** What somebody who looks after keys would say about this one. */
export function adviceFor(key: Key, now = Date.now()): Advice[] {
  if (!key.is_active) return [];
  const advice: Advice[] = [];
  const days = key.expires_at ? Math.ceil((new Date(key.expires_at).getTime() - now) / 86_400_000) : null;
  if (days !== null && days <= EXPIRY_DAYS_WARN) advice.push({ tone: "warn", text: `Ends in ${days} ${days === 1 ? "day" : "days"}. Rotate it with a later expiry if it is still needed.`, does: "rotate" });
  if (key.needs_rotation) advice.push({ tone: "warn", text: "The secret is older than 90 days. Rotate it: the old one goes on working while you change over.", does: "rotate" });
  if (key.unused_days >= UNUSED_DAYS_WARN) {
    advice.push({ tone: "warn", text: key.last_used_at ? `Not used for ${key.unused_days} days. Deactivate it and see whether anybody misses it.` : `Never used in ${key.unused_days} days. Delete it if nobody needs it.` });
  }
  if (key.scopes.includes("all")) advice.push({ tone: "info", text: "May do everything, making further keys included. Most programs need Read + write at most." });
  if (!key.expires_at) advice.push({ tone: "info", text: "Has no expiry. A date means that a forgotten key ends by itself." });
  return advice;
}
