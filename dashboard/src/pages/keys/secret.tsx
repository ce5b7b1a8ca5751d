// A new secret, shown this once. The dialog closes only after somebody said that it is stored.
import { useState } from "react";
import { CodeBlock, CopyField } from "@/components/copy";
import { Button } from "@/components/ui/button";
import { CheckLine } from "@/components/ui/checks";
import { Dialog } from "@/components/ui/dialog";
import type { KeyWithSecret } from "./queries";

export function SecretDialog({ made, title, about, onClose }: { made: KeyWithSecret; title: string; about?: string; onClose: () => void }) {
  const [isStored, setStored] = useState(false);
  return (
    <Dialog
      isOpen
      wide
      mayClose={false}
      onClose={onClose}
      title={title}
      about={about ?? "Copy it now. It is not kept here, and nobody can show it again."}
      footer={
        <Button look="primary" why={isStored ? undefined : "First say that you have stored the key."} onClick={onClose}>
          Done
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <CopyField text={made.key} label="API key" />
        <div>
          <p className="mb-1.5 text-xs text-ink-2">Try it</p>
          <CodeBlock code={`curl ${location.origin}/v1/me \\\n  -H "Authorization: Bearer ${made.key}"`} label="curl command" />
        </div>
        <CheckLine label="I have stored it where my program finds it" hint="A secret store or an environment variable, never the source." checked={isStored} onCheckedChange={(state) => setStored(state === true)} />
      </div>
    </Dialog>
  );
}
