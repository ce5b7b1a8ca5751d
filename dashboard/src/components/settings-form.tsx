// One group of settings that is saved by itself: its fields in a card, the button below them.
import type { ReactNode } from "react";
import type { Form } from "@/lib/form";
import { FormProblem } from "./page";
import { Button } from "./ui/button";
import { Card } from "./ui/card";

export function SettingsForm<V extends object>({ title, form, does = "Save", why, children }: {
  title: string;
  form: Form<V>;
  /** What the button says. */
  does?: string;
  /** Why it cannot be saved by this person at all. */
  why?: string | undefined;
  children: ReactNode;
}) {
  const reason = why ?? (form.isDirty ? undefined : "Nothing is changed yet.");
  return (
    <Card title={title} isFlush>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (reason === undefined) form.submit();
        }}
      >
        <div className="flex flex-col gap-4 p-4">
          <FormProblem problem={form.problem} />
          {children}
        </div>
        <footer className="flex justify-end border-t border-line px-4 py-2.5">
          <Button type="submit" look="primary" isBusy={form.isSending} why={reason}>
            {does}
          </Button>
        </footer>
      </form>
    </Card>
  );
}
