// Tags of many links at once: some are added, some taken away, the others stay as they are.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { tagsQuery } from "@/api/queries";
import { TagField } from "@/components/tag-field";
import { Button } from "@/components/ui/button";
import { CheckLine } from "@/components/ui/checks";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { plural } from "@/lib/numbers";
import { retag, type Link } from "./queries";

export function TagDialog({ links, onClose, onDone }: { links: readonly Link[]; onClose: () => void; onDone: () => void }) {
  const known = useQuery(tagsQuery);
  const [added, setAdded] = useState<string[]>([]);
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const used = [...new Set(links.flatMap((link) => link.tags))].toSorted();
  const holders = (tag: string) => links.filter((link) => link.tags.includes(tag)).length;
  const toggle = (tag: string) => {
    const next = new Set(gone);
    if (!next.delete(tag)) next.add(tag);
    setGone(next);
  };
  const send = () => {
    onDone();
    void retag(links, (link) => [...link.tags.filter((tag) => !gone.has(tag)), ...added.filter((tag) => !link.tags.includes(tag))]);
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Tags of ${plural(links.length, "link")}`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" why={added.length + gone.size === 0 ? "No tag is added or taken away yet." : undefined} onClick={send}>
            Change tags
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-5">
        <Field label="Add to all">
          <TagField value={added} onChange={setAdded} known={known.data?.map((one) => one.tag) ?? []} />
        </Field>
        {used.length > 0 && (
          <fieldset className="flex flex-col gap-2">
            <legend className="mb-2 text-sm font-medium">Take away</legend>
            <div className="flex max-h-56 flex-col gap-2 overflow-y-auto">
              {used.map((tag) => (
                <CheckLine key={tag} aria-label={`Take away ${tag}`} label={<span className="flex gap-2">{tag} <span className="text-ink-3">{plural(holders(tag), "link")}</span></span>} checked={gone.has(tag)} onCheckedChange={() => toggle(tag)} />
              ))}
            </div>
          </fieldset>
        )}
      </div>
    </Dialog>
  );
}
