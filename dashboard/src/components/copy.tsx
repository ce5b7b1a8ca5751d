// Text to take along: in a line, in a box, as a block of code.
import { Check, Copy } from "lucide-react";
import { useRef, useState, type ReactNode } from "react";
import { copyText } from "@/lib/clipboard";
import { cx } from "@/lib/cx";
import { IconButton } from "./ui/button";
import { toast } from "./ui/toast";

const SHOWN_MS = 1_500;

export function useCopy() {
  const [isCopied, setCopied] = useState(false);
  const timer = useRef(0);
  const copy = async (text: string) => {
    if (!(await copyText(text))) {
      toast("Not copied", { isBad: true, detail: "The browser does not allow it here: select the text and copy it." });
      return;
    }
    setCopied(true);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setCopied(false), SHOWN_MS);
  };
  return { isCopied, copy };
}

export function CopyButton({ text, label, className }: { text: string; label: string; className?: string }) {
  const { isCopied, copy } = useCopy();
  return (
    <IconButton
      label={isCopied ? "Copied" : `Copy ${label}`}
      size="icon-sm"
      className={className ?? ""}
      onClick={(event) => {
        event.stopPropagation();
        event.preventDefault();
        void copy(text);
      }}
    >
      {isCopied ? <Check className="text-good" /> : <Copy className="size-3.5! text-ink-3" />}
    </IconButton>
  );
}

/** Text with a button behind it. */
export function CopyText({ text, label, shown }: { text: string; label: string; shown?: ReactNode }) {
  return (
    <span className="inline-flex min-w-0 items-center gap-0.5">
      <code className="truncate font-mono text-xs text-ink-2">{shown ?? text}</code>
      <CopyButton text={text} label={label} />
    </span>
  );
}

/** One long word that must be copied whole: a key, a link. */
export function CopyField({ text, label }: { text: string; label: string }) {
  const { isCopied, copy } = useCopy();
  return (
    <div className="flex items-stretch overflow-hidden rounded-md border border-line-strong bg-sunken">
      <input
        readOnly
        aria-label={label}
        value={text}
        onFocus={(event) => event.target.select()}
        className="min-w-0 flex-1 bg-transparent px-3 py-2 font-mono text-xs text-ink outline-none focus-visible:bg-accent-soft"
      />
      <button
        type="button"
        onClick={() => void copy(text)}
        className="flex items-center gap-1.5 border-l border-line-strong bg-surface px-3 text-xs font-medium hover:bg-hover"
      >
        {isCopied ? <Check className="size-3.5 text-good" /> : <Copy className="size-3.5" />}
        {isCopied ? "Copied" : "Copy"}
      </button>
    </div>
  );
}

export function CodeBlock({ code, label, className }: { code: string; label: string; className?: string }) {
  return (
    <div className={cx("flex items-start rounded-lg border border-line bg-sunken", className)}>
      <pre tabIndex={0} role="region" aria-label={label} className="min-w-0 flex-1 overflow-x-auto rounded-lg py-2.5 pl-3.5 font-mono text-xs leading-5 text-ink">
        {code}
      </pre>
      <CopyButton text={code} label={label} className="m-1 ml-2" />
    </div>
  );
}
