// What the address of the audit log carries: its filters.
import { text } from "@/lib/address";
import { periodSearch, type LogPeriod } from "@/lib/log-period";

export type AuditSearch = LogPeriod & {
  /** `api_key.rotated`, or all of a kind: `api_key`. */
  action?: string | undefined;
  /** The id of what was changed. */
  target?: string | undefined;
  /** The id of who did it, or `operator` or `visitor`, who have none. */
  actor?: string | undefined;
};
export const auditSearch = (search: Record<string, unknown>): AuditSearch => ({
  action: text(search.action),
  target: text(search.target),
  actor: text(search.actor),
  ...periodSearch(search),
});
