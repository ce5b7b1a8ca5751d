// Bringing a logo: by choosing a file or by dropping one. What is wrong with it, the server says.
import { useMutation } from "@tanstack/react-query";
import { ImagePlus } from "lucide-react";
import { useId, useState } from "react";
import { problemOf } from "@/api/problem";
import { FormProblem } from "@/components/page";
import { cx } from "@/lib/cx";
import { LOGO_TYPES, uploadLogo, type Logo } from "./queries";

const FILE_BYTES_MAX = 1 << 20;

export function LogoUpload({ onMade, why }: { onMade?: (logo: Logo) => void; why?: string | undefined }) {
  const id = useId();
  const [isOver, setOver] = useState(false);
  const [tooMuch, setTooMuch] = useState<string>();
  const send = useMutation({ mutationFn: uploadLogo, onSuccess: onMade });
  const take = (file: File | undefined) => {
    if (!file || why) return;
    const wrong = !(LOGO_TYPES as readonly string[]).includes(file.type)
      ? `${file.name} is neither PNG, JPEG nor SVG.`
      : file.size > FILE_BYTES_MAX
        ? `${file.name} has ${(file.size / FILE_BYTES_MAX).toFixed(1)} MiB; a logo has at most 1 MiB.`
        : undefined;
    setTooMuch(wrong);
    send.reset();
    if (!wrong) send.mutate(file);
  };
  const problem = tooMuch ? { detail: tooMuch, request_id: "" } : send.error ? { ...problemOf(send.error), detail: problemOf(send.error).errors?.[0]?.message ?? problemOf(send.error).detail } : null;
  return (
    <div className="flex flex-col gap-2">
      <label
        htmlFor={id}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          take(event.dataTransfer.files[0]);
        }}
        className={cx(
          "flex cursor-pointer items-center gap-3 rounded-lg border border-dashed px-3 py-3 text-sm transition-colors focus-within:outline-2 focus-within:outline-accent",
          isOver ? "border-accent bg-accent-soft" : "border-line-strong hover:bg-hover",
          why && "cursor-not-allowed opacity-60",
        )}
      >
        <ImagePlus aria-hidden className="size-4 shrink-0 text-ink-3" />
        <span>
          <span className="font-medium">{send.isPending ? "Looking through it …" : "Upload a logo"}</span>
          <span className="block text-xs text-ink-2">{why ?? "PNG, JPEG or SVG, at most 1 MiB. Drop it here, or choose a file."}</span>
        </span>
        <input
          id={id}
          type="file"
          accept={LOGO_TYPES.join(",")}
          disabled={why !== undefined}
          className="sr-only"
          onChange={(event) => {
            take(event.target.files?.[0]);
            event.target.value = "";
          }}
        />
      </label>
      <FormProblem problem={problem} />
    </div>
  );
}
