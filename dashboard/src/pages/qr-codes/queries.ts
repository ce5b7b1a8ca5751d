// QR codes: what is asked, and what can be done from a list or from a page. A change shows at once where it is safe and
// is taken back when the server refuses.
import { keepPreviousData, queryOptions, type InfiniteData } from "@tanstack/react-query";
import { api, fetchBlob, must, postOf, type Schemas } from "@/api/client";
import { listQuery, queryClient } from "@/api/queries";
import { toast, toastError } from "@/components/ui/toast";
import { plural } from "@/lib/numbers";
import { each } from "../links/queries";
import { isSame, lay, styleOf, type QrCode, type Style } from "./design";
import type { QrFilters } from "./search";

type Page = Schemas["Listing_QrCode"];
const PAGE_ROWS = 60;
/** Drawings and verdicts of a design are forgotten soon: each is one of a hundred while somebody drags a slider. */
const DESIGN_KEPT_MS = 20_000;

export const codesQuery = (filters: QrFilters) =>
  listQuery<QrCode>(["qr-codes", "list", filters], (cursor, signal) =>
    must(api.GET("/v1/qr-codes", { params: { query: { ...filters, limit: PAGE_ROWS, ...(cursor ? { cursor } : {}) } }, signal })),
  );

export const codeQuery = (id: string) =>
  queryOptions({
    queryKey: ["qr-codes", "one", id],
    queryFn: ({ signal }) => must(api.GET("/v1/qr-codes/{id}", { params: { path: { id } }, signal })),
  });

export const codeReportQuery = (id: string, range: string) =>
  queryOptions({
    queryKey: ["qr-codes", "report", id, range],
    queryFn: ({ signal }) =>
      must(api.GET("/v1/qr-codes/{id}/analytics", { params: { path: { id }, query: { range, compare: "previous_period", include: "summary,series" } }, signal })),
    staleTime: 10_000,
  });

/** What is drawn: either the text in the symbol, or a payload that is put into it. */
export type Drawn = { data?: string; payload?: Schemas["QrPayload"]; style: Style };
const designOf = ({ data, payload, style }: Drawn) => ({ ...(data === undefined ? { payload } : { data }), style: styleOf(style) });

export const drawingRequest = (drawn: Drawn, format: string, width?: number, signal?: AbortSignal) =>
  postOf("/v1/qr-codes/render", { ...designOf(drawn), format, ...(width ? { width } : {}) }, signal);

/** As a `data:` address, which needs no looking after. */
const draw = async (drawn: Drawn, signal: AbortSignal) => `data:image/svg+xml,${encodeURIComponent(await (await fetchBlob(drawingRequest(drawn, "svg", undefined, signal))).text())}`;

/** The picture before stays until the next one is there. */
export const drawingQuery = (drawn: Drawn) =>
  queryOptions({ queryKey: ["qr-drawing", drawn], queryFn: ({ signal }) => draw(drawn, signal), placeholderData: keepPreviousData, staleTime: Infinity, gcTime: DESIGN_KEPT_MS });

export const verdictQuery = (drawn: Drawn) =>
  queryOptions({
    queryKey: ["qr-verdict", drawn],
    queryFn: ({ signal }) => must(api.POST("/v1/qr-codes/verdict", { body: designOf(drawn) as Schemas["QrDesign"], signal })),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: DESIGN_KEPT_MS,
  });

const ALL_FIXES: Schemas["QrFix"][] = ["raise_level", "shrink_logo", "quiet_zone", "lower_level"];

const judge = (drawn: Drawn, fix: Schemas["QrFix"][]) => must(api.POST("/v1/qr-codes/verdict", { body: { ...designOf(drawn), fix } as Schemas["QrDesign"] }));

export type Mended = { style: Style; verdict: Schemas["QrVerdict"] };

/**
 * A design made good: by the smallest change of level, logo or quiet zone where that is enough, else by what the
 * verdict suggests, one after the other, until it is good. Null where nothing of it makes the design any better.
 */
