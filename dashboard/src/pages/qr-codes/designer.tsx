// The designer: steps at the left, the code and its verdict at the right. For a new code, for one that exists, and
// (without the content) for a template.
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link as Go, useBlocker, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Braces, Redo2, Undo2 } from "lucide-react";
import { Tabs } from "radix-ui";
import { useState, type ReactNode } from "react";
import { api, must } from "@/api/client";
import { ApiError, problemOf, type Problem } from "@/api/problem";
import { useLogin } from "@/api/session";
import { Confirm } from "@/components/confirm";
import { Empty, ErrorPanel, FormProblem, ListSkeleton, Page } from "@/components/page";
import { Button, IconButton } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { toast } from "@/components/ui/toast";
import { cx } from "@/lib/cx";
import { EDITORS } from "@/nav";
import { Archive } from "lucide-react";
import { presetsQuery, templateQuery } from "../templates/queries";
import { changeOf, draftOf, newCode, newDraft, type Draft, type QrCode, type Style } from "./design";
import { JsonDialog } from "./json-dialog";
import { Preview, PreviewBar } from "./preview";
import { change, codeQuery, refresh } from "./queries";
import type { STEPS } from "./search";
import { ContentStep } from "./step-content";
import { FrameStep } from "./step-frame";
import { LogoStep } from "./step-logo";
import { SizeStep } from "./step-size";
import { StyleStep } from "./step-style";
import { useDesigner, type Designing } from "./use-designer";

export type StepName = (typeof STEPS)[number];
const NAMES: Record<StepName, string> = { content: "Content", style: "Style", logo: "Logo", frame: "Frame", size: "Size and level" };

/** Where a field of the API is edited. */
function stepOf(field: string): StepName {
  if (!field.startsWith("style")) return "content";
  if (/^style\.(image|imageOptions)/.test(field)) return "logo";
  if (field.startsWith("style.frame")) return "frame";
  return /^style\.(dotsOptions|corners|cornersSquareOptions|cornersDotOptions|backgroundOptions|shape)/.test(field) ? "style" : "size";
}

export const BackToCodes = () => (
  <Go to="/qr-codes" className="rounded hover:text-ink">
    ← QR codes
  </Go>
);

export function NewCodePage() {
  const { template, preset } = useSearch({ from: "/inside/qr-codes/new" });
  const { workspace } = useLogin();
  const ready = useQuery({ ...presetsQuery, enabled: preset !== undefined });
  const own = useQuery({ ...templateQuery(template ?? ""), enabled: template !== undefined });
  const mayEdit = workspace != null && EDITORS.includes(workspace.role);
  const asked = template !== undefined ? own : preset !== undefined ? ready : null;
  const style = template !== undefined ? own.data?.style : ready.data?.find((one) => one.name === preset)?.style;
  if (!mayEdit)
    return (
      <Page title="New QR code" above={<BackToCodes />}>
        <p className="text-sm text-ink-2">Viewers can look at QR codes. An editor, admin or owner can make them.</p>
      </Page>
    );
  if (asked && !asked.data)
    return (
      <Page title="New QR code" above={<BackToCodes />}>
        {asked.error ? <ErrorPanel error={asked.error} onRetry={() => void asked.refetch()} /> : <ListSkeleton rows={6} />}
      </Page>
    );
  return <CodeDesigner code={undefined} start={newDraft((style as Style | undefined) ?? {})} />;
}

export function EditCodePage() {
  const { id } = useParams({ from: "/inside/qr-codes/$id/edit" });
  const code = useQuery({ ...codeQuery(id), refetchOnWindowFocus: false });
  const { workspace } = useLogin();
  const mayEdit = workspace != null && EDITORS.includes(workspace.role);
  const above = (
    <Go to="/qr-codes/$id" params={{ id }} className="rounded hover:text-ink">
      ← {code.data?.name ?? "QR code"}
    </Go>
  );
  if (!code.data)
    return (
      <Page title="Edit QR code" above={above}>
        {code.error ? <ErrorPanel error={code.error} onRetry={() => void code.refetch()} /> : <ListSkeleton rows={6} />}
      </Page>
    );
  if (code.data.status === "archived" || !mayEdit)
    return (
      <Page title={code.data.name} above={above}>
        <Empty icon={<Archive />} title={mayEdit ? "It is archived" : "Viewers cannot change codes"} about={mayEdit ? "Take it out of the archive before you change it." : "An editor, admin or owner can."} />
      </Page>
    );
  return <CodeDesigner key={code.data.id} code={code.data} start={draftOf(code.data)} above={above} />;
}

