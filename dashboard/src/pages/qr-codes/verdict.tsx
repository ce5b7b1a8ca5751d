// Whether a code will scan, in the server's words: the grade, what speaks against it, what would help, and every trial
// behind the score.
import { Check, ChevronRight, CircleAlert, CircleCheck, TriangleAlert, Wand2, X } from "lucide-react";
import type { ReactNode } from "react";
import { Badge, type Tone } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/card";
import { Tip } from "@/components/ui/tooltip";
import { cx } from "@/lib/cx";
import type { Style, Verdict } from "./design";

type Grade = Verdict["verdict"];
const WORDS: Record<Grade, { tone: Tone; word: string; says: string; text: string; stroke: string }> = {
  good: { tone: "good", word: "Scans", says: "Phones will read it", text: "text-good", stroke: "var(--good)" },
  risky: { tone: "warn", word: "Risky", says: "Some phones may miss it", text: "text-warn", stroke: "var(--warn)" },
  fails: { tone: "bad", word: "Fails", says: "Phones will not read it", text: "text-bad", stroke: "var(--bad)" },
};

export const gradeSays = (grade: Grade) => WORDS[grade].says;
const sentence = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);

export function VerdictBadge({ verdict }: { verdict: Pick<Verdict, "verdict" | "score" | "reasons"> }) {
  const { tone, word } = WORDS[verdict.verdict];
  const first = verdict.reasons[0]?.message;
  return (
    <Tip text={`${WORDS[verdict.verdict].says}: ${verdict.score} of 100${first ? `. ${sentence(first)}` : ""}`}>
      <span>
        <Badge tone={tone} dot>
          {word}
        </Badge>
      </span>
    </Tip>
  );
}

const RING = 2 * Math.PI * 15;

export function Score({ verdict }: { verdict: Pick<Verdict, "verdict" | "score"> }) {
  const { stroke, text } = WORDS[verdict.verdict];
  return (
    <span className="relative grid size-11 shrink-0 place-items-center">
      <svg aria-hidden viewBox="0 0 36 36" className="absolute inset-0 -rotate-90">
        <circle cx="18" cy="18" r="15" fill="none" stroke="var(--line)" strokeWidth="3" />
        <circle cx="18" cy="18" r="15" fill="none" stroke={stroke} strokeWidth="3" strokeLinecap="round" strokeDasharray={`${(verdict.score / 100) * RING} ${RING}`} className="transition-[stroke-dasharray] duration-300" />
      </svg>
      <span className={cx("tnum text-sm font-semibold", text)}>
        {verdict.score}
        <span className="sr-only"> of 100</span>
      </span>
    </span>
  );
}

type Props = {
  verdict: Verdict | undefined;
  /** Lays what a suggestion says over the style. */
  onApply?: (change: Style) => void;
  onMend?: () => void;
  isMending?: boolean;
};

export function VerdictPanel({ verdict, onApply, onMend, isMending }: Props) {
  if (!verdict)
    return (
      <div className="flex items-center gap-3">
        <Skeleton className="size-11 rounded-full" />
        <div className="flex flex-1 flex-col gap-2">
          <Skeleton className="h-4 w-36" />
          <Skeleton className="h-3 w-24" />
        </div>
      </div>
    );
  const Icon = verdict.verdict === "good" ? CircleCheck : verdict.verdict === "risky" ? TriangleAlert : CircleAlert;
  const { says, text } = WORDS[verdict.verdict];
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-center gap-3">
        <Score verdict={verdict} />
        <div className="min-w-0 flex-1">
          <p role="status" className={cx("flex items-center gap-1.5 text-sm font-semibold", text)}>
            <Icon aria-hidden className="size-4 shrink-0" />
            {says}
          </p>
          <p className="text-xs text-ink-2">{verdict.reasons.length === 0 ? "Nothing speaks against it." : `${verdict.reasons.length === 1 ? "One thing speaks" : `${verdict.reasons.length} things speak`} against it.`}</p>
        </div>
      </div>
      {verdict.reasons.length > 0 && (
        <ul aria-label="What speaks against it" className="flex flex-col gap-1.5 text-xs text-ink-2">
          {verdict.reasons.map((reason) => (
            <li key={reason.code} className="border-l-2 border-line-strong pl-2.5">
              {sentence(reason.message)}.
            </li>
          ))}
        </ul>
      )}
      {onApply && verdict.suggestions.length > 0 && (
        <ul aria-label="What would help" className="flex flex-col gap-1.5">
          {verdict.suggestions.map((suggestion) => (
            <Suggestion key={suggestion.message} message={suggestion.message} onApply={suggestion.change ? () => onApply(suggestion.change as Style) : undefined} />
          ))}
        </ul>
      )}
      {onMend && verdict.verdict !== "good" && (
        <Button icon={<Wand2 />} onClick={onMend} isBusy={isMending ?? false} className="justify-center">
          Mend it
        </Button>
      )}
      <Trials verdict={verdict} />
    </div>
  );
}

