// A colour, or a gradient with its stops. Colours are whatever CSS and the API understand; the swatch is for those who
// would rather point.
import { Plus, X } from "lucide-react";
import { useId } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { Segments } from "@/components/ui/checks";
import { Field, Input } from "@/components/ui/field";
import type { Controls } from "./controls";
import { get, type Gradient } from "./design";

const STOPS_MAX = 16;
const HEX = /^#[0-9a-f]{6}$/i;

/** What `<input type="color">` takes, of any CSS colour; black where there is none. */
function hexOf(colour: string): string {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return "#000000";
  context.fillStyle = "#000000";
  context.fillStyle = colour;
  return HEX.test(context.fillStyle) ? context.fillStyle : "#000000";
}

export function Colour({ label, value, fallback, onChange, wrong, isTransparent }: {
  label: string;
  value: string | undefined;
  /** What it is without a colour of its own. */
  fallback: string;
  onChange: (colour: string | undefined) => void;
  wrong?: string | undefined;
  /** Whether there may be none at all. */
  isTransparent?: boolean;
}) {
  const shown = value ?? fallback;
  return (
    <Field label={label} wrong={wrong}>
      <Swatched label={label} shown={shown} value={value} onChange={onChange} placeholder={isTransparent ? "transparent" : fallback} />
    </Field>
  );
}

function Swatched({ label, shown, value, onChange, placeholder }: { label: string; shown: string; value: string | undefined; onChange: (colour: string | undefined) => void; placeholder: string }) {
  const isNone = shown === "transparent";
  return (
    <div className="relative">
      <span aria-hidden className="pointer-events-none absolute top-1.5 left-1.5 z-10 size-5 rounded-sm border border-line-strong" style={{ background: isNone ? "repeating-conic-gradient(var(--line-strong) 0 25%, transparent 0 50%) 50% / 8px 8px" : shown }} />
      <input type="color" aria-label={`${label}: choose`} value={hexOf(shown)} onChange={(event) => onChange(event.target.value)} className="absolute top-1 left-1 size-6 cursor-pointer opacity-0 focus-visible:opacity-100" />
      <Input value={value ?? ""} placeholder={placeholder} spellCheck={false} onChange={(event) => onChange(event.target.value || undefined)} className="pl-8.5! font-mono text-xs!" />
    </div>
  );
}

type Kind = "color" | "linear" | "radial";
const PAINTS = [
  { value: "color", label: "Colour" },
  { value: "linear", label: "Linear" },
  { value: "radial", label: "Radial" },
] as const;

/** `path` is an object of the style that has `color` and `gradient`. */
export function Paint({ controls, path, label, fallback, isTransparent }: { controls: Controls; path: string; label: string; fallback: string; isTransparent?: boolean }) {
  const { draft, setStyle, wrong } = controls;
  const colour = get(draft.style, `${path}.color`) as string | undefined;
  const gradient = get(draft.style, `${path}.gradient`) as Gradient | null | undefined;
  const kind: Kind = gradient ? (gradient.type ?? "linear") : "color";
  const turn = (next: Kind) => {
    const first = gradient?.colorStops?.[0]?.color;
    if (next === "color") return setStyle(path, { ...(get(draft.style, path) as object), gradient: undefined, ...(first ? { color: first } : {}) });
    const from = colour && colour !== "transparent" ? colour : fallback;
    const stops = gradient?.colorStops ?? [{ offset: 0, color: from }, { offset: 1, color: hexOf(from) === "#0b6e6e" ? "#0b2e83" : "#0b6e6e" }];
    return setStyle(`${path}.gradient`, { type: next, ...(next === "linear" ? { rotation: gradient?.rotation ?? 0 } : {}), colorStops: stops });
  };
  return (
    <div className="flex flex-col gap-2.5">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span className="text-sm font-medium">{label}</span>
        <Segments label={`${label}: colour or gradient`} value={kind} options={PAINTS} onChange={turn} />
      </div>
      {gradient ? (
        <GradientEditor label={label} gradient={gradient} onChange={(next) => setStyle(`${path}.gradient`, next)} wrong={wrong(`style.${path}.gradient`)} />
      ) : (
        <div className="flex items-end gap-2">
          <div className="min-w-0 flex-1">
            <Swatched label={label} shown={colour ?? fallback} value={colour} placeholder={isTransparent ? `${fallback}, or transparent` : fallback} onChange={(next) => setStyle(`${path}.color`, next)} />
          </div>
          {isTransparent && (
            <Button size="md" aria-pressed={colour === "transparent"} onClick={() => setStyle(`${path}.color`, colour === "transparent" ? undefined : "transparent")}>
              {colour === "transparent" ? "Not transparent" : "Transparent"}
            </Button>
          )}
        </div>
      )}
      {!gradient && wrong(`style.${path}.color`) && (
        <p role="alert" className="text-xs text-bad">
          {wrong(`style.${path}.color`)}
        </p>
      )}
    </div>
  );
}

