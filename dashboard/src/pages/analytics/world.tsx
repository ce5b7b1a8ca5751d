// The world, coloured by clicks. A chunk of its own, with the shapes in it. Whoever cannot see or point at it has the
// same numbers, and the same filter, in the card of countries beside it.
import { geoEqualEarth, geoPath } from "d3-geo";
import { useMemo, useRef, useState } from "react";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import atlas from "world-atlas/countries-110m.json";
import { cx } from "@/lib/cx";
import { count, pct } from "@/lib/numbers";
import { countryName } from "@/lib/places";
import { LETTERS } from "./countries";
import { inSentence } from "./names";

const [WIDTH, HEIGHT] = [760, 392];
/** The least that a country with any clicks is coloured, so that it differs from one without. */
const TINT_LEAST = 0.16;

export type Shade = { code: string; value: number };
type Props = { shades: Shade[]; noun: string; total: number; chosen: readonly (string | null)[]; onPick: (code: string) => void };

const world = (() => {
  const topology = atlas as unknown as Topology<{ countries: GeometryCollection<{ name: string }> }>;
  // Nobody clicks in Antarctica often enough to give it a third of the map.
  const shapes = feature(topology, topology.objects.countries).features.filter((one) => one.id !== "010");
  // Turned so that the edge runs through the Bering Strait and no country is on both sides.
  const projection = geoEqualEarth().rotate([-11, 0]).fitExtent([[2, 2], [WIDTH - 2, HEIGHT - 2]], { type: "FeatureCollection", features: shapes });
  const path = geoPath(projection);
  return shapes.map((shape, at) => ({ key: String(shape.id ?? at), code: LETTERS.get(String(shape.id)), name: shape.properties.name, d: path(shape) ?? "" }));
})();

export default function World({ shades, noun, total, chosen, onPick }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<{ key: string; x: number; y: number } | null>(null);
  const values = useMemo(() => new Map(shades.map((one) => [one.code, one.value])), [shades]);
  const most = Math.max(1, ...values.values());
  const pointed = world.find((one) => one.key === at?.key);
  const tint = (code: string | undefined) => {
    const value = code ? (values.get(code) ?? 0) : 0;
    // By the root: one large country would leave the others all the same.
    return value > 0 ? TINT_LEAST + (1 - TINT_LEAST) * Math.sqrt(value / most) : 0;
  };
  const value = pointed?.code ? (values.get(pointed.code) ?? 0) : 0;
  return (
    <div ref={box} className="relative" onPointerLeave={() => setAt(null)}>
      <svg aria-hidden viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="block h-auto w-full">
        {world.map((one) => (
          <path
            key={one.key}
            d={one.d}
            data-country={one.code}
            strokeWidth={at?.key === one.key || (one.code && chosen.includes(one.code)) ? 1.2 : 0.5}
            className={cx("stroke-surface", one.code && values.get(one.code) && "cursor-pointer", (at?.key === one.key || (one.code && chosen.includes(one.code))) && "stroke-ink!")}
            style={{ fill: tint(one.code) > 0 ? `color-mix(in oklab, var(--chart-1) ${Math.round(tint(one.code) * 100)}%, var(--map-land))` : "var(--map-land)" }}
            onPointerMove={(event) => {
              const frame = box.current!.getBoundingClientRect();
              setAt({ key: one.key, x: event.clientX - frame.left, y: event.clientY - frame.top });
            }}
            onClick={() => one.code && values.get(one.code) && onPick(one.code)}
          />
        ))}
      </svg>
      {at && pointed && (
        <div
          className="pointer-events-none absolute z-10 w-max max-w-56 rounded-lg bg-surface px-3 py-2 text-xs shadow-pop"
          style={{ left: Math.min(at.x + 12, (box.current?.clientWidth ?? 0) - 150), top: at.y > 70 ? at.y - 60 : at.y + 16 }}
        >
          <p className="font-medium">{pointed.code ? countryName(pointed.code) : pointed.name}</p>
          <p className="tnum text-ink-2">
            {count(value)} {inSentence(noun)}
            {total > 0 && value > 0 && <span className="text-ink-3"> · {pct((100 * value) / total)}</span>}
          </p>
        </div>
      )}
    </div>
  );
}
