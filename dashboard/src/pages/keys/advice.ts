// What a key may do in words, which old secret still works, and what somebody who looks after keys would say.
import type { Schemas } from "@/api/client";
import { DAY_MS } from "@/lib/time";

type Key = Schemas["ApiKey"];

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
  const days = key.expires_at ? Math.ceil((new Date(key.expires_at).getTime() - now) / DAY_MS) : null;
  if (days !== null && days <= EXPIRY_DAYS_WARN) advice.push({ tone: "warn", text: `Ends in ${days} ${days === 1 ? "day" : "days"}. Rotate it with a later expiry if it is still needed.`, does: "rotate" });
  if (key.needs_rotation) advice.push({ tone: "warn", text: "The secret is older than 90 days. Rotate it: the old one goes on working while you change over.", does: "rotate" });
  if (key.unused_days >= UNUSED_DAYS_WARN) {
    advice.push({ tone: "warn", text: key.last_used_at ? `Not used for ${key.unused_days} days. Deactivate it and see whether anybody misses it.` : `Never used in ${key.unused_days} days. Delete it if nobody needs it.` });
  }
  if (key.scopes.includes("all")) advice.push({ tone: "info", text: "May do everything, making further keys included. Most programs need Read + write at most." });
  if (!key.expires_at) advice.push({ tone: "info", text: "Has no expiry. A date means that a forgotten key ends by itself." });
  return advice;
}
