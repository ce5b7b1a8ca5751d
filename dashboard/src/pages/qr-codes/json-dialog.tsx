// A design as text: the option object of `qr-code-styling`, to take along or to bring from its editor. What of it is
// wrong, the server says, field by field.
import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";
import { saveBlob } from "@/api/client";
import { problemOf } from "@/api/problem";
import { CodeBlock } from "@/components/copy";
import { FormProblem } from "@/components/page";
import { Button } from "@/components/ui/button";
import { Segments } from "@/components/ui/checks";
import { Dialog } from "@/components/ui/dialog";
import { Field, TextArea } from "@/components/ui/field";
import type { Style } from "./design";
import { fileName } from "./queries";
import { parseOptions } from "./options";

type Way = "export" | "import";

export function JsonDialog({ style, name, onImport, onClose }: { style: Style; name: string; onImport: (style: Style) => void; onClose: () => void }) {
  const [way, setWay] = useState<Way>("export");
  const [typed, setTyped] = useState("");
  const take = useMutation({
    mutationFn: () => parseOptions(typed),
    onSuccess: (read) => {
      onImport(read);
      onClose();
    },
  });
  const shown = JSON.stringify(style, null, 2);
  const problem = take.error ? problemOf(take.error) : null;
  return (
    <Dialog
      isOpen
      onClose={onClose}
      wide
      title="The design as JSON"
      about="The option object of the npm package qr-code-styling, which the API speaks too."
      footer={
        way === "export" ? (
          <>
            <Button icon={<Download />} onClick={() => saveBlob(new Blob([shown], { type: "application/json" }), `${fileName(name)}.json`)}>
              Download
            </Button>
            <Button look="primary" onClick={onClose}>
              Done
            </Button>
          </>
        ) : (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button look="primary" isBusy={take.isPending} why={typed.trim() === "" ? "Paste a design first." : undefined} onClick={() => take.mutate()}>
              Use this design
            </Button>
          </>
        )
      }
    >
      <div className="flex flex-col gap-4">
        <div>
        <Segments
          label="Direction"
          value={way}
          options={[
            { value: "export", label: "Take it along" },
            { value: "import", label: "Bring one" },
          ]}
          onChange={setWay}
        />
        </div>
        {way === "export" ? (
          <CodeBlock code={shown} label="design as JSON" className="max-h-96 overflow-y-auto" />
        ) : (
          <>
            <Field label="Options" hint="JSON, or the object as it stands in a script. What only a browser needs is left out; so is data, which stands beside a style.">
              <TextArea rows={12} value={typed} spellCheck={false} className="font-mono text-xs!" placeholder={'{\n  "dotsOptions": {"type": "rounded", "color": "#0f766e"},\n  "cornersSquareOptions": {"type": "extra-rounded"}\n}'} onChange={(event) => (setTyped(event.target.value), take.reset())} />
            </Field>
            {problem &&
              (problem.errors?.length ? (
                <ul role="alert" aria-label="What is wrong" className="flex flex-col gap-1 rounded-lg border border-bad/30 bg-bad-soft px-3 py-2 text-sm">
                  {problem.errors.map((one) => (
                    <li key={one.field + one.message}>
                      <code className="font-mono text-xs">{one.field.replace(/^style\.?/, "") || "style"}</code>: {one.message}
                    </li>
                  ))}
                </ul>
              ) : (
                <FormProblem problem={problem} />
              ))}
          </>
        )}
      </div>
    </Dialog>
  );
}
