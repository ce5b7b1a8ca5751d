// The second step: a ready look to begin with, then the shape of modules and corners, and their colours.
import { useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Card, Skeleton } from "@/components/ui/card";
import { Segments } from "@/components/ui/checks";
import { Field, Input, Select } from "@/components/ui/field";
import { presetsQuery, templatesQuery } from "../templates/queries";
import { inWords, Looks } from "./art";
import type { Controls } from "./controls";
import { dress, get, isSame, type Gradient, type Style } from "./design";
import { Paint } from "./paint";

const DOTS = ["square", "dots", "rounded", "extra-rounded", "classy", "classy-rounded"] as const;
const CORNERS = ["square", "dot", "extra-rounded", "rounded", "dots", "classy", "classy-rounded"] as const;

export function StyleStep({ controls }: { controls: Controls }) {
  const { style } = controls.draft;
  const dots = (get(style, "dotsOptions.color") as string | undefined) ?? (get(style, "dotsOptions.gradient") as Gradient | undefined)?.colorStops?.[0]?.color ?? "#000000";
  return (
    <div className="flex flex-col gap-4">
      <Card title="Ready looks">
        <Ready controls={controls} />
      </Card>
      <Card title="Modules">
        <div className="flex flex-col gap-5">
          <Shapes controls={controls} path="dotsOptions.type" label="Shape of modules" values={DOTS} cut="dots" />
          <Paint controls={controls} path="dotsOptions" label="Colour of modules" fallback="#000000" />
          <div className="flex flex-wrap items-center justify-between gap-2">
            <span className="text-sm font-medium">Outline</span>
            <Segments
              label="Outline"
              value={style.shape ?? "square"}
              options={[
                { value: "square", label: "Square" },
                { value: "circle", label: "Circle, filled with modules" },
              ]}
              onChange={(shape) => controls.setStyle("shape", shape === "square" ? undefined : shape)}
            />
          </div>
        </div>
      </Card>
      <Card title="Corners">
        <div className="flex flex-col gap-5">
          <Shapes controls={controls} path="cornersSquareOptions.type" label="Rings" values={CORNERS} cut="corner" />
          <Paint controls={controls} path="cornersSquareOptions" label="Colour of the rings" fallback={dots} />
          <Shapes controls={controls} path="cornersDotOptions.type" label="Cores" values={CORNERS} cut="corner" />
          <Paint controls={controls} path="cornersDotOptions" label="Colour of the cores" fallback={dots} />
          <Single controls={controls} fallback={dots} />
        </div>
      </Card>
      <Card title="Background">
        <div className="flex flex-col gap-5">
          <Paint controls={controls} path="backgroundOptions" label="Colour of the background" fallback="#ffffff" isTransparent />
          <Range controls={controls} path="backgroundOptions.round" label="Round corners" min={0} max={1} step={0.05} none={0} shown={(value) => `${Math.round(value * 100)} %`} />
        </div>
      </Card>
    </div>
  );
}

/** A slider with its number; at `none` the field is left to its default. */
export function Range({ controls, path, label, min, max, step, none, shown, hint }: { controls: Controls; path: string; label: string; min: number; max: number; step: number; none: number; shown: (value: number) => string; hint?: ReactNode }) {
  const value = Number(get(controls.draft.style, path) ?? none);
  return (
    <Field label={label} aside={<span className="tnum">{shown(value)}</span>} hint={hint} wrong={controls.wrong(`style.${path}`)}>
      <Input
        type="range"
        min={min}
        max={Math.max(max, value)}
        step={step}
        value={value}
        onChange={(event) => controls.setStyle(path, Number(event.target.value) === none ? undefined : Number(event.target.value))}
        className="h-5! border-0! bg-transparent! px-0! accent-[var(--accent)]"
      />
    </Field>
  );
}

