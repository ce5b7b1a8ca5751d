// The third step: a picture in the middle. What it may cover depends on what the level can lose, and the verdict says
// at once when it is too much.
import { useQuery } from "@tanstack/react-query";
import { Ban } from "lucide-react";
import { RadioGroup } from "radix-ui";
import { ApiImage } from "@/components/api-image";
import { ErrorPanel } from "@/components/page";
import { Card, Skeleton } from "@/components/ui/card";
import { Switch } from "@/components/ui/checks";
import { LogoUpload } from "../templates/logo-upload";
import { logosQuery } from "../templates/queries";
import type { Controls } from "./controls";
import { get, put } from "./design";
import { Range } from "./step-style";

const NONE = "none";
const LOST_PCT = { L: 7, M: 15, Q: 25, H: 30 } as const;
const SIZE_DEFAULT = 0.4;

export function LogoStep({ controls }: { controls: Controls }) {
  const { draft, change, setStyle, wrong } = controls;
  const logos = useQuery(logosQuery);
  const image = draft.style.image ?? "";
  const level = draft.style.qrOptions?.errorCorrectionLevel ?? "Q";
  const isOther = image !== "" && !logos.data?.some((logo) => logo.id === image);
  const choose = (value: string) =>
    change("style.image", (now) => {
      const style = put(now.style, "image", value === NONE ? undefined : value);
      return { ...now, style: value === NONE ? put(style, "imageOptions", undefined) : style };
    });
  return (
    <div className="flex flex-col gap-4">
      <Card title="Logo">
        <div className="flex flex-col gap-4">
          {logos.error ? (
            <ErrorPanel error={logos.error} onRetry={() => void logos.refetch()} />
          ) : logos.isPending ? (
            <Skeleton className="h-24 w-full" />
          ) : (
            <RadioGroup.Root aria-label="Logo" value={image === "" ? NONE : image} onValueChange={choose} className="grid grid-cols-[repeat(auto-fill,minmax(6rem,1fr))] gap-2">
              <Tile value={NONE} name="None">
                <Ban aria-hidden className="size-5 text-ink-3" />
              </Tile>
              {isOther && (
                <Tile value={image} name="In the design">
                  {image.startsWith("data:") ? <img src={image} alt="" className="size-12 object-contain" /> : <span className="px-1 font-mono text-2xs break-all text-ink-3">{image}</span>}
                </Tile>
              )}
              {logos.data.map((logo) => (
                <Tile key={logo.id} value={logo.id} name={logo.name}>
                  <ApiImage path={`/v1/logos/${logo.id}/image`} queryKey={["logos", "image", logo.id]} label="" className="size-12 border-0! p-0.5" />
                </Tile>
              ))}
            </RadioGroup.Root>
          )}
          {wrong("style.image") && (
            <p role="alert" className="text-xs text-bad">
              {wrong("style.image")}
            </p>
          )}
          <LogoUpload onMade={(logo) => choose(logo.id)} />
        </div>
      </Card>
      {image !== "" && (
        <Card title="How it lies">
          <div className="flex flex-col gap-4">
            <Range
              controls={controls}
              path="imageOptions.imageSize"
              label="Size"
              min={0.05}
              max={1}
              step={0.05}
              none={SIZE_DEFAULT}
              shown={(value) => `${Math.round(value * LOST_PCT[level])} % of the code`}
              hint={`Level ${level} can lose about ${LOST_PCT[level]} %. The picture never touches the corner squares or the lines between them.`}
            />
            <Range controls={controls} path="imageOptions.margin" label="Room around it" min={0} max={40} step={1} none={0} shown={(value) => `${value} px`} />
            <Switch
              label="Leave out the modules under it"
              hint="Otherwise they show through its transparent parts."
              checked={get(draft.style, "imageOptions.hideBackgroundDots") !== false}
              onCheckedChange={(on) => setStyle("imageOptions.hideBackgroundDots", on ? undefined : false)}
            />
          </div>
        </Card>
      )}
    </div>
  );
}

function Tile({ value, name, children }: { value: string; name: string; children: React.ReactNode }) {
  return (
    <RadioGroup.Item
      value={value}
      className="flex min-w-0 flex-col items-center gap-1.5 rounded-lg border border-line p-1.5 text-2xs text-ink-2 transition-colors hover:border-line-strong hover:bg-hover data-[state=checked]:border-accent data-[state=checked]:bg-accent-soft data-[state=checked]:font-medium data-[state=checked]:text-accent-text"
    >
      <span className="grid h-14 w-full place-items-center rounded-md bg-sunken">{children}</span>
      <span className="w-full truncate text-center">{name}</span>
    </RadioGroup.Item>
  );
}
