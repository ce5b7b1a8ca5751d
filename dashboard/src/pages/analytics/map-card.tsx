// The card around the map; the map itself comes when the card does.
import { useQuery } from "@tanstack/react-query";
import { lazy, memo, Suspense, useEffect, useRef, useState } from "react";
import { ErrorPanel } from "@/components/page";
import { Card, Skeleton } from "@/components/ui/card";
import { cx } from "@/lib/cx";
import { count } from "@/lib/numbers";
import { countryName } from "@/lib/places";
import { nounOf, previous } from "./figures";
import { toggled, valuesOf } from "./filters";
import { breakdownQuery, sortBy, valueOf } from "./queries";
import type { PageState } from "./state";

/** Shapes are fetched when the card comes this near to the window. */
const NEAR = "400px";

const World = lazy(() => import("./world"));
const COUNTRIES_MAX = 300;

function placesInWords(first: string | undefined, unknown: number): string {
  if (!first) return unknown > 0 ? "No country is known: the server has no place file, or knows these addresses not. See Operating in the documentation." : "Nothing in this time.";
  return `Most come from ${countryName(first)}.${unknown > 0 ? ` Of ${count(unknown)} the country is not known.` : ""}`;
}

function useIsNear() {
  const box = useRef<HTMLDivElement>(null);
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    if (!box.current || isNear) return;
    const observer = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && setNear(true), { rootMargin: NEAR });
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [isNear]);
  return [box, isNear] as const;
}

export const MapCard = memo(function MapCard({ page, total }: { page: PageState; total: number | undefined }) {
  const { measure, counted } = page;
  const [box, isNear] = useIsNear();
  const report = useQuery({ ...breakdownQuery(counted, "country", measure, COUNTRIES_MAX), placeholderData: previous });
  const key = sortBy(measure);
  const rows = counted === null ? [] : (report.data?.breakdown?.rows ?? []).filter((row) => row[key] > 0);
  const shades = rows.flatMap((row) => {
    const code = valueOf(row, "country");
    return code ? [{ code, value: row[key] }] : [];
  });
  const unknown = rows.find((row) => valueOf(row, "country") === null)?.[key] ?? 0;
  return (
    <Card
      title="World"
      isFlush
      className="flex flex-col overflow-hidden [&>div]:flex [&>div]:flex-1 [&>div]:flex-col"
    >
      {report.error ? (
        <div className="p-3">
          <ErrorPanel error={report.error} onRetry={() => void report.refetch()} />
        </div>
      ) : (
        <div className={cx("flex flex-1 flex-col justify-center px-3 pt-3 transition-opacity", report.isPlaceholderData && "opacity-50")}>
          <div ref={box} className="aspect-[760/392]">
            <Suspense fallback={<Skeleton className="h-full w-full" />}>
              {!isNear ? null : report.isPending && counted !== null ? (
                <Skeleton className="h-full w-full" />
              ) : (
                <World shades={shades} noun={nounOf(page)} total={total ?? 0} chosen={valuesOf(page.filters, "country", "is")} onPick={(code) => page.filter(toggled(page.filters, "country", "is", code))} />
              )}
            </Suspense>
          </div>
        </div>
      )}
      <p className="px-4 py-2.5 text-xs text-ink-3">
        {report.data && placesInWords(shades[0]?.code, unknown)}
      </p>
    </Card>
  );
});