function Ready({ controls: { draft, change } }: { controls: Controls }) {
  const presets = useQuery(presetsQuery);
  const templates = useQuery(templatesQuery);
  if (!presets.data) return <Skeleton className="h-28 w-full" />;
  const own = templates.data ?? [];
  const wear = (look: Style) => change("style.look", (now) => ({ ...now, style: dress(now.style, look) }));
  const worn = (look: Style) => isSame(dress(draft.style, look), draft.style);
  const looks = (all: readonly { name: string; style: Style; value: string; title: string }[]) => all.map(({ value, title, style }) => ({ value, name: title, style: { ...style, image: "" } }));
  const ready = presets.data.map(({ name, style }) => ({ name, value: name, title: inWords(name), style: style as Style }));
  const mine = own.map(({ id, name, style }) => ({ name, value: id, title: name, style: style as Style }));
  return (
    <div className="flex flex-col gap-4">
      {mine.length > 0 && (
        <div>
          <p className="mb-1.5 text-xs text-ink-2">Your templates</p>
          <Looks label="Your templates" cut="whole" isWide value={mine.find((one) => worn(one.style))?.value ?? ""} looks={looks(mine)} onChange={(id) => wear(mine.find((one) => one.value === id)!.style)} />
        </div>
      )}
      <div>
        {mine.length > 0 && <p className="mb-1.5 text-xs text-ink-2">Presets</p>}
        <Looks label="Presets" cut="whole" isWide value={ready.find((one) => worn(one.style))?.value ?? ""} looks={looks(ready)} onChange={(name) => wear(ready.find((one) => one.value === name)!.style)} />
      </div>
    </div>
  );
}

function Shapes({ controls, path, label, values, cut }: { controls: Controls; path: string; label: string; values: readonly string[]; cut: "corner" | "dots" }) {
  const value = (get(controls.draft.style, path) as string | undefined) ?? "";
  const [group = "", name = "type"] = path.split(".");
  const look = (type: string): Style => (group === "cornersDotOptions" ? { cornersDotOptions: { type }, cornersSquareOptions: { type: "square" } } : group === "cornersSquareOptions" ? { cornersSquareOptions: { type }, cornersDotOptions: { type: "square" } } : { [group]: { [name]: type } }) as Style;
  return (
    <div className="flex flex-col gap-1.5">
      <span className="text-sm font-medium">{label}</span>
      <Looks label={label} cut={cut} value={value} looks={values.map((one) => ({ value: one, name: inWords(one), style: look(one) }))} onChange={(next) => controls.setStyle(path, next)} />
      {controls.wrong(`style.${path}`) && (
        <p role="alert" className="text-xs text-bad">
          {controls.wrong(`style.${path}`)}
        </p>
      )}
    </div>
  );
}

const PLACES = [
  ["topLeft", "Upper left"],
  ["topRight", "Upper right"],
  ["bottomLeft", "Lower left"],
] as const;

/** One corner can be different from the others. */
function Single({ controls, fallback }: { controls: Controls; fallback: string }) {
  const { style } = controls.draft;
  const used = PLACES.filter(([corner]) => style.corners?.[corner]).length;
  const [wasOpen] = useState(used > 0);
  const [at, setAt] = useState<(typeof PLACES)[number][0]>("topLeft");
  return (
    <details open={wasOpen} className="group rounded-lg border border-line">
      <summary className="flex h-9 list-none items-center gap-2 rounded-lg px-3 text-sm font-medium hover:bg-hover">
        <ChevronRight className="size-4 text-ink-3 transition-transform group-open:rotate-90" />
        One corner at a time
        {used > 0 && <span className="ml-auto text-xs font-normal text-accent-text">{used} of 3</span>}
      </summary>
      <div className="flex flex-col gap-4 border-t border-line p-3">
        <Segments label="Corner" value={at} options={PLACES.map(([value, label]) => ({ value, label }))} onChange={setAt} />
        <div className="grid gap-4 sm:grid-cols-2">
          <CornerPart controls={controls} path={`corners.${at}.square`} general="cornersSquareOptions" label="Ring" fallback={fallback} />
          <CornerPart controls={controls} path={`corners.${at}.dot`} general="cornersDotOptions" label="Core" fallback={fallback} />
        </div>
      </div>
    </details>
  );
}

function CornerPart({ controls, path, general, label, fallback }: { controls: Controls; path: string; general: string; label: string; fallback: string }) {
  const type = (get(controls.draft.style, `${path}.type`) as string | undefined) ?? "";
  const colour = (get(controls.draft.style, `${general}.color`) as string | undefined) ?? fallback;
  return (
    <div className="flex flex-col gap-3">
      <Field label={`${label}: shape`} wrong={controls.wrong(`style.${path}.type`)}>
        <Select value={type} onChange={(event) => controls.setStyle(`${path}.type`, event.target.value || undefined)}>
          <option value="">As the others</option>
          {CORNERS.map((one) => (
            <option key={one} value={one}>
              {inWords(one)}
            </option>
          ))}
        </Select>
      </Field>
      <Paint controls={controls} path={path} label={`${label}: colour`} fallback={colour} />
    </div>
  );
}