function CodeDesigner({ code, start, above = <BackToCodes /> }: { code: QrCode | undefined; start: Draft; above?: ReactNode }) {
  const designing = useDesigner(start, code);
  const { step = "content" } = useSearch({ strict: false });
  const navigate = useNavigate();
  const go = (to: StepName) => void navigate({ to: ".", search: (before: object) => ({ ...before, step: to === "content" ? undefined : to }), replace: true, resetScroll: false, ignoreBlocker: true } as never);
  const [unscannable, setUnscannable] = useState<Problem>();
  const save = useMutation({
    mutationFn: async ({ isUnscannableKept }: { isUnscannableKept: boolean }) => {
      const allow = isUnscannableKept ? { allow_unscannable: true } : {};
      if (code) return change(code, { ...changeOf(designing.now, code), ...allow });
      const made = await must(api.POST("/v1/qr-codes", { body: { ...newCode(designing.now), ...allow } }));
      await refresh();
      return made;
    },
    onSuccess: (saved) => {
      designing.settle(draftOf(saved));
      setUnscannable(undefined);
      toast(code ? "QR code changed" : "Your QR code is ready", { detail: code ? (code.kind === "dynamic" ? "A new destination acts on the next scan." : undefined) : saved.short_url ?? undefined });
      void navigate({ to: "/qr-codes/$id", params: { id: saved.id }, ignoreBlocker: true });
    },
    onError: (error) => {
      const problem = problemOf(error);
      if (problem.code === "unscannable") return setUnscannable(problem);
      designing.refuse(error);
      if (problem.errors?.[0]) go(stepOf(problem.errors[0].field));
    },
  });
  const problem = save.error && !(save.error instanceof ApiError && save.error.code === "unscannable") ? problemOf(save.error) : null;
  const why = code && !designing.isDirty ? "Nothing is changed yet." : undefined;
  const button = (
    <Button look="primary" isBusy={save.isPending} why={why} onClick={() => save.mutate({ isUnscannableKept: false })}>
      {code ? "Save" : "Create code"}
    </Button>
  );
  return (
    <DesignerFrame
      designing={designing}
      title={code ? `Edit ${code.name}` : "New QR code"}
      above={above}
      name={designing.now.name || "qr-code"}
      step={step as StepName}
      onStep={go}
      steps={{
        content: <ContentStep controls={designing.controls} code={code} />,
        ...styleSteps(designing),
      }}
      problem={problem && (problem.errors ?? []).length === 0 ? problem : null}
      save={button}
      code={code}
    >
      <Unscannable
        problem={unscannable}
        isBusy={save.isPending}
        onClose={() => setUnscannable(undefined)}
        onMend={() => {
          setUnscannable(undefined);
          designing.mending.mutate();
        }}
        onKeep={() => save.mutate({ isUnscannableKept: true })}
      />
    </DesignerFrame>
  );
}

export const styleSteps = (designing: Designing) => ({
  style: <StyleStep controls={designing.controls} />,
  logo: <LogoStep controls={designing.controls} />,
  frame: <FrameStep controls={designing.controls} />,
  size: <SizeStep controls={designing.controls} />,
});

type FrameProps = {
  designing: Designing;
  title: string;
  above: ReactNode;
  /** Of files. */
  name: string;
  step: StepName;
  onStep: (step: StepName) => void;
  steps: Partial<Record<StepName, ReactNode>>;
  problem: Problem | null;
  save: ReactNode;
  code: QrCode | undefined;
  children?: ReactNode;
};

