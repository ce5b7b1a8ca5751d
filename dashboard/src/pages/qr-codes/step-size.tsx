// The last step: how large the code is on screen or on paper, how much of it may be lost, and what few people set.
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { Card } from "@/components/ui/card";
import { Cards, Segments, Switch } from "@/components/ui/checks";
import { Field, Input, Select } from "@/components/ui/field";
import type { Controls } from "./controls";
import { get, put } from "./design";
import { Range } from "./step-style";

type Unit = "px" | "mm" | "in";
const MM_PER_IN = 25.4;
const DPI_DEFAULT = 300;
const WIDTHS: Record<Unit, { usual: number; step: number; about: string }> = {
  px: { usual: 512, step: 1, about: "32 to 10,000 whole pixels." },
  mm: { usual: 40, step: 1, about: "5 to 1,000 mm. A code is read from up to ten times its width." },
  in: { usual: 1.5, step: 0.1, about: "0.2 to 40 in. A code is read from up to ten times its width." },
};

/** The same width in another unit, rounded to what one would type. Pixels and paper have nothing in common. */
function converted(width: number | null | undefined, from: Unit, to: Unit): number | undefined {
  if (!width || from === to) return width ?? undefined;
  if (from === "px" || to === "px") return undefined;
  return to === "in" ? Math.round((width / MM_PER_IN) * 10) / 10 : Math.round(width * MM_PER_IN);
}

export function SizeStep({ controls }: { controls: Controls }) {
  const { draft, change } = controls;
  const { style } = draft;
  const unit = style.unit ?? "px";
  const setUnit = (next: Unit) =>
    change("style.unit", (now) => {
      const width = converted(now.style.width, unit, next);
      const sized = put(put(put(now.style, "unit", next === "px" ? undefined : next), "width", width), "height", undefined);
      return { ...now, style: next === "px" ? put(sized, "dpi", undefined) : sized };
    });
  const number = (path: string, text: string) => controls.setStyle(path, text === "" ? undefined : Number(text));
  return (
    <div className="flex flex-col gap-4">
      <Card title="Size">
        <div className="flex flex-col gap-4">
          <div>
          <Segments
            label="Unit"
            value={unit}
            options={[
              { value: "px", label: "Pixels, for screens" },
              { value: "mm", label: "Millimetres" },
              { value: "in", label: "Inches" },
            ]}
            onChange={setUnit}
          />
          </div>
          <div className="grid grid-cols-2 gap-3">
            <Field label={`Width, ${unit}`} wrong={controls.wrong("style.width")} hint={WIDTHS[unit].about} className={unit === "px" ? "col-span-2" : ""}>
              <Input type="number" inputMode="decimal" step={WIDTHS[unit].step} value={style.width ?? ""} placeholder={String(WIDTHS[unit].usual)} onChange={(event) => number("width", event.target.value)} />
            </Field>
            {unit !== "px" && (
              <Field label="Pixels per inch" wrong={controls.wrong("style.dpi")} hint="Of PNG, JPEG and WebP. Drawings have none.">
                <Input type="number" inputMode="numeric" value={style.dpi ?? ""} placeholder={String(DPI_DEFAULT)} onChange={(event) => number("dpi", event.target.value)} />
              </Field>
            )}
          </div>
          <Range controls={controls} path="quietZone" label="Quiet zone" min={0} max={10} step={1} none={4} shown={(value) => `${value} modules`} hint={style.margin == null ? "The empty space around the symbol. The standard asks for 4." : `This design says ${style.margin} px; a number of modules takes its place.`} />
        </div>
      </Card>
      <Card title="How much may be lost">
        <Cards<"L" | "M" | "Q" | "H">
          label="Error correction level"
          value={style.qrOptions?.errorCorrectionLevel ?? "Q"}
          onChange={(level) => controls.setStyle("qrOptions.errorCorrectionLevel", level === "Q" ? undefined : level)}
          options={[
            { value: "L", label: "L, about 7 %", hint: "The fewest modules. For screens and clean paper, without a logo." },
            { value: "M", label: "M, about 15 %", hint: "For plain codes in print." },
            { value: "Q", label: "Q, about 25 %", hint: "For styled codes and small logos. What you get without choosing." },
            { value: "H", label: "H, about 30 %", hint: "For larger logos and rough places. The most modules." },
          ]}
        />
      </Card>
      <Advanced controls={controls} />
    </div>
  );
}

const MODES = ["Numeric", "Alphanumeric", "Byte", "Kanji"] as const;

function Advanced({ controls }: { controls: Controls }) {
  const { style } = controls.draft;
  const [wasOpen] = useState(Boolean(style.qrOptions?.typeNumber || style.qrOptions?.mode || style.qrOptions?.mask != null || style.title || style.height));
  const number = (path: string, text: string) => controls.setStyle(path, text === "" ? undefined : Number(text));
  const text = (path: string) => String(get(style, path) ?? "");
  return (
    <details open={wasOpen} className="group rounded-xl border border-line bg-surface">
      <summary className="flex h-11 list-none items-center gap-2 rounded-xl px-4 text-sm font-semibold hover:bg-hover">
        <ChevronRight className="size-4 text-ink-3 transition-transform group-open:rotate-90" />
        What few people set
      </summary>
      <div className="flex flex-col gap-4 border-t border-line p-4">
        <div className="grid grid-cols-2 gap-3 sm:grid-cols-4">
          <Field label="Version" wrong={controls.wrong("style.qrOptions.typeNumber")} hint="1 to 40">
            <Input type="number" min={0} max={40} value={text("qrOptions.typeNumber")} placeholder="Smallest" onChange={(event) => number("qrOptions.typeNumber", event.target.value)} />
          </Field>
          <Field label="Mask" wrong={controls.wrong("style.qrOptions.mask")} hint="0 to 7">
            <Input type="number" min={0} max={7} value={text("qrOptions.mask")} placeholder="Best" onChange={(event) => number("qrOptions.mask", event.target.value)} />
          </Field>
          <Field label="Mode" wrong={controls.wrong("style.qrOptions.mode")}>
            <Select value={text("qrOptions.mode")} onChange={(event) => controls.setStyle("qrOptions.mode", event.target.value || undefined)}>
              <option value="">Shortest</option>
              {MODES.map((mode) => (
                <option key={mode}>{mode}</option>
              ))}
            </Select>
          </Field>
          <Field label="Height" wrong={controls.wrong("style.height")} hint={style.unit ?? "px"}>
            <Input type="number" value={text("height")} placeholder="As needed" onChange={(event) => number("height", event.target.value)} />
          </Field>
        </div>
        <Field label="For whoever cannot see it" isOptional wrong={controls.wrong("style.title")} hint="The title of the SVG. Left empty: what a scanner reads.">
          <Input value={text("title")} placeholder="Menu of the week" onChange={(event) => controls.setStyle("title", event.target.value || undefined)} />
        </Field>
        <Switch label="Whole pixels" hint="A module is a whole number of pixels where the size allows it, which keeps edges sharp." checked={style.dotsOptions?.roundSize !== false} onCheckedChange={(on) => controls.setStyle("dotsOptions.roundSize", on ? undefined : false)} />
      </div>
    </details>
  );
}
