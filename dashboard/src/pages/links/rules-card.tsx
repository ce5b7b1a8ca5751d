// The rules of a link as they are read: who goes where, from the first that fits to the rest.
import { Link as To } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Tag } from "@/components/ui/badge";
import { Card, cardLinkLook } from "@/components/ui/card";
import { bare, type Link } from "./queries";
import { restOf } from "./rules";
import type { RangeSearch } from "./search";
import { shareColour, SharesBar, Swatch } from "./shares";
import { whoOf } from "./who";

export function RulesCard({ link, range }: { link: Link; range: RangeSearch["range"] }) {
  const { targets, variants, ios_url, android_url, destination_url } = link;
  const isTold = variants.some((variant) => variant.utm_content);
  const rest = restOf(variants);
  const taken: [string, string][] = targets.map((target) => [whoOf(target), target.destination_url]);
  if (ios_url) taken.push(["iPhones and iPads", ios_url]);
  if (android_url) taken.push(["Android devices", android_url]);
  return (
    <Card
      title="Who goes elsewhere"
      aside={
        isTold && (
          <To to="/analytics" search={{ link: link.id, show: "utm_content", range }} className={cardLinkLook}>
            Clicks by label
          </To>
        )
      }
    >
      <ol className="flex flex-col gap-2.5 text-sm">
        {taken.map(([who, address], at) => (
          <Line key={at} mark={<span className="tnum w-2.5 shrink-0 text-ink-3">{at + 1}</span>} who={`${who} go to`} address={address} />
        ))}
        {variants.map((variant, at) => (
          <Line key={`share-${at}`} mark={<Swatch colour={shareColour(at)} />} who={`${variant.percent} % of everybody else go to`} address={variant.destination_url} label={variant.utm_content} />
        ))}
        {destination_url && rest > 0 && (
          <Line mark={variants.length > 0 ? <Swatch /> : <span className="w-2.5 shrink-0" />} who={variants.length > 0 ? `The rest, ${rest} %, goes to` : "Everybody else goes to"} address={destination_url} label={link.utm_content} />
        )}
      </ol>
      {variants.length > 0 && (
        <div className="mt-3.5">
          <SharesBar shares={variants.map((variant, at) => ({ name: variant.utm_content ?? `variant ${at + 1}`, percent: variant.percent }))} />
        </div>
      )}
      <p className="mt-3 text-xs text-ink-3">The first line that fits a visitor decides. {variants.length > 0 && "Who comes back meets the same variant; robots meet none."}</p>
    </Card>
  );
}

function Line({ mark, who, address, label }: { mark: ReactNode; who: string; address: string; label?: string | null | undefined }) {
  return (
    <li className="flex items-baseline gap-2">
      {mark}
      <span className="min-w-0">
        {who}{" "}
        <a href={address} target="_blank" rel="noreferrer" className="rounded wrap-anywhere text-accent-text underline decoration-accent-text/40 underline-offset-2 hover:decoration-accent-text">
          {bare(address)}
        </a>
        {label && (
          <>
            {" "}
            <Tag>{label}</Tag>
          </>
        )}
      </span>
    </li>
  );
}
