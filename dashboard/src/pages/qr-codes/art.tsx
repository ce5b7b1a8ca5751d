// Looks to choose from, each shown by a code that the server drew like that: what is chosen is what comes out.
import { useQuery } from "@tanstack/react-query";
import { RadioGroup } from "radix-ui";
import { Skeleton } from "@/components/ui/card";
import { cx } from "@/lib/cx";
import type { Style } from "./design";
import { artQuery } from "./queries";

/** Short, so that single modules are seen. */
const SAMPLE = "TESSERA";
/** For whole codes: as long as a short link. */
const SAMPLE_LINK = "https://go.example/abc1234";
const ART_PX = 168;
const MODULES = 21;

type Cut = "whole" | "corner" | "dots";

/** Of a symbol of 21 modules: its upper left corner, or modules without a corner. */
const CUTS: Record<Exclude<Cut, "whole">, { from: [number, number]; modules: number }> = {
  corner: { from: [0, 0], modules: 7 },
  dots: { from: [12, 12], modules: 8 },
};

export function Art({ style, cut, className }: { style: Style; cut: Cut; className?: string }) {
  const look: Style = cut === "whole" ? { ...style, width: ART_PX, unit: "px" } : { ...style, width: MODULES * 8, quietZone: 0, qrOptions: { typeNumber: 1, errorCorrectionLevel: "L", mask: 2 } };
  const art = useQuery(artQuery(look, cut === "whole" ? SAMPLE_LINK : SAMPLE));
  const size = className ?? "size-16";
  if (!art.data) return <Skeleton className={size} />;
  if (cut === "whole") return <img src={art.data} alt="" className={cx("object-contain", size)} />;
  const { from, modules } = CUTS[cut];
  const part = { width: `${(MODULES / modules) * 100}%`, left: `${(-from[0] / modules) * 100}%`, top: `${(-from[1] / modules) * 100}%` };
  return (
    <span className={cx("relative block overflow-hidden", size)}>
      <img src={art.data} alt="" className="absolute max-w-none" style={part} />
    </span>
  );
}

type Look<T extends string> = { value: T; name: string; style: Style };

/** One of several looks, by picture and name. */
export function Looks<T extends string>({ label, value, looks, cut, onChange, isWide }: { label: string; value: T | ""; looks: readonly Look<T>[]; cut: Cut; onChange: (value: T) => void; isWide?: boolean }) {
  return (
    <RadioGroup.Root
      aria-label={label}
      value={value}
      onValueChange={(next) => onChange(next as T)}
      className={cx("grid gap-2", isWide ? "grid-cols-[repeat(auto-fill,minmax(6.25rem,1fr))]" : "grid-cols-[repeat(auto-fill,minmax(4.75rem,1fr))]")}
    >
      {looks.map((look) => (
        <RadioGroup.Item
          key={look.value}
          value={look.value}
          className="group flex min-w-0 flex-col items-center gap-1.5 rounded-lg border border-line bg-surface p-1.5 text-2xs text-ink-2 transition-colors hover:border-line-strong hover:bg-hover data-[state=checked]:border-accent data-[state=checked]:bg-accent-soft data-[state=checked]:font-medium data-[state=checked]:text-accent-text"
        >
          <span className={cx("grid w-full place-items-center rounded-md bg-white", isWide ? "p-1" : "p-2")}>
            <Art style={look.style} cut={cut} className={isWide ? "h-20 w-full" : "size-10"} />
          </span>
          <span className="line-clamp-2 w-full text-center leading-3.5 break-words">{look.name}</span>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}

export const inWords = (value: string) => (value.slice(0, 1).toUpperCase() + value.slice(1)).replaceAll("-", " ");
