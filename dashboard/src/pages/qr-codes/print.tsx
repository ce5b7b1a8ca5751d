// A sheet to print and to cut: codes at their true size, with crop marks and a caption. The browser prints it; what is
// on the screen is the same sheet, smaller.
import "./print.css";
import { useQueries } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { Printer } from "lucide-react";
import { useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { fetchBlob } from "@/api/client";
import { Empty, ErrorPanel, Page } from "@/components/page";
import { Button } from "@/components/ui/button";
import { Card, Skeleton } from "@/components/ui/card";
import { Segments, Switch } from "@/components/ui/checks";
import { Field, Input, Select } from "@/components/ui/field";
import { plural } from "@/lib/numbers";
import { bare } from "../links/queries";
import type { QrCode } from "./design";
import { BackToCodes } from "./designer";
import { codeQuery, imagePath } from "./queries";
import { CAPTION_MM, layoutOf, MARK_MM, MARK_OFF_MM, PAPERS, placed, SIZE_MM, type Layout, type Paper } from "./sheet";

type Caption = "none" | "name" | "link";
type Wishes = { paper: Paper; size: number; gap: number; caption: Caption; hasMarks: boolean; copies: number | null };
type Printed = { code: QrCode; picture: string };

const USUAL: Wishes = { paper: "a4", size: 40, gap: 5, caption: "name", hasMarks: true, copies: null };
const SHOWN_PX_MAX = 420;
const MM_PX = 96 / 25.4;

export function PrintPage() {
  const { ids } = useSearch({ from: "/inside/qr-codes/print" });
  const all = ids.split(",").filter(Boolean);
  const codes = useQueries({ queries: all.map((id) => codeQuery(id)) });
  const pictures = useQueries({
    queries: all.map((id, at) => ({
      queryKey: ["qr-codes", "print", id, codes[at]?.data?.updated_at],
      queryFn: async ({ signal }: { signal: AbortSignal }) => `data:image/svg+xml,${encodeURIComponent(await (await fetchBlob(imagePath(codes[at]!.data!, "svg"), signal)).text())}`,
      enabled: codes[at]?.data !== undefined,
      staleTime: Infinity,
    })),
  });
  const [wishes, setWishes] = useState(USUAL);
  const set = <K extends keyof Wishes>(name: K, value: Wishes[K]) => setWishes((before) => ({ ...before, [name]: value }));
  const error = [...codes, ...pictures].find((one) => one.error)?.error;
  const printed = all.flatMap((_, at): Printed[] => {
    const [code, picture] = [codes[at]?.data, pictures[at]?.data];
    return code && picture ? [{ code, picture }] : [];
  });
  const isReady = printed.length === all.length;
  const layout = layoutOf(wishes.paper, wishes.size, wishes.gap, { captions: wishes.caption !== "none", marks: wishes.hasMarks });
  const sheets = placed(printed, wishes.copies, layout);
  return (
    <Page
      title="Print sheet"
      above={<BackToCodes />}
      about={isReady && all.length > 0 ? `${plural(sheets.length, "sheet")} of ${PAPERS[wishes.paper].name}, ${layout.columns} × ${layout.rows} codes of ${wishes.size} mm` : "Codes at their true size, to cut out"}
      actions={
        <Button look="primary" icon={<Printer />} why={!isReady || all.length === 0 ? "The codes are not here yet." : undefined} onClick={() => print()}>
          Print
        </Button>
      }
    >
      {all.length === 0 ? (
        <Empty icon={<Printer />} title="No codes chosen" about="Choose codes in the list of QR codes, then “Print”." action={<BackToCodes />} />
      ) : error ? (
        <ErrorPanel error={error} />
      ) : (
        <div className="grid gap-6 grid-cols-[minmax(0,1fr)] lg:grid-cols-[18rem_minmax(0,1fr)]">
          <Options wishes={wishes} set={set} />
          <div className="flex flex-col items-center gap-4 rounded-xl border border-line bg-sunken p-4 sm:p-6">
            {isReady ? sheets.slice(0, 1).map((sheet, at) => <Shown key={at} sheet={sheet} layout={layout} wishes={wishes} />) : <Skeleton className="aspect-[1/1.414] w-full max-w-[420px]" />}
            {sheets.length > 1 && <p className="text-xs text-ink-2">The first of {sheets.length} sheets.</p>}
          </div>
        </div>
      )}
      {isReady &&
        createPortal(
          <div className="print-sheets">
            {sheets.map((sheet, at) => (
              <div key={at} className={`print-sheet print-sheet-${wishes.paper}`}>
                <Sheet sheet={sheet} layout={layout} wishes={wishes} />
              </div>
            ))}
          </div>,
          document.body,
        )}
    </Page>
  );
}

function Options({ wishes, set }: { wishes: Wishes; set: <K extends keyof Wishes>(name: K, value: Wishes[K]) => void }) {
  const within = (text: string, least: number, most: number, none: number) => Math.min(most, Math.max(least, Number(text) || none));
  return (
    <Card title="The sheet" className="self-start">
      <div className="flex flex-col gap-4">
        <div>
        <Segments
          label="Paper"
          value={wishes.paper}
          options={[
            { value: "a4", label: "A4" },
            { value: "letter", label: "Letter" },
          ]}
          onChange={(paper) => set("paper", paper)}
        />
        </div>
        <div className="grid grid-cols-2 gap-3">
          <Field label="Code, mm" hint={wishes.size < 20 ? "Read from close by only." : `Read from up to ${Math.round(wishes.size)} cm.`}>
            <Input type="number" min={SIZE_MM.min} max={SIZE_MM.max} value={wishes.size} onChange={(event) => set("size", within(event.target.value, SIZE_MM.min, SIZE_MM.max, USUAL.size))} />
          </Field>
          <Field label="Gap, mm">
            <Input type="number" min={0} max={50} value={wishes.gap} onChange={(event) => set("gap", within(event.target.value, 0, 50, 0))} />
          </Field>
        </div>
        <Field label="Copies of each" hint="Left empty: the sheet is filled.">
          <Input type="number" min={1} max={500} value={wishes.copies ?? ""} placeholder="Fill the sheet" onChange={(event) => set("copies", event.target.value === "" ? null : within(event.target.value, 1, 500, 1))} />
        </Field>
        <Field label="Caption">
          <Select value={wishes.caption} onChange={(event) => set("caption", event.target.value as Caption)}>
            <option value="none">None</option>
            <option value="name">Name</option>
            <option value="link">Short link</option>
          </Select>
        </Field>
        <Switch label="Crop marks" hint="Where to cut." checked={wishes.hasMarks} onCheckedChange={(on) => set("hasMarks", on)} />
        <p className="text-xs text-ink-3">In the browser’s dialog choose 100 % and no margins, so that a millimetre stays one. A frame is part of the code’s size.</p>
      </div>
    </Card>
  );
}

/** As wide as there is room for, up to a size at which captions can still be read. */
function Shown(props: { sheet: Printed[]; layout: Layout; wishes: Wishes }) {
  const { width, height } = PAPERS[props.wishes.paper];
  const place = useRef<HTMLDivElement>(null);
  const [shownPx, setShownPx] = useState(SHOWN_PX_MAX);
  useLayoutEffect(() => {
    if (!place.current) return;
    const watch = new ResizeObserver(([box]) => box && setShownPx(box.contentRect.width));
    watch.observe(place.current);
    return () => watch.disconnect();
  }, []);
  const scale = shownPx / (width * MM_PX);
  return (
    <div ref={place} className="w-full overflow-hidden bg-white shadow-pop" style={{ maxWidth: SHOWN_PX_MAX, height: height * MM_PX * scale }} role="img" aria-label={`Sheet with ${plural(props.sheet.length, "code")}`}>
      <div style={{ transform: `scale(${scale})`, transformOrigin: "0 0", width: `${width}mm` }}>
        <Sheet {...props} />
      </div>
    </div>
  );
}

function Sheet({ sheet, layout, wishes }: { sheet: Printed[]; layout: Layout; wishes: Wishes }) {
  const { width, height } = PAPERS[wishes.paper];
  return (
    <div className="relative overflow-hidden bg-white text-black" style={{ width: `${width}mm`, height: `${height}mm` }}>
      {sheet.map(({ code, picture }, at) => {
        const left = layout.left + (at % layout.columns) * (layout.cell.width + layout.gap);
        const top = layout.top + Math.floor(at / layout.columns) * (layout.cell.height + layout.gap);
        return (
          <div key={at} className="absolute" style={{ left: `${left}mm`, top: `${top}mm`, width: `${layout.cell.width}mm`, height: `${layout.cell.height}mm` }}>
            <img src={picture} alt={code.name} className="block object-contain" style={{ width: `${wishes.size}mm`, height: `${wishes.size}mm` }} />
            {wishes.caption !== "none" && (
              <p className="truncate text-center font-sans" style={{ height: `${CAPTION_MM}mm`, lineHeight: `${CAPTION_MM}mm`, fontSize: "8pt" }}>
                {wishes.caption === "name" ? code.name : bare(code.short_url ?? code.name)}
              </p>
            )}
            {wishes.hasMarks && <Marks cell={layout.cell} />}
          </div>
        );
      })}
    </div>
  );
}

/** Two short lines at each corner, off it, so that none is left on what is cut out. */
function Marks({ cell: { width, height } }: { cell: Layout["cell"] }) {
  const out = MARK_OFF_MM + MARK_MM;
  const corners = [
    [0, 0, -1, -1],
    [width, 0, 1, -1],
    [0, height, -1, 1],
    [width, height, 1, 1],
  ] as const;
  const path = corners.map(([x, y, dx, dy]) => `M${x + dx * MARK_OFF_MM},${y}h${dx * MARK_MM}M${x},${y + dy * MARK_OFF_MM}v${dy * MARK_MM}`).join("");
  return (
    <svg aria-hidden viewBox={`${-out} ${-out} ${width + 2 * out} ${height + 2 * out}`} className="pointer-events-none absolute max-w-none" style={{ left: `${-out}mm`, top: `${-out}mm`, width: `${width + 2 * out}mm`, height: `${height + 2 * out}mm` }}>
      <path d={path} stroke="#000" strokeWidth="0.15" fill="none" />
    </svg>
  );
}
