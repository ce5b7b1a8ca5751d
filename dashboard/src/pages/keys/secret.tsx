// The receipt of a new secret, shown this once: the key and what it may do. The dialog closes only after somebody said
// that it is stored.
import { TriangleAlert } from "lucide-react";
import { useState, type ReactNode } from "react";
import { CodeBlock, CopyField } from "@/components/copy";
import { Tag } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { CheckLine } from "@/components/ui/checks";
import { Dialog } from "@/components/ui/dialog";
import { scopeWords } from "./advice";
import type { KeyWithSecret } from "./queries";

export function SecretDialog({ made, title, onClose }: { made: KeyWithSecret; title: string; onClose: () => void }) {
  const [isStored, setStored] = useState(false);
  return (
    <Dialog
      isOpen
      wide
      mayClose={false}
      onClose={onClose}
      title={title}
      about={
        <span className="mt-2 flex gap-2.5 rounded-lg bg-warn-soft px-3.5 py-2.5 text-ink">
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" />
          Copy it now: it is shown once. It is not kept here, and nobody can show it again.
        </span>
      }
      footer={
        <Button look="primary" why={isStored ? undefined : "First say that you have stored the key."} onClick={onClose}>
          Done
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <CopyField text={made.key} label="API key" />
        <Receipt made={made} />
        <div>
          <p className="mb-1.5 text-xs text-ink-2">Try it</p>
          <CodeBlock code={`curl ${location.origin}/v1/me \\\n  -H "Authorization: Bearer ${made.key}"`} label="curl command" />
        </div>
        <CheckLine label="I have stored it where my program finds it" hint="A secret store or an environment variable, never the source." checked={isStored} onCheckedChange={(state) => setStored(state === true)} />
      </div>
    </Dialog>
  );
}

/** A day of the calendar in UTC, as the API writes it: what goes into a ticket or a vault beside the key. */
const day = (moment: string) => moment.slice(0, 10);

function Receipt({ made }: { made: KeyWithSecret }) {
  const isCustom = made.scopes.some((scope) => scope.includes("."));
  const lines: [string, ReactNode][] = [
    ["Name", made.name],
    ["Scope", isCustom ? <span className="flex flex-wrap gap-1">{made.scopes.map((scope) => <Tag key={scope}>{scope}</Tag>)}</span> : scopeWords(made.scopes)],
    ["Expires", made.expires_at ? day(made.expires_at) : "Never"],
    ["Created", day(made.secrets[0]?.created_at ?? made.created_at)],
  ];
  return (
    <dl aria-label="Receipt" className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5 text-sm">
      {lines.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-ink-3">{name}</dt>
          <dd className="tnum min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