export function DesignerFrame(props: FrameProps) {
  const { designing, steps, save, code, name } = props;
  const { now, undo, redo, canUndo, canRedo, controls, refused } = designing;
  const [hasJson, setJson] = useState(false);
  const all = Object.keys(steps) as StepName[];
  const shown = steps[props.step] ? props.step : all[0]!;
  const wrongSteps = new Set(refused.map((error) => stepOf(error.field)));
  return (
    <Page
      title={props.title}
      guide="qr-codes"
      above={props.above}
      actions={
        <>
          <IconButton label="Undo" keys="mod+z" why={canUndo ? undefined : "Nothing to undo."} onClick={undo}>
            <Undo2 />
          </IconButton>
          <IconButton label="Redo" keys="mod+shift+z" why={canRedo ? undefined : "Nothing to redo."} onClick={redo}>
            <Redo2 />
          </IconButton>
          <Button icon={<Braces />} onClick={() => setJson(true)}>
            JSON
          </Button>
          <span className="hidden lg:inline-flex">{save}</span>
        </>
      }
    >
      <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <Tabs.Root value={shown} onValueChange={(step) => props.onStep(step as StepName)} className="min-w-0">
          <Tabs.List aria-label="Steps" className="mb-4 flex gap-1 overflow-x-auto border-b border-line">
            {all.map((step) => (
              <Tabs.Trigger
                key={step}
                value={step}
                className="relative flex h-9 shrink-0 items-center gap-1.5 px-2.5 text-sm text-ink-2 transition-colors after:absolute after:inset-x-2 after:-bottom-px after:h-0.5 after:rounded-full hover:text-ink data-[state=active]:font-medium data-[state=active]:text-ink data-[state=active]:after:bg-accent focus-visible:-outline-offset-2"
              >
                {NAMES[step]}
                {wrongSteps.has(step) && <span className="size-1.5 rounded-full bg-bad" aria-label="has something wrong" role="img" />}
              </Tabs.Trigger>
            ))}
          </Tabs.List>
          <FormProblem problem={props.problem} />
          <Tabs.Content value={shown} className={cx("outline-none", props.problem && "mt-4")} tabIndex={-1}>
            {steps[shown]}
          </Tabs.Content>
        </Tabs.Root>
        <aside aria-label="Preview" className="hidden lg:block">
          <div className="sticky top-5 max-h-[calc(100dvh-2.5rem)] overflow-y-auto">
            <Preview designing={designing} code={code} name={name} />
          </div>
        </aside>
      </div>
      <PreviewBar designing={designing} code={code} name={name} save={save} />
      {hasJson && <JsonDialog style={now.style} name={name} onClose={() => setJson(false)} onImport={(style) => controls.change("style.imported", (before) => ({ ...before, style }))} />}
      {props.children}
      <Leaving isDirty={designing.isDirty} />
    </Page>
  );
}

function Leaving({ isDirty }: { isDirty: boolean }) {
  const blocker = useBlocker({ shouldBlockFn: ({ current, next }) => isDirty && current.pathname !== next.pathname, enableBeforeUnload: () => isDirty, withResolver: true });
  return (
    <Confirm isOpen={blocker.status === "blocked"} onClose={() => blocker.reset?.()} title="Leave without saving?" does="Leave" run={() => Promise.resolve(blocker.proceed?.())}>
      <p>What you changed in this design is lost.</p>
    </Confirm>
  );
}

function Unscannable({ problem, isBusy, onClose, onMend, onKeep }: { problem: Problem | undefined; isBusy: boolean; onClose: () => void; onMend: () => void; onKeep: () => void }) {
  return (
    <Dialog
      isOpen={problem !== undefined}
      onClose={onClose}
      title="Phones would not read this"
      about="It was tried as drawn and spoilt in a dozen ways, with two readers."
      footer={
        <>
          <Button look="quiet" isBusy={isBusy} onClick={onKeep} className="mr-auto text-bad!">
            Save it anyway
          </Button>
          <Button onClick={onClose}>Go on designing</Button>
          <Button look="primary" onClick={onMend}>
            Mend it
          </Button>
        </>
      }
    >
      <ul className="flex flex-col gap-2 text-sm text-ink-2">
        {problem?.errors?.map((error) => (
          <li key={error.code} className="border-l-2 border-bad pl-3">
            {error.message.slice(0, 1).toUpperCase() + error.message.slice(1)}.
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
