// What the address of the request log carries: whose requests, and which of them.
import { oneOf, text } from "@/lib/address";
import { periodSearch, type LogPeriod } from "@/lib/log-period";

export const STATUSES = ["2xx", "3xx", "4xx", "5xx", 401, 403, 404, 429] as const;
export const METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE"] as const;

export type RequestsSearch = LogPeriod & {
  key?: string | undefined;
  status?: (typeof STATUSES)[number] | undefined;
  method?: (typeof METHODS)[number] | undefined;
  route?: string | undefined;
};
export const requestsSearch = (search: Record<string, unknown>): RequestsSearch => ({
  key: text(search.key),
  status: STATUSES.find((one) => String(one) === text(search.status)),
  method: oneOf(METHODS, search.method),
  route: text(search.route),
  ...periodSearch(search),
});
