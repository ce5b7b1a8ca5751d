// Links: what is asked, and the changes that can be made from a list or from a page. A change shows at once and is
// taken back when the server refuses.
import { queryOptions, type InfiniteData } from "@tanstack/react-query";
import { api, must, type Schemas } from "@/api/client";
import { listQuery, queryClient } from "@/api/queries";
import { toast, toastError } from "@/components/ui/toast";
import { plural } from "@/lib/numbers";
import type { LinksSearch } from "./search";

export type Link = Schemas["Link"];
type Page = Schemas["Listing_Link"];
const PAGE_ROWS = 100;
/** So many calls under way at once when many links are changed. */
const AT_ONCE_MAX = 4;

export const linksQuery = (filters: Pick<LinksSearch, "search" | "status" | "tags" | "sort">) =>
  listQuery<Link>(["links", "list", filters], (cursor, signal) =>
    must(api.GET("/v1/links", { params: { query: { ...filters, limit: PAGE_ROWS, ...(cursor ? { cursor } : {}) } }, signal })),
  );

export const linkQuery = (id: string) =>
  queryOptions({
    queryKey: ["links", "one", id],
    queryFn: ({ signal }) => must(api.GET("/v1/links/{id}", { params: { path: { id } }, signal })),
  });

export const linkReportQuery = (id: string, range: string, group?: string) =>
  queryOptions({
    queryKey: ["links", "report", id, range, group],
    queryFn: ({ signal }) =>
      must(
        api.GET("/v1/analytics/links/{id}", {
          params: {
            path: { id },
            query: group
              ? { range, group_by: group, limit: 7, include: "breakdown" }
              : { range, compare: "previous_period", include: "summary,series" },
          },
          signal,
        }),
      ),
    staleTime: 10_000,
  });

/** The caches of lists and pages, with this link as it is about to be. */
function paint(changed: ReadonlyMap<string, Partial<Link>>) {
  queryClient.setQueriesData<InfiniteData<Page>>({ queryKey: ["links", "list"] }, (data) =>
    data && {
      ...data,
      pages: data.pages.map((page) => ({ ...page, data: page.data.map((link) => ({ ...link, ...changed.get(link.id) })) })),
    },
  );
  for (const [id, change] of changed) {
    queryClient.setQueryData<Link>(["links", "one", id], (link) => link && { ...link, ...change });
  }
}

const VERBS = {
  pause: { done: "paused", status: "paused", back: "resume", call: (id: string) => api.POST("/v1/links/{id}/pause", { params: { path: { id } } }) },
  resume: { done: "resumed", status: "active", back: "pause", call: (id: string) => api.POST("/v1/links/{id}/resume", { params: { path: { id } } }) },
  archive: { done: "archived", status: "archived", back: "unarchive", call: (id: string) => api.POST("/v1/links/{id}/archive", { params: { path: { id } } }) },
  unarchive: { done: "taken out of the archive", status: "active", back: "archive", call: (id: string) => api.POST("/v1/links/{id}/unarchive", { params: { path: { id } } }) },
} as const;
export type Verb = keyof typeof VERBS;

/** Which links a verb makes sense for: the others are left alone. */
export const suits = (verb: Verb, link: Link) =>
  verb === "unarchive" ? link.status === "archived" : verb === "resume" ? link.status === "paused" : verb === "pause" ? !["paused", "archived"].includes(link.status) : link.status !== "archived";

/** Runs `call` for each, a few at a time. Answers with what could not be done. */
export async function each<T>(all: readonly T[], call: (one: T) => Promise<unknown>): Promise<unknown[]> {
  const rest = [...all];
  const wrong: unknown[] = [];
  const work = async () => {
    for (let one = rest.shift(); one !== undefined; one = rest.shift()) {
      await call(one).catch((error: unknown) => wrong.push(error));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE_MAX }, work));
  return wrong;
}

export async function act(verb: Verb, links: readonly Link[], isUndo = false): Promise<void> {
  const { done, status, back, call } = VERBS[verb];
  await queryClient.cancelQueries({ queryKey: ["links", "list"] });
  paint(new Map(links.map((link) => [link.id, { status }])));
  const wrong = await each(links, (link) => must(call(link.id)));
  await queryClient.invalidateQueries({ queryKey: ["links"] });
  const well = links.length - wrong.length;
  if (wrong.length > 0) toastError(`${plural(wrong.length, "link")} could not be ${done}`, wrong[0]);
  if (well > 0 && !isUndo) {
    const what = links.length === 1 ? (links[0]!.title ?? `/${links[0]!.alias}`) : plural(well, "link");
    toast(`${what} ${done}`, { undo: () => void act(back, links, true) });
  }
}

/** The tags that each link is to have. Undone by giving each back those it had. */
export async function retag(links: readonly Link[], tagsOf: (link: Link) => string[], isUndo = false): Promise<void> {
  const changed = links.filter((link) => tagsOf(link).join() !== link.tags.join());
  if (changed.length === 0) return toast("Nothing to change", { detail: "The links have these tags already." });
  const before = new Map(changed.map((link) => [link.id, link.tags]));
  const now = changed.map((link) => ({ ...link, tags: tagsOf(link) }));
  await queryClient.cancelQueries({ queryKey: ["links", "list"] });
  paint(new Map(now.map((link) => [link.id, { tags: link.tags }])));
  const wrong = await each(now, (link) => must(api.PATCH("/v1/links/{id}", { params: { path: { id: link.id } }, body: { tags: link.tags } })));
  await Promise.all([queryClient.invalidateQueries({ queryKey: ["links"] }), queryClient.invalidateQueries({ queryKey: ["tags"] })]);
  if (wrong.length > 0) toastError(`${plural(wrong.length, "link")} kept the old tags`, wrong[0]);
  if (changed.length > wrong.length && !isUndo) {
    toast(`${plural(changed.length - wrong.length, "link")} tagged anew`, { undo: () => void retag(now, (link) => before.get(link.id) ?? link.tags, true) });
  }
}

export async function remove(links: readonly Link[]): Promise<void> {
  const wrong = await each(links, (link) => must(api.DELETE("/v1/links/{id}", { params: { path: { id: link.id } } })));
  await queryClient.invalidateQueries({ queryKey: ["links"] });
  if (wrong.length > 0) throw wrong[0];
  toast(`${links.length === 1 ? "Link" : plural(links.length, "link")} deleted`);
}

export async function eraseClicks(link: Link): Promise<void> {
  const { clicks_erased } = await must(api.POST("/v1/events/erase", { body: { link: link.id } }));
  await queryClient.invalidateQueries({ queryKey: ["links"] });
  toast(`${plural(clicks_erased, "click")} erased`);
}

export async function duplicate(link: Link): Promise<void> {
  try {
    const made = await must(api.POST("/v1/links/{id}/duplicate", { params: { path: { id: link.id } } }));
    await queryClient.invalidateQueries({ queryKey: ["links"] });
    toast("Link duplicated", { detail: made.short_url });
  } catch (error) {
    toastError("The link was not duplicated", error);
  }
}

export const bare = (url: string) => url.replace(/^https?:\/\//, "").replace(/\/$/, "");
/** What is behind the host: where there is room for no more. */
export const pathOf = (url: string) => bare(url).replace(/^[^/]*/, "");
