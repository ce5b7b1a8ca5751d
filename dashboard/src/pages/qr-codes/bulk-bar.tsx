// What can be done with all chosen codes at once, above the lower edge.
import { useNavigate } from "@tanstack/react-router";
import { Archive, ArchiveRestore, Paintbrush, Printer, Trash2, X } from "lucide-react";
import { useState } from "react";
import { Confirm } from "@/components/confirm";
import { Button, IconButton } from "@/components/ui/button";
import { plural } from "@/lib/numbers";
import { ApplyDialog } from "../templates/apply";
import type { QrCode } from "./design";
import { DeleteWords } from "./menu";
import { act, remove } from "./queries";

export function CodesBar({ codes, mayEdit, onClear }: { codes: QrCode[]; mayEdit: boolean; onClear: () => void }) {
  const [asks, setAsks] = useState<"delete" | "template" | null>(null);
  const navigate = useNavigate();
  if (codes.length === 0) return null;
  const active = codes.filter((code) => code.status === "active");
  const archived = codes.filter((code) => code.status === "archived");
  const does = (verb: "archive" | "unarchive", some: QrCode[]) => {
    onClear();
    void act(verb, some);
  };
  return (
    <div role="toolbar" aria-label="Chosen codes" className="fixed bottom-4 left-1/2 z-30 flex max-w-[calc(100vw-1rem)] -translate-x-1/2 animate-rise items-center gap-1 overflow-x-auto rounded-xl bg-surface p-1.5 shadow-pop">
      <span className="tnum px-2.5 text-sm font-medium whitespace-nowrap">{plural(codes.length, "code")}</span>
      {active.length > 0 && (
        <Button look="quiet" icon={<Printer />} onClick={() => void navigate({ to: "/qr-codes/print", search: { ids: active.map((code) => code.id).join(",") } })}>
          Print
        </Button>
      )}
      {mayEdit && active.length > 0 && (
        <>
          <Button look="quiet" icon={<Paintbrush />} onClick={() => setAsks("template")}>
            Apply a template
          </Button>
          <Button look="quiet" icon={<Archive />} onClick={() => does("archive", active)}>
            Archive
          </Button>
        </>
      )}
      {mayEdit && archived.length > 0 && (
        <Button look="quiet" icon={<ArchiveRestore />} onClick={() => does("unarchive", archived)}>
          Unarchive
        </Button>
      )}
      {mayEdit && (
        <Button look="quiet" icon={<Trash2 />} className="text-bad!" onClick={() => setAsks("delete")}>
          Delete
        </Button>
      )}
      <IconButton label="Choose none" onClick={onClear}>
        <X />
      </IconButton>
      {asks === "template" && <ApplyDialog codes={active} onClose={() => setAsks(null)} onDone={onClear} />}
      <Confirm
        isOpen={asks === "delete"}
        onClose={() => setAsks(null)}
        title={`Delete ${plural(codes.length, "code")}?`}
        does={`Delete ${plural(codes.length, "code")}`}
        run={async () => {
          await remove(codes);
          onClear();
        }}
      >
        <DeleteWords codes={codes} />
      </Confirm>
    </div>
  );
}
