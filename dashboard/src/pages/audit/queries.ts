// The audit log: what is asked. It changes by everything else, so it is asked anew whenever it is opened.
import { api, must } from "@/api/client";
import { listQuery } from "@/api/queries";
import { momentsOf } from "@/lib/log-period";
import type { AuditSearch } from "./search";
import { actionsOf, type AuditRow } from "./words";

const PAGE_ROWS = 50;

/** As the API takes it. */
export function parametersOf({ action, target, actor, ...period }: AuditSearch) {
  const actions = actionsOf(action);
  return { ...(actions ? { action: actions } : {}), ...(target ? { target } : {}), ...(actor ? { actor } : {}), ...momentsOf(period) };
}

export const auditQuery = (search: AuditSearch) => ({
  ...listQuery<AuditRow>(["audit", search], (cursor, signal) =>
    must(api.GET("/v1/audit", { params: { query: { ...parametersOf(search), limit: PAGE_ROWS, ...(cursor ? { cursor } : {}) } }, signal })),
  ),
  staleTime: 0,
});
