// Shares of the visitors as one bar. What nobody is given is for the link's own destination, in grey.
import { restOf } from "./rules";

const COLOURS = ["bg-[var(--chart-1)]", "bg-[var(--chart-2)]", "bg-[var(--chart-3)]"] as const;
const REST = "bg-[var(--chart-4)]";
/** Neighbours differ. */
export const shareColour = (at: number) => COLOURS[at % COLOURS.length]!;

export const Swatch = ({ colour = REST }: { colour?: string }) => <span aria-hidden className={`inline-block size-2.5 shrink-0 rounded-sm ${colour}`} />;

export function SharesBar({ shares }: { shares: { name: string; percent: number }[] }) {
  const rest = Math.max(0, restOf(shares));
  const words = [...shares.map((share) => `${share.name} ${share.percent} %`), `the rest ${rest} %`].join(", ");
  return (
    <div role="img" aria-label={`Shares: ${words}`} className="flex h-2.5 gap-px overflow-hidden rounded-full">
      {shares.map((share, at) => (
        <span key={at} className={shareColour(at)} style={{ flexGrow: share.percent, flexBasis: 0 }} />
      ))}
      <span className={REST} style={{ flexGrow: rest, flexBasis: 0 }} />
    </div>
  );
}
