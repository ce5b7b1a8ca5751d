// E-mail and password. In the page of its own, and in the dialog over a page whose session has ended.
import { logIn } from "@/api/session";
import { FormBody } from "@/components/page";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { useForm } from "@/lib/form";

export function LoginForm({ email = "", onDone }: { email?: string; onDone?: () => void }) {
  const form = useForm(
    { email, password: "" },
    (values) => logIn(values.email, values.password),
    () => onDone?.(),
  );
  return (
    <FormBody of={form} className="flex flex-col gap-4">
      <Field label="E-mail" wrong={form.wrong("email")}>
        <Input type="email" name="email" autoComplete="username" autoFocus={!email} value={form.values.email} onChange={(event) => form.set("email", event.target.value)} />
      </Field>
      <Field label="Password" wrong={form.wrong("password")}>
        <Input type="password" name="password" autoComplete="current-password" autoFocus={Boolean(email)} value={form.values.password} onChange={(event) => form.set("password", event.target.value)} />
      </Field>
      <Button type="submit" look="primary" isBusy={form.isSending} className="h-9 justify-center">
        Log in
      </Button>
    </FormBody>
  );
}
