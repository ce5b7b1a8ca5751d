// What the address of the key list carries.
const STATUSES = ["active", "inactive", "revoked", "expired"] as const;
export type KeysSearch = { search?: string | undefined; status?: (typeof STATUSES)[number] | undefined; new?: boolean | undefined };

export const keysSearch = (search: Record<string, unknown>): KeysSearch => ({
  search: typeof search.search === "string" && search.search ? search.search : undefined,
  status: STATUSES.find((one) => one === search.status),
  new: search.new === true ? true : undefined,
});