export async function mend(drawn: Drawn): Promise<Mended | null> {
  const before = await judge(drawn, []);
  let best = await judge(drawn, ALL_FIXES);
  let style = (best.mended_style as Style | null | undefined) ?? drawn.style;
  while (best.verdict !== "good") {
    const change = best.suggestions.find((one) => one.change && !isSame(lay(style, one.change as Style), style))?.change;
    if (!change) break;
    const next = lay(style, change as Style);
    const judged = await judge({ ...drawn, style: next }, []);
    // A suggestion that makes nothing better is where this ends.
    if (judged.score <= best.score && judged.reasons.length >= best.reasons.length) break;
    [style, best] = [next, judged];
  }
  const isBetter = best.score > before.score || best.reasons.length < before.reasons.length;
  return isBetter && !isSame(style, drawn.style) ? { style, verdict: best } : null;
}

/** Small pictures of looks: asked for once in the life of the page. */
export const artQuery = (style: Style, data: string) =>
  queryOptions({ queryKey: ["qr-art", data, style], queryFn: ({ signal }) => draw({ data, style }, signal), staleTime: Infinity, gcTime: Infinity });

function paint(ids: readonly string[], change: Partial<QrCode>) {
  const of = new Set(ids);
  queryClient.setQueriesData<InfiniteData<Page>>({ queryKey: ["qr-codes", "list"] }, (data) =>
    data && { ...data, pages: data.pages.map((page) => ({ ...page, data: page.data.map((code) => (of.has(code.id) ? { ...code, ...change } : code)) })) },
  );
  for (const id of ids) queryClient.setQueryData<QrCode>(["qr-codes", "one", id], (code) => code && { ...code, ...change });
}

/** A code is a link too, and its tags are tags. */
export const refresh = () => Promise.all([["qr-codes"], ["links"], ["tags"]].map((queryKey) => queryClient.invalidateQueries({ queryKey })));

const VERBS = {
  archive: { done: "archived", back: "unarchive", status: "archived", call: (id: string) => api.POST("/v1/qr-codes/{id}/archive", { params: { path: { id } } }) },
  unarchive: { done: "taken out of the archive", back: "archive", status: "active", call: (id: string) => api.POST("/v1/qr-codes/{id}/unarchive", { params: { path: { id } } }) },
} as const;
export type Verb = keyof typeof VERBS;

export async function act(verb: Verb, codes: readonly QrCode[], isUndo = false): Promise<void> {
  const { done, back, status, call } = VERBS[verb];
  await queryClient.cancelQueries({ queryKey: ["qr-codes", "list"] });
  paint(codes.map((code) => code.id), { status });
  const wrong = await each(codes, (code) => must(call(code.id)));
  await refresh();
  const well = codes.length - wrong.length;
  if (wrong.length > 0) toastError(`${plural(wrong.length, "code")} could not be ${done}`, wrong[0]);
  if (well > 0 && !isUndo) {
    const what = codes.length === 1 ? codes[0]!.name : plural(well, "code");
    const detail = verb === "archive" ? "A scan meets a page that says so (410). Its address stays taken." : undefined;
    toast(`${what} ${done}`, { detail, undo: () => void act(back, codes, true) });
  }
}

export async function remove(codes: readonly QrCode[]): Promise<void> {
  const wrong = await each(codes, (code) => must(api.DELETE("/v1/qr-codes/{id}", { params: { path: { id: code.id } } })));
  await refresh();
  if (wrong.length > 0) throw wrong[0];
  toast(`${codes.length === 1 ? "QR code" : plural(codes.length, "code")} deleted`);
}

export async function duplicate(code: QrCode): Promise<void> {
  try {
    const made = await must(api.POST("/v1/qr-codes/{id}/duplicate", { params: { path: { id: code.id } } }));
    await refresh();
    toast("QR code duplicated", { detail: made.short_url ?? made.name });
  } catch (error) {
    toastError("The code was not duplicated", error);
  }
}

export async function change(code: QrCode, body: Partial<Schemas["QrCodeChange"]>): Promise<QrCode> {
  const changed = await must(api.PATCH("/v1/qr-codes/{id}", { params: { path: { id: code.id } }, body: body as Schemas["QrCodeChange"] }));
  queryClient.setQueryData(["qr-codes", "one", code.id], changed);
  await refresh();
  return changed;
}

/** A name for files: what stands in the name of the code, without what a file system dislikes. */
export const fileName = (name: string) => name.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "").replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "") || "qr-code";

export const imagePath = (code: QrCode, format: string, query = "") => `/v1/qr-codes/${code.id}/image.${format}${query}`;
/** Another picture after each change. */
export const imageKey = (code: QrCode, format: string) => ["qr-codes", "image", code.id, code.updated_at, format] as const;
