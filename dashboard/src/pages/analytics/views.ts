// Saved views: what is asked and changed. A view is the address of this page behind a name, for the whole workspace.
import { queryOptions } from "@tanstack/react-query";
import { api, must, type Schemas } from "@/api/client";
import { queryClient } from "@/api/queries";
import { toast, toastError } from "@/components/ui/toast";

export type View = Schemas["SavedView"];
const PAGE_ROWS = 100;

/** All of them, by name. A workspace has at most 200. */
export const viewsQuery = queryOptions({
  queryKey: ["views"],
  queryFn: async ({ signal }) => {
    const all: View[] = [];
    for (let cursor: string | undefined, isFirst = true; isFirst || cursor; isFirst = false) {
      const page = await must(api.GET("/v1/views", { params: { query: { limit: PAGE_ROWS, ...(cursor ? { cursor } : {}) } }, signal }));
      all.push(...page.data);
      cursor = page.meta.next_cursor ?? undefined;
    }
    return all;
  },
  staleTime: 60_000,
});

const settled = () => queryClient.invalidateQueries({ queryKey: ["views"] });

export async function createView(name: string, query: string): Promise<View> {
  const made = await must(api.POST("/v1/views", { body: { name, query } }));
  await settled();
  return made;
}

export async function changeView(view: View, change: { name?: string; query?: string }): Promise<View> {
  const changed = await must(api.PATCH("/v1/views/{id}", { params: { path: { id: view.id } }, body: change }));
  await settled();
  return changed;
}

/** Gone at once; whoever did not mean it makes it again as it was. */
export async function deleteView(view: View): Promise<void> {
  queryClient.setQueryData<View[]>(["views"], (all) => all?.filter((one) => one.id !== view.id));
  try {
    await must(api.DELETE("/v1/views/{id}", { params: { path: { id: view.id } } }));
    toast(`View “${view.name}” deleted`, { undo: () => void createView(view.name, view.query).catch((error: unknown) => toastError("The view was not made again", error)) });
  } catch (error) {
    toastError("The view was not deleted", error);
  }
  await settled();
}
