// The code as a file, in each format and size. A kept code is drawn from its address, a design from what it is now.
import { Download } from "lucide-react";
import { useState } from "react";
import { download } from "@/api/client";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import { Segments } from "@/components/ui/checks";
import { toastError } from "@/components/ui/toast";
import type { QrCode, Style } from "./design";
import { drawingRequest, fileName, imagePath, type Drawn } from "./queries";

export const FORMATS = [
  { value: "svg", label: "SVG", about: "A drawing for web pages and for most print shops. Sharp at every size." },
  { value: "png", label: "PNG", about: "Pixels, with a palette where that is smaller. For documents and slides." },
  { value: "pdf", label: "PDF", about: "A drawing for print, on a page of its size." },
  { value: "eps", label: "EPS", about: "A drawing for older print software." },
  { value: "webp", label: "WebP", about: "Pixels for web pages, smaller than PNG." },
  { value: "jpeg", label: "JPEG", about: "Pixels without transparency, for what takes nothing else." },
  { value: "txt", label: "Text", about: "For terminals. The colours and shapes are left out." },
] as const;
export type Format = (typeof FORMATS)[number]["value"];
const PIXELS: readonly Format[] = ["png", "webp", "jpeg"];
const SIZES = [256, 512, 1024, 2048, 4096] as const;

/** What to ask for: the code that is kept, or a design that is not (yet). */
export type Source = { code: QrCode } | { drawn: Drawn; name: string };

function fileOf(source: Source, format: Format, width: number | undefined): Promise<void> {
  if ("code" in source) {
    const query = width && format !== "txt" ? `?size=${width}` : "";
    return download(imagePath(source.code, format, query), `${fileName(source.code.name)}.${format}`);
  }
  return download(drawingRequest(source.drawn, format === "txt" ? "text" : format, width), `${fileName(source.name)}.${format}`);
}

export function DownloadDialog({ source, style, onClose }: { source: Source; style: Style; onClose: () => void }) {
  const unit = style.unit ?? "px";
  const [format, setFormat] = useState<Format>("svg");
  const [width, setWidth] = useState(unit === "px" ? String(style.width ?? 1024) : "");
  const [isBusy, setBusy] = useState(false);
  const pixels = Number(width);
  const isSized = format !== "txt" && (unit === "px" || PIXELS.includes(format));
  const why = isSized && width !== "" && !(Number.isInteger(pixels) && pixels >= 32 && pixels <= 10_000) ? "32 to 10,000 whole pixels." : undefined;
  const take = async () => {
    setBusy(true);
    await fileOf(source, format, isSized && width !== "" ? pixels : undefined).then(onClose, (error: unknown) => toastError("The file was not made", error));
    setBusy(false);
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Download"
      about={FORMATS.find((one) => one.value === format)?.about}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" icon={<Download />} isBusy={isBusy} why={why} onClick={() => void take()}>
            Download {FORMATS.find((one) => one.value === format)?.label}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <div>
          <Segments label="Format" value={format} options={FORMATS} onChange={setFormat} />
        </div>
        {isSized && (
          <div className="flex flex-col gap-2">
            <Field label="Width in pixels" wrong={why} hint={unit === "px" ? "A drawing can be enlarged later without loss." : `Left empty: ${style.width ?? ""} ${unit} at ${style.dpi ?? 300} pixels per inch.`}>
              <Input type="number" inputMode="numeric" value={width} onChange={(event) => setWidth(event.target.value)} />
            </Field>
            <div className="flex flex-wrap gap-1.5">
              {SIZES.map((size) => (
                <Button key={size} size="sm" aria-pressed={width === String(size)} onClick={() => setWidth(String(size))} className={width === String(size) ? "border-accent! bg-accent-soft!" : ""}>
                  {size}
                </Button>
              ))}
            </div>
          </div>
        )}
        {!isSized && format !== "txt" && (
          <p className="text-sm text-ink-2">
            {style.width ?? (unit === "mm" ? 40 : 1.5)} {unit} wide, as the design says.
          </p>
        )}
      </div>
    </Dialog>
  );
}