function Suggestion({ message, onApply }: { message: string; onApply: (() => void) | undefined }) {
  return (
    <li className="flex items-start justify-between gap-2 rounded-md bg-sunken px-2.5 py-1.5 text-xs text-ink-2">
      <span className="min-w-0 py-0.5">{sentence(message)}.</span>
      {onApply && (
        <button type="button" onClick={onApply} aria-label={`Apply: ${message}`} className="shrink-0 rounded px-1.5 py-0.5 font-medium text-accent-text hover:bg-hover">
          Apply
        </button>
      )}
    </li>
  );
}

const TRIALS: Record<string, string> = {
  as_drawn: "As drawn",
  as_sized: "At its size",
  small: "Small",
  tiny: "Tiny",
  blur: "Out of focus",
  turned_7: "Turned by 7°",
  turned_45: "Turned by 45°",
  tilted: "Seen aslant",
  faded: "Faded",
  dirt: "Dirty",
  noise: "Grainy picture",
  uneven_light: "Half in shadow",
  dark_surroundings: "On a dark wall",
  on_grey: "On grey",
  on_dark: "On dark",
};

function Trials({ verdict }: { verdict: Verdict }) {
  const { checks, measured } = verdict;
  const read = checks.filter((check) => check.is_read_leniently && check.is_read_strictly !== false).length;
  const facts: [string, ReactNode][] = [
    ["Contrast", `${measured.contrast_ratio.toFixed(1)} : 1`],
    ["Quiet zone", `${measured.quiet_zone_modules.toFixed(1)} modules`],
    ["Hidden", `${measured.lost_pct.toFixed(1)} % of ${measured.recoverable_pct} %`],
    ["A module", `${measured.module_px.toFixed(1)} px`],
    ["In print", measured.width_mm != null && `${measured.width_mm.toFixed(1)} mm`],
    ["Read from", measured.distance_mm_max != null && `up to ${(measured.distance_mm_max / 10).toFixed(0)} cm`],
  ];
  return (
    <details className="group text-xs">
      <summary className="flex list-none items-center gap-1.5 rounded text-ink-2 hover:text-ink">
        <ChevronRight aria-hidden className="size-3.5 text-ink-3 transition-transform group-open:rotate-90" />
        Read in {read} of {checks.length} trials
        <span aria-hidden className="ml-auto flex gap-0.5">
          {checks.map((check) => (
            <span key={check.name} className={cx("h-2.5 w-1 rounded-full", !check.is_read_leniently ? "bg-bad" : check.is_read_strictly === false ? "bg-warn" : "bg-good")} />
          ))}
        </span>
      </summary>
      <ul className="mt-2 grid grid-cols-2 gap-x-3 gap-y-1">
        {checks.map((check) => (
          <li key={check.name} className="flex items-center gap-1.5 text-ink-2">
            {!check.is_read_leniently ? <X aria-label="not read" className="size-3.5 text-bad" /> : check.is_read_strictly === false ? <TriangleAlert aria-label="read by one of two readers" className="size-3.5 text-warn" /> : <Check aria-label="read" className="size-3.5 text-good" />}
            {TRIALS[check.name] ?? check.name}
          </li>
        ))}
      </ul>
      <dl className="mt-2.5 grid grid-cols-2 gap-x-3 gap-y-1 border-t border-line pt-2.5">
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name} className="flex justify-between gap-2">
              <dt className="text-ink-3">{name}</dt>
              <dd className="tnum text-right">{value}</dd>
            </div>
          ))}
      </dl>
    </details>
  );
}
