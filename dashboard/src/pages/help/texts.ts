// The guides' text, each in a file of its own that comes when it is asked for.
import { queryOptions } from "@tanstack/react-query";
import { SLUGS, type GuideSlug } from "./guides";

const files: Record<string, () => Promise<string>> = {
  ...import.meta.glob<string>("../../../../docs/guides/*.md", { query: "?raw", import: "default" }),
  ...import.meta.glob<string>("../../../../docs/API.md", { query: "?raw", import: "default" }),
};

const fileOf = (slug: GuideSlug) => (slug === "api-conventions" ? "API" : `guides/${slug}`);

/** Examples ask this server, not the one on the writer's desk. */
const AS_WRITTEN = "http://127.0.0.1:8080";

const load = async (slug: GuideSlug) => {
  const file = files[`../../../../docs/${fileOf(slug)}.md`];
  if (!file) throw new Error(`There is no text for ${slug}.`);
  return (await file()).replaceAll(AS_WRITTEN, location.origin);
};

export const guideQuery = (slug: GuideSlug) => queryOptions({ queryKey: ["help", slug], queryFn: () => load(slug), staleTime: Infinity });

/** All of them: for the search. */
export const guidesQuery = queryOptions({
  queryKey: ["help"],
  queryFn: () => Promise.all(SLUGS.map(async (slug) => ({ slug, text: await load(slug) }))),
  staleTime: Infinity,
});
