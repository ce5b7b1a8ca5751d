// The menu of saved views: go to one, keep this one by a name, make one show what the page shows now, rename, delete.
import { useQuery } from "@tanstack/react-query";
import { Bookmark, Check, Pencil, RefreshCw, Trash2 } from "lucide-react";
import { memo, useState } from "react";
import { useLogin } from "@/api/session";
import { ErrorPanel, FormProblem } from "@/components/page";
import { Button, IconButton } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/card";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import { Popover } from "@/components/ui/popover";
import { toast, toastError } from "@/components/ui/toast";
import { cx } from "@/lib/cx";
import { useForm } from "@/lib/form";
import { useShortcut } from "@/lib/shortcuts";
import { EDITORS } from "@/nav";
import { DIMENSIONS } from "./filters";
import type { AnalyticsSearch } from "./search";
import type { PageState } from "./state";
import { isShown, readQuery, writeQuery } from "./view-query";
import { changeView, createView, deleteView, viewsQuery, type View } from "./views";

type Naming = { of: View | null };

/** Everything an address can say, absent: a view is shown as it is, and not on top of what was there. */
const NOTHING: AnalyticsSearch = {
  range: undefined, from: undefined, to: undefined, compare: undefined, interval: undefined, timezone: undefined, robots: undefined,
  measure: undefined, qr: undefined, show: undefined, detail: undefined, live: undefined,
  ...Object.fromEntries(DIMENSIONS.flatMap((by) => [[by, undefined], [`${by}_not`, undefined]])),
};

export const ViewsMenu = memo(function ViewsMenu({ page }: { page: PageState }) {
  const [isOpen, setOpen] = useState(false);
  const [naming, setNaming] = useState<Naming | null>(null);
  const { workspace } = useLogin();
  const views = useQuery(viewsQuery);
  const shown = views.data?.find((view) => isShown(view, page.search));
  const why = workspace && EDITORS.includes(workspace.role) ? undefined : "Viewers can look at views. An editor, admin or owner can keep them.";
  useShortcut("v", "Saved views", () => setOpen(true));
  const name = (of: View | null) => {
    setOpen(false);
    setNaming({ of });
  };
  return (
    <>
      <Popover
        isOpen={isOpen}
        onOpen={setOpen}
        label="Saved views"
        align="end"
        className="w-80"
        trigger={
          <Button icon={<Bookmark className={shown ? "fill-current text-accent-text" : "text-ink-3"} />} className="max-w-48">
            <span className="truncate">{shown?.name ?? "Views"}</span>
          </Button>
        }
      >
        {views.error ? (
          <div className="p-2">
            <ErrorPanel error={views.error} onRetry={() => void views.refetch()} />
          </div>
        ) : views.isPending ? (
          <div className="flex flex-col gap-3 p-3">
            <Skeleton className="h-4 w-40" />
            <Skeleton className="h-4 w-28" />
          </div>
        ) : views.data.length === 0 ? (
          <p className="px-3 py-4 text-sm text-ink-2">Keep a period and filters by a name, for everybody in the workspace.</p>
        ) : (
          <ul aria-label="Saved views" className="max-h-80 overflow-y-auto p-1">
            {views.data.map((view) => (
              <ViewRow
                key={view.id}
                view={view}
                isShown={view === shown}
                why={why}
                onGo={() => {
                  setOpen(false);
                  page.go({ ...NOTHING, ...readQuery(view.query) });
                }}
                onRename={() => name(view)}
                onKeep={() => void changeView(view, { query: writeQuery(page.search) }).then(
                  () => toast(`“${view.name}” shows this page now`, { undo: () => void changeView(view, { query: view.query }) }),
                  (error: unknown) => toastError("The view was not changed", error),
                )}
              />
            ))}
          </ul>
        )}
        <div className="border-t border-line p-2">
          <Button className="w-full justify-center" why={shown ? "This view is saved already" : why} onClick={() => name(null)}>
            Save this view
          </Button>
        </div>
      </Popover>
      {naming && <NameDialog key={naming.of?.id ?? "new"} naming={naming} page={page} onClose={() => setNaming(null)} />}
    </>
  );
});

type RowProps = { view: View; isShown: boolean; why: string | undefined; onGo: () => void; onRename: () => void; onKeep: () => void };

function ViewRow({ view, isShown, why, onGo, onRename, onKeep }: RowProps) {
  return (
    <li className="flex items-center rounded-md hover:bg-hover/60">
      <button type="button" aria-current={isShown || undefined} onClick={onGo} className={cx("flex h-8 min-w-0 flex-1 items-center gap-2 rounded-md px-2 text-left text-sm focus-visible:-outline-offset-2", isShown && "font-medium text-accent-text")}>
        <span className="truncate">{view.name}</span>
        {isShown && <Check aria-hidden className="size-4 shrink-0" />}
      </button>
      {!isShown && (
        <IconButton label={`Make “${view.name}” show this page`} size="icon-sm" why={why} onClick={onKeep}>
          <RefreshCw className="size-3.5!" />
        </IconButton>
      )}
      <IconButton label={`Rename “${view.name}”`} size="icon-sm" why={why} onClick={onRename}>
        <Pencil className="size-3.5!" />
      </IconButton>
      <IconButton label={`Delete “${view.name}”`} size="icon-sm" why={why} onClick={() => void deleteView(view)}>
        <Trash2 className="size-3.5!" />
      </IconButton>
    </li>
  );
}

function NameDialog({ naming, page, onClose }: { naming: Naming; page: PageState; onClose: () => void }) {
  const form = useForm(
    { name: naming.of?.name ?? "" },
    ({ name }) => (naming.of ? changeView(naming.of, { name }) : createView(name, writeQuery(page.search))),
    (view) => {
      toast(naming.of ? `Renamed to “${view.name}”` : `View “${view.name}” saved`);
      onClose();
    },
  );
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={naming.of ? "Rename the view" : "Save this view"}
      about={naming.of ? undefined : "Its period, filters, comparison and tabs, for everybody in the workspace."}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" isBusy={form.isSending} why={form.values.name.trim() ? undefined : "Give it a name first"} onClick={form.submit}>
            {naming.of ? "Rename" : "Save"}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (form.values.name.trim()) form.submit();
        }}
      >
        <Field label="Name" wrong={form.wrong("name")}>
          <Input autoFocus maxLength={64} value={form.values.name} onChange={(event) => form.set("name", event.target.value)} />
        </Field>
        <FormProblem problem={form.problem} />
      </form>
    </Dialog>
  );
}
