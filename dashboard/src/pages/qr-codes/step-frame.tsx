// The fourth step: what stands around the code, and the words on it.
import { Card } from "@/components/ui/card";
import { Segments } from "@/components/ui/checks";
import { Field, Input } from "@/components/ui/field";
import { inWords, Looks } from "./art";
import type { Controls } from "./controls";
import { get } from "./design";
import { Colour } from "./paint";

const FRAMES = ["none", "box", "rounded-box", "banner", "speech-bubble", "tab", "ticket", "phone", "polaroid", "circle", "viewfinder", "ribbon"] as const;
const TEXT_MAX = 60;
/** Without a word of their own these stay empty; the others say this. */
const SILENT = ["box", "rounded-box", "viewfinder"];
const WORD = "SCAN ME";

export function FrameStep({ controls }: { controls: Controls }) {
  const { draft, setStyle, wrong } = controls;
  const { frame } = draft.style;
  const type = frame?.type ?? "none";
  const dots = (get(draft.style, "dotsOptions.color") as string | undefined) ?? "#000000";
  return (
    <div className="flex flex-col gap-4">
      <Card title="Frame">
        <Looks
          label="Frame"
          cut="whole"
          isWide
          value={type}
          looks={FRAMES.map((one) => ({ value: one, name: inWords(one), style: one === "none" ? {} : { frame: { type: one } } }))}
          onChange={(next) => (next === "none" ? setStyle("frame", undefined) : setStyle("frame.type", next))}
        />
      </Card>
      {type !== "none" && (
        <Card title="Words and colours">
          <div className="flex flex-col gap-4">
            <Field label="Text" isOptional wrong={wrong("style.frame.text")} aside={<span className="tnum">{(frame?.text ?? "").length} of {TEXT_MAX}</span>} hint="Latin, Greek or Cyrillic letters, digits, punctuation, arrows. It becomes outlines, so it looks the same everywhere.">
              <Input value={frame?.text ?? ""} maxLength={TEXT_MAX} placeholder={SILENT.includes(type) ? "None" : WORD} onChange={(event) => setStyle("frame.text", event.target.value || undefined)} />
            </Field>
            <div className="flex flex-wrap items-center justify-between gap-2">
              <span className="text-sm font-medium">Stands</span>
              <Segments
                label="Where the text stands"
                value={frame?.position ?? "below"}
                options={[
                  { value: "below", label: "Below" },
                  { value: "above", label: "Above" },
                ]}
                onChange={(next) => setStyle("frame.position", next === "below" ? undefined : next)}
              />
            </div>
            <div className="grid gap-4 sm:grid-cols-2">
              <Colour label="Frame" value={frame?.color ?? undefined} fallback={dots} onChange={(colour) => setStyle("frame.color", colour)} wrong={wrong("style.frame.color")} />
              <Colour label="Words" value={frame?.textColor ?? undefined} fallback="#ffffff" onChange={(colour) => setStyle("frame.textColor", colour)} wrong={wrong("style.frame.textColor")} />
            </div>
            {!frame?.textColor && <p className="-mt-2 text-xs text-ink-3">Without a colour of their own the words are what reads best on the frame.</p>}
          </div>
        </Card>
      )}
    </div>
  );
}
