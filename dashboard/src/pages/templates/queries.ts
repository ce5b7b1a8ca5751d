// Templates, presets and logos: what is asked, and what can be done with them.
import { queryOptions } from "@tanstack/react-query";
import { api, must, type Schemas } from "@/api/client";
import { queryClient } from "@/api/queries";
import { authorized } from "@/api/session";
import { ApiError, unreachable, type Problem } from "@/api/problem";
import { toast, toastError } from "@/components/ui/toast";
import { styleOf, type Style } from "../qr-codes/design";

export type Template = Schemas["Template"];
export type Logo = Schemas["Logo"];
/** A workspace has a few dozen of each; all pages are asked for, one behind the other. */
const PAGE_ROWS = 100;

type Listed<T> = { data: T[]; meta: { next_cursor?: string | null } };

async function all<T>(load: (cursor: string | undefined) => Promise<Listed<T>>): Promise<T[]> {
  const found: T[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await load(cursor);
    found.push(...page.data);
    cursor = page.meta.next_cursor ?? null;
  }
  return found;
}

export const templatesQuery = queryOptions({
  queryKey: ["templates", "list"],
  queryFn: ({ signal }) => all<Template>((cursor) => must(api.GET("/v1/templates", { params: { query: { limit: PAGE_ROWS, ...(cursor ? { cursor } : {}) } }, signal }))),
});

export const templateQuery = (id: string) =>
  queryOptions({ queryKey: ["templates", "one", id], queryFn: ({ signal }) => must(api.GET("/v1/templates/{id}", { params: { path: { id } }, signal })) });

export const presetsQuery = queryOptions({
  queryKey: ["template-presets"],
  queryFn: async ({ signal }) => (await must(api.GET("/v1/templates/presets", { signal }))).data,
  staleTime: Infinity,
});

export const logosQuery = queryOptions({
  queryKey: ["logos", "list"],
  queryFn: ({ signal }) => all<Logo>((cursor) => must(api.GET("/v1/logos", { params: { query: { limit: PAGE_ROWS, ...(cursor ? { cursor } : {}) } }, signal }))),
});

const refresh = () => queryClient.invalidateQueries({ queryKey: ["templates"] });

export async function createTemplate(name: string, style: Style): Promise<Template> {
  const made = await must(api.POST("/v1/templates", { body: { name, style: styleOf(style) } }));
  await refresh();
  return made;
}

export async function templateOfCode(id: string, name: string): Promise<Template> {
  const made = await must(api.POST("/v1/qr-codes/{id}/template", { params: { path: { id } }, body: { name } }));
  await refresh();
  return made;
}

export async function changeTemplate(id: string, change: { name?: string; style?: Style }): Promise<Template> {
  const changed = await must(api.PATCH("/v1/templates/{id}", { params: { path: { id } }, body: change as Schemas["TemplateChange"] }));
  await refresh();
  return changed;
}

export async function duplicateTemplate(template: Template): Promise<void> {
  try {
    const made = await must(api.POST("/v1/templates/{id}/duplicate", { params: { path: { id: template.id } } }));
    await refresh();
    toast("Template duplicated", { detail: made.name });
  } catch (error) {
    toastError("The template was not duplicated", error);
  }
}

export async function removeTemplate(template: Template): Promise<void> {
  await must(api.DELETE("/v1/templates/{id}", { params: { path: { id: template.id } } }));
  await refresh();
  toast(`${template.name} deleted`, { detail: "Codes that were made with it keep their looks." });
}

export async function applyTemplate(id: string, codes: readonly string[], isAllowed: { toFail: boolean }): Promise<void> {
  await must(api.POST("/v1/templates/{id}/apply", { params: { path: { id } }, body: { qr_code_ids: [...codes], allow_unscannable: isAllowed.toFail } }));
  await queryClient.invalidateQueries({ queryKey: ["qr-codes"] });
}

export const LOGO_TYPES = ["image/png", "image/jpeg", "image/svg+xml"] as const;

/** The file itself is the body: the API looks through it and keeps it written anew. */
export async function uploadLogo(file: File): Promise<Logo> {
  const name = file.name.replace(/\.[^.]+$/, "");
  const response = await authorized(new Request(`/v1/logos?${new URLSearchParams({ name })}`, { method: "POST", headers: { "content-type": file.type }, body: file }));
  const answer = (await response.json().catch(() => null)) as Logo | Problem | null;
  if (!response.ok) throw new ApiError((answer as Problem | null) ?? unreachable(`The server answered ${response.status}.`));
  await queryClient.invalidateQueries({ queryKey: ["logos"] });
  return answer as Logo;
}

export async function removeLogo(logo: Logo): Promise<void> {
  await must(api.DELETE("/v1/logos/{id}", { params: { path: { id: logo.id } } }));
  await queryClient.invalidateQueries({ queryKey: ["logos"] });
  toast(`${logo.name} deleted`);
}
