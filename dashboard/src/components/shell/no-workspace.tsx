// Somebody who is in no workspace (any more): the one thing to do is to make one, or to be invited.
import { api, must } from "@/api/client";
import { switchWorkspace } from "@/api/session";
import { useForm } from "@/lib/form";
import { FormProblem } from "../page";
import { Button } from "../ui/button";
import { Field, Input } from "../ui/field";

/** A name, and the page goes to what was made. */
export const useNewWorkspace = () =>
  useForm(
    { name: "" },
    (values) => must(api.POST("/v1/workspaces", { body: values })),
    (made) => void switchWorkspace(made.id),
  );

export function NoWorkspace() {
  const form = useNewWorkspace();
  return (
    <form
      className="mx-auto mt-24 flex max-w-sm flex-col gap-4 p-6"
      onSubmit={(event) => {
        event.preventDefault();
        form.submit();
      }}
    >
      <div>
        <h1 className="text-xl font-semibold">You are in no workspace</h1>
        <p className="mt-1 text-sm text-ink-2">Keys and links belong to a workspace. Make one, or ask somebody to invite you to theirs.</p>
      </div>
      <FormProblem problem={form.problem} />
      <Field label="Name" wrong={form.wrong("name")}>
        <Input value={form.values.name} onChange={(event) => form.set("name", event.target.value)} />
      </Field>
      <Button type="submit" look="primary" isBusy={form.isSending} className="justify-center">
        Make workspace
      </Button>
    </form>
  );
}
