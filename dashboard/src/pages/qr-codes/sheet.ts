// How codes are laid out on a sheet of paper, in millimetres. Pure, so that what is printed can be counted in a test.
export type Paper = "a4" | "letter";
export const PAPERS: Record<Paper, { width: number; height: number; name: string }> = {
  a4: { width: 210, height: 297, name: "A4" },
  letter: { width: 215.9, height: 279.4, name: "Letter" },
};

/** What most printers leave white at the edge. */
const EDGE_MM = 10;
/** A crop mark stands off the corner it marks, and is as long. */
export const MARK_OFF_MM = 1;
export const MARK_MM = 3;
export const CAPTION_MM = 6;
export const SIZE_MM = { min: 10, max: 180 };

export type Layout = { columns: number; rows: number; cell: { width: number; height: number }; left: number; top: number; gap: number };

/** As many cells as fit, in the middle of the sheet. The gap has room for crop marks where there are some. */
export function layoutOf(paper: Paper, sizeMm: number, gapMm: number, has: { captions: boolean; marks: boolean }): Layout {
  const { width, height } = PAPERS[paper];
  const gap = Math.max(gapMm, has.marks ? MARK_OFF_MM + MARK_MM : 0);
  const cell = { width: sizeMm, height: sizeMm + (has.captions ? CAPTION_MM : 0) };
  const fit = (room: number, one: number) => Math.max(1, Math.floor((room - 2 * EDGE_MM + gap) / (one + gap)));
  const columns = fit(width, cell.width);
  const rows = fit(height, cell.height);
  const used = (many: number, one: number) => many * one + (many - 1) * gap;
  return { columns, rows, cell, gap, left: (width - used(columns, cell.width)) / 2, top: (height - used(rows, cell.height)) / 2 };
}

/** Which code stands in which place: each `copies` times, or, without a number, one sheet filled with all in turn. */
export function placed<T>(codes: readonly T[], copies: number | null, layout: Layout): T[][] {
  const aSheet = layout.columns * layout.rows;
  if (codes.length === 0) return [];
  const all = copies === null ? fill(codes, aSheet) : codes.flatMap((code) => Array.from({ length: copies }, () => code));
  return Array.from({ length: Math.ceil(all.length / aSheet) }, (_, at) => all.slice(at * aSheet, (at + 1) * aSheet));
}

/** Whole sheets, with each code as often as the others or once less. */
function fill<T>(codes: readonly T[], aSheet: number): T[] {
  const total = Math.ceil(codes.length / aSheet) * aSheet;
  const each = Math.floor(total / codes.length);
  const more = total % codes.length;
  return codes.flatMap((code, at) => Array.from({ length: each + (at < more ? 1 : 0) }, () => code));
}
