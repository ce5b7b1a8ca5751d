// The arithmetic of a chart: where round numbers lie on an axis, which labels have room, and a curve that never swings
// beyond the points it goes through.
export type Spot = { x: number; y: number };

const STEPS = [1, 2, 2.5, 5, 10];

/** From 0 to at least `most`, in about `wanted` equal steps of a round number; whole numbers only. */
export function roundTicks(most: number, wanted = 4): number[] {
  const raw = Math.max(1, most) / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = Math.max(1, (STEPS.find((one) => one * power >= raw - 1e-9) ?? 10) * power);
  const whole = Number.isInteger(step) ? step : Math.ceil(step);
  return Array.from({ length: Math.ceil(Math.max(1, most) / whole) + 1 }, (_, at) => at * whole);
}

/** Every how many points a label has room, of labels so wide on a line so long. */
export const labelStep = (points: number, width: number, labelWidth: number) => Math.max(1, Math.ceil(points / Math.max(1, Math.floor(width / labelWidth))));

const short = (number: number) => String(Math.round(number * 10) / 10);

/**
 * A cubic through all points, monotone between two neighbours (Steffen, 1990): where numbers rise the line rises, and no
 * bump appears that nobody counted.
 */
export function curve(points: readonly Spot[]): string {
  const first = points[0];
  if (!first) return "";
  const slope = (at: number) => (points[at + 1]!.y - points[at]!.y) / (points[at + 1]!.x - points[at]!.x);
  const tangents = points.map((point, at) => {
    if (at === 0 || at === points.length - 1) return null;
    const [before, after] = [slope(at - 1), slope(at)];
    const [left, right] = [point.x - points[at - 1]!.x, points[at + 1]!.x - point.x];
    const parabola = (before * right + after * left) / (left + right);
    return (Math.sign(before) + Math.sign(after)) * Math.min(Math.abs(before), Math.abs(after), 0.5 * Math.abs(parabola));
  });
  let path = `M${short(first.x)},${short(first.y)}`;
  for (let at = 0; at + 1 < points.length; at++) {
    const [from, to] = [points[at]!, points[at + 1]!];
    const third = (to.x - from.x) / 3;
    const leaving = tangents[at] ?? (points.length === 2 ? slope(at) : (3 * slope(at) - (tangents[at + 1] ?? slope(at))) / 2);
    const arriving = tangents[at + 1] ?? (points.length === 2 ? slope(at) : (3 * slope(at) - (tangents[at] ?? slope(at))) / 2);
    path += `C${short(from.x + third)},${short(from.y + leaving * third)} ${short(to.x - third)},${short(to.y - arriving * third)} ${short(to.x)},${short(to.y)}`;
  }
  return path;
}

/** Neighbours that are there, as runs: a gap ends one. */
export function runs(points: readonly (Spot | null)[]): Spot[][] {
  const all: Spot[][] = [[]];
  for (const point of points) {
    if (point) all.at(-1)!.push(point);
    else if (all.at(-1)!.length > 0) all.push([]);
  }
  return all.filter((run) => run.length > 0);
}