function GradientEditor({ label, gradient, onChange, wrong }: { label: string; gradient: Gradient; onChange: (gradient: Gradient) => void; wrong: string | undefined }) {
  const id = useId();
  const stops = gradient.colorStops ?? [];
  const degrees = Math.round(((gradient.rotation ?? 0) * 180) / Math.PI);
  const bar = stops.map((stop) => `${stop.color} ${stop.offset * 100}%`).join(", ");
  const put = (at: number, change: Partial<(typeof stops)[number]>) => onChange({ ...gradient, colorStops: stops.map((stop, where) => (where === at ? { ...stop, ...change } : stop)) });
  const add = () => {
    const last = stops.at(-1)!;
    const before = stops.at(-2)!;
    const between = { offset: Math.round(((before.offset + last.offset) / 2) * 100) / 100, color: before.color };
    onChange({ ...gradient, colorStops: [...stops.slice(0, -1), between, last] });
  };
  return (
    <div className="flex flex-col gap-2 rounded-lg border border-line bg-sunken p-2.5">
      <span aria-hidden className="h-4 rounded-sm border border-line" style={{ background: `linear-gradient(to right, ${bar})` }} />
      <ol className="flex flex-col gap-1.5">
        {stops.map((stop, at) => (
          <li key={at} className="flex items-center gap-1.5">
            <div className="min-w-0 flex-1">
              <Swatched label={`${label}, colour ${at + 1}`} shown={stop.color} value={stop.color} placeholder="#000000" onChange={(color) => put(at, { color: color ?? "" })} />
            </div>
            <label className="flex items-center gap-1 text-xs text-ink-3">
              <span className="sr-only">{`${label}, place of colour ${at + 1} in per cent`}</span>
              <Input type="number" min={0} max={100} value={Math.round(stop.offset * 100)} onChange={(event) => put(at, { offset: Number(event.target.value) / 100 })} className="w-18!" />%
            </label>
            <IconButton label={`Remove colour ${at + 1} of ${label.toLowerCase()}`} why={stops.length <= 2 ? "A gradient has at least two." : undefined} onClick={() => onChange({ ...gradient, colorStops: stops.filter((_, where) => where !== at) })}>
              <X />
            </IconButton>
          </li>
        ))}
      </ol>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Button size="sm" look="quiet" icon={<Plus />} why={stops.length >= STOPS_MAX ? `A gradient has at most ${STOPS_MAX}.` : undefined} onClick={add}>
          Colour
        </Button>
        {gradient.type !== "radial" && (
          <label htmlFor={id} className="flex items-center gap-1.5 text-xs text-ink-2">
            Angle
            <Input id={id} type="number" min={0} max={360} step={15} value={degrees} onChange={(event) => onChange({ ...gradient, rotation: Math.round(Number(event.target.value) * (Math.PI / 180) * 1000) / 1000 })} className="w-18!" />°
          </label>
        )}
      </div>
      {wrong && (
        <p role="alert" className="text-xs text-bad">
          {wrong}
        </p>
      )}
    </div>
  );
}
