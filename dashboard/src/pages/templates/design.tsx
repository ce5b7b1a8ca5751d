// A template in the designer: the same steps, without the content. The symbol is a sample, and its verdict is that of
// a short link.
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link as Go, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { ApiError, problemOf } from "@/api/problem";
import { ErrorPanel, ListSkeleton, Page } from "@/components/page";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field, Input } from "@/components/ui/field";
import { toast } from "@/components/ui/toast";
import { newDraft, type Draft, type Style } from "../qr-codes/design";
import { DesignerFrame, styleSteps, type StepName } from "../qr-codes/designer";
import { useDesigner } from "../qr-codes/use-designer";
import { changeTemplate, createTemplate, templateQuery, type Template } from "./queries";

const Back = () => (
  <Go to="/templates" className="rounded hover:text-ink">
    ← Templates
  </Go>
);

/** A template is drawn as a code of this text: as long as a short link. */
const draftOf = (template: Template | undefined): Draft => ({
  ...newDraft((template?.style as Style | undefined) ?? {}),
  name: template?.name ?? "",
  kind: "static",
  contents: { url: { url: "https://go.example/abc1234" } },
});

export const NewTemplatePage = () => <TemplateDesigner template={undefined} />;

export function TemplatePage() {
  const { id } = useParams({ from: "/inside/templates/$id" });
  const template = useQuery({ ...templateQuery(id), refetchOnWindowFocus: false });
  if (template.data) return <TemplateDesigner key={id} template={template.data} />;
  return (
    <Page title="Template" above={<Back />}>
      {template.error ? <ErrorPanel error={template.error} onRetry={() => void template.refetch()} /> : <ListSkeleton rows={6} />}
    </Page>
  );
}

function TemplateDesigner({ template }: { template: Template | undefined }) {
  const designing = useDesigner(draftOf(template), undefined);
  const { now, controls } = designing;
  const [step, setStep] = useState<StepName>("style");
  const navigate = useNavigate();
  const save = useMutation({
    mutationFn: () => (template ? changeTemplate(template.id, { name: now.name.trim(), style: now.style }) : createTemplate(now.name.trim(), now.style)),
    onSuccess: (saved) => {
      designing.settle(draftOf(saved));
      toast(template ? "Template changed" : "Template made", { detail: template ? "Codes that have it stay as they are; apply it again to change them." : saved.name });
      void navigate({ to: "/templates", ignoreBlocker: true });
    },
    onError: (error) => designing.refuse(error),
  });
  const problem = save.error ? problemOf(save.error) : null;
  const isOfField = save.error instanceof ApiError && (save.error.problem.errors ?? []).length > 0;
  const why = now.name.trim() === "" ? "Give it a name first." : template && !designing.isDirty ? "Nothing is changed yet." : undefined;
  const name = (
    <Card>
      <Field label="Name" wrong={controls.wrong("name")}>
        <Input name="name" value={now.name} onChange={(event) => controls.change("name", (before) => ({ ...before, name: event.target.value }))} placeholder="House style" autoFocus={!template} />
      </Field>
    </Card>
  );
  const { style, ...rest } = styleSteps(designing);
  return (
    <DesignerFrame
      designing={designing}
      title={template ? `Edit ${template.name}` : "New template"}
      above={<Back />}
      name={now.name || "template"}
      step={step}
      onStep={setStep}
      steps={{
        style: (
          <div className="flex flex-col gap-4">
            {name}
            {style}
          </div>
        ),
        ...rest,
      }}
      problem={isOfField ? null : problem}
      save={
        <Button look="primary" isBusy={save.isPending} why={why} onClick={() => save.mutate()}>
          {template ? "Save" : "Create template"}
        </Button>
      }
      code={undefined}
    />
  );
}
