// What can be done with all chosen links at once, above the lower edge.
import { Archive, ArchiveRestore, Pause, Play, Tags, Trash2, X } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Confirm } from "@/components/confirm";
import { Button, IconButton } from "@/components/ui/button";
import { plural } from "@/lib/numbers";
import { act, remove, suits, type Link, type Verb } from "./queries";
import { TagDialog } from "./tag-dialog";

const VERBS: [Verb, string, ReactNode][] = [
  ["pause", "Pause", <Pause key="pause" />],
  ["resume", "Resume", <Play key="resume" />],
  ["archive", "Archive", <Archive key="archive" />],
  ["unarchive", "Unarchive", <ArchiveRestore key="unarchive" />],
];

/** On a phone the pictures alone, so that all of them are there. */
const Word = ({ children }: { children: string }) => <span className="max-sm:sr-only">{children}</span>;

export function BulkBar({ links, onClear }: { links: Link[]; onClear: () => void }) {
  const [asks, setAsks] = useState<"delete" | "tags" | null>(null);
  if (links.length === 0) return null;
  // An archived link takes no change.
  const unarchived = links.filter((link) => link.status !== "archived");
  return (
    <div role="toolbar" aria-label="Chosen links" className="fixed bottom-4 left-1/2 z-30 flex max-w-[calc(100vw-1rem)] -translate-x-1/2 animate-rise items-center gap-1 overflow-x-auto rounded-xl bg-surface p-1.5 shadow-pop">
      <span className="tnum px-2.5 text-sm font-medium whitespace-nowrap">{plural(links.length, "link")}</span>
      {VERBS.map(([verb, name, icon]) => {
        const suited = links.filter((link) => suits(verb, link));
        return suited.length === 0 ? null : (
          <Button
            key={verb}
            look="quiet"
            icon={icon}
            onClick={() => {
              onClear();
              void act(verb, suited);
            }}
          >
            <Word>{name}</Word>
          </Button>
        );
      })}
      {unarchived.length > 0 && (
        <Button look="quiet" icon={<Tags />} onClick={() => setAsks("tags")}>
          <Word>Tags</Word>
        </Button>
      )}
      <Button look="quiet" icon={<Trash2 />} className="text-bad!" onClick={() => setAsks("delete")}>
        <Word>Delete</Word>
      </Button>
      <IconButton label="Choose none" onClick={onClear}>
        <X />
      </IconButton>
      {asks === "tags" && (
        <TagDialog
          links={unarchived}
          onClose={() => setAsks(null)}
          onDone={() => {
            setAsks(null);
            onClear();
          }}
        />
      )}
      <Confirm
        isOpen={asks === "delete"}
        onClose={() => setAsks(null)}
        title={`Delete ${plural(links.length, "link")}?`}
        does={`Delete ${plural(links.length, "link")}`}
        run={async () => {
          await remove(links);
          onClear();
        }}
      >
        <p>They will answer 404 at once, also where they are printed, and their clicks leave the reports. This cannot be undone. Archiving keeps both.</p>
      </Confirm>
    </div>
  );
}
