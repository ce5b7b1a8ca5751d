// What the addresses of the link pages carry: filters of the list, the range of one link's numbers.
import { oneOf, text } from "@/lib/address";

const STATUSES = ["active", "paused", "scheduled", "expired", "used_up", "archived"] as const;
const SORTS = ["created_at", "-created_at", "clicks", "-clicks", "title", "-title", "last_clicked_at", "-last_clicked_at"] as const;
export const RANGES = ["24h", "7d", "30d", "90d", "12m"] as const;

export type LinksSearch = {
  search?: string | undefined;
  status?: (typeof STATUSES)[number] | undefined;
  tags?: string | undefined;
  sort?: (typeof SORTS)[number] | undefined;
  /** The drawer for a new link, or for the one with this id. */
  new?: boolean | undefined;
  edit?: string | undefined;
};

export const linksSearch = (search: Record<string, unknown>): LinksSearch => ({
  search: text(search.search),
  status: oneOf(STATUSES, search.status),
  tags: text(search.tags),
  sort: oneOf(SORTS, search.sort),
  new: search.new === true ? true : undefined,
  edit: text(search.edit),
});

export type RangeSearch = { range?: (typeof RANGES)[number] | undefined; edit?: boolean | undefined };
export const rangeSearch = (search: Record<string, unknown>): RangeSearch => ({
  range: oneOf(RANGES, search.range),
  edit: search.edit === true ? true : undefined,
});
