// A template laid on codes that exist: which template, which codes, and what to do if some would not scan like that.
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { problemOf } from "@/api/problem";
import { ErrorPanel, FormProblem } from "@/components/page";
import { SearchField } from "@/components/search-field";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/card";
import { Checkbox } from "@/components/ui/checks";
import { Dialog } from "@/components/ui/dialog";
import { toast } from "@/components/ui/toast";
import { plural } from "@/lib/numbers";
import { CodePicture } from "../qr-codes/code-picture";
import { Looks } from "../qr-codes/art";
import type { QrCode, Style } from "../qr-codes/design";
import { codesQuery } from "../qr-codes/queries";
import { VerdictBadge } from "../qr-codes/verdict";
import { applyTemplate, templatesQuery, type Template } from "./queries";

/** The API takes so many at once. */
const CODES_MAX = 100;

function useApply(onDone: () => void) {
  return useMutation({
    mutationFn: ({ template, ids, toFail }: { template: Template; ids: string[]; toFail: boolean }) => applyTemplate(template.id, ids, { toFail }),
    onSuccess: (_, { template, ids }) => {
      toast(`${template.name} applied`, { detail: `${plural(ids.length, "code")} look like it now.` });
      onDone();
    },
  });
}

/** Wrong codes are named one by one: all are changed or none. */
function Refusal({ error, codes }: { error: unknown; codes: readonly QrCode[] }) {
  if (!error) return null;
  const problem = problemOf(error);
  if (!problem.errors?.length) return <FormProblem problem={problem} />;
  const named = (field: string) => codes[Number(/\[(\d+)\]/.exec(field)?.[1])]?.name ?? field;
  return (
    <div role="alert" className="rounded-lg border border-bad/30 bg-bad-soft px-3 py-2 text-sm">
      <p>{problem.detail}</p>
      <ul className="mt-1 flex max-h-32 flex-col gap-0.5 overflow-y-auto text-xs">
        {problem.errors.map((one) => (
          <li key={one.field + one.message}>
            <strong className="font-medium">{named(one.field)}</strong>: {one.message}
          </li>
        ))}
      </ul>
    </div>
  );
}

const isUnscannable = (error: unknown) => error !== null && problemOf(error).errors?.length !== 0 && problemOf(error).code === "unscannable";

/** From chosen codes: which template? */
export function ApplyDialog({ codes, onClose, onDone }: { codes: QrCode[]; onClose: () => void; onDone: () => void }) {
  const templates = useQuery(templatesQuery);
  const [id, setId] = useState("");
  const apply = useApply(() => (onClose(), onDone()));
  const template = templates.data?.find((one) => one.id === id);
  const ids = codes.map((code) => code.id);
  const why = !template ? "Choose a template." : codes.length > CODES_MAX ? `At most ${CODES_MAX} at once.` : undefined;
  return (
    <Dialog
      isOpen
      wide
      onClose={onClose}
      title={`Apply a template to ${plural(codes.length, "code")}`}
      about="It takes the place of their style. What they say, and where they lead, stays."
      footer={<ApplyButtons apply={apply} onClose={onClose} why={why} run={(toFail) => template && apply.mutate({ template, ids, toFail })} does={`Apply to ${plural(codes.length, "code")}`} />}
    >
      <div className="flex flex-col gap-4">
        {templates.error ? (
          <ErrorPanel error={templates.error} onRetry={() => void templates.refetch()} />
        ) : templates.isPending ? (
          <Skeleton className="h-28 w-full" />
        ) : templates.data.length === 0 ? (
          <p className="text-sm text-ink-2">There are no templates yet. Save the style of a code as one: in its menu, “Save as template”.</p>
        ) : (
          <Looks label="Template" cut="whole" isWide value={id} onChange={setId} looks={templates.data.map((one) => ({ value: one.id, name: one.name, style: one.style as Style }))} />
        )}
        <Refusal error={apply.error} codes={codes} />
      </div>
    </Dialog>
  );
}

/** From a template: which codes? */
export function ApplyToCodes({ template, onClose }: { template: Template; onClose: () => void }) {
  const [search, setSearch] = useState("");
  const list = useInfiniteQuery(codesQuery({ search: search || undefined }));
  const [chosen, setChosen] = useState<readonly QrCode[]>([]);
  const apply = useApply(onClose);
  const rows = list.data?.pages.flatMap((page) => page.data) ?? [];
  const has = (code: QrCode) => chosen.some((one) => one.id === code.id);
  const toggle = (code: QrCode) => setChosen(has(code) ? chosen.filter((one) => one.id !== code.id) : [...chosen, code]);
  const why = chosen.length === 0 ? "Choose a code." : chosen.length > CODES_MAX ? `At most ${CODES_MAX} at once.` : undefined;
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Apply ${template.name}`}
      about="It takes the place of the style of these codes."
      footer={<ApplyButtons apply={apply} onClose={onClose} why={why} run={(toFail) => apply.mutate({ template, ids: chosen.map((code) => code.id), toFail })} does={`Apply to ${plural(chosen.length, "code")}`} />}
    >
      <div className="flex flex-col gap-3">
        <div className="flex">
          <SearchField label="Search QR codes" value={search} onChange={setSearch} />
        </div>
        {list.error ? (
          <ErrorPanel error={list.error} onRetry={() => void list.refetch()} />
        ) : list.isPending ? (
          <Skeleton className="h-40 w-full" />
        ) : rows.length === 0 ? (
          <p className="py-6 text-center text-sm text-ink-3">{search ? "No code matches." : "There are no codes yet."}</p>
        ) : (
          <ul className="flex max-h-80 flex-col overflow-y-auto rounded-lg border border-line">
            {rows.map((code) => (
              <li key={code.id} className="border-b border-line last:border-b-0">
                <label className="flex cursor-pointer items-center gap-3 px-3 py-2 hover:bg-hover">
                  <Checkbox aria-label={code.name} checked={has(code)} onCheckedChange={() => toggle(code)} />
                  <CodePicture code={code} className="size-9" />
                  <span className="min-w-0 flex-1 truncate text-sm font-medium">{code.name}</span>
                  <VerdictBadge verdict={code.verdict} />
                </label>
              </li>
            ))}
            {list.hasNextPage && (
              <li className="p-2 text-center">
                <Button size="sm" look="quiet" isBusy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                  More codes
                </Button>
              </li>
            )}
          </ul>
        )}
        <Refusal error={apply.error} codes={chosen} />
      </div>
    </Dialog>
  );
}

function ApplyButtons({ apply, onClose, why, run, does }: { apply: { isPending: boolean; error: unknown }; onClose: () => void; why: string | undefined; run: (toFail: boolean) => void; does: string }) {
  return (
    <>
      {isUnscannable(apply.error) && (
        <Button look="quiet" isBusy={apply.isPending} onClick={() => run(true)} className="mr-auto text-bad!">
          Apply it anyway
        </Button>
      )}
      <Button onClick={onClose}>Cancel</Button>
      <Button look="primary" isBusy={apply.isPending} why={why} onClick={() => run(false)}>
        {does}
      </Button>
    </>
  );
}
