// An account for anybody, where the server's settings allow it; where they do not, the answer says so and what to do.
import { Link as Go, Navigate, useNavigate } from "@tanstack/react-router";
import { MailOpen } from "lucide-react";
import { signUp, useSession } from "@/api/session";
import { Entrance } from "@/components/entrance";
import { FormBody } from "@/components/page";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { useForm } from "@/lib/form";

export function SignUpPage() {
  const navigate = useNavigate();
  const { phase } = useSession();
  const form = useForm(
    { email: "", password: "", name: "", workspace_name: "" },
    ({ email, password, name, workspace_name }) =>
      signUp({ email: email.trim(), password, ...(name.trim() ? { name: name.trim() } : {}), ...(workspace_name.trim() ? { workspace_name: workspace_name.trim() } : {}) }),
    () => void navigate({ to: "/start", replace: true }),
  );
  if (phase === "in" && !form.isSending) return <Navigate to="/start" replace />;
  const isClosed = form.problem?.code === "sign_up_closed";
  const below = (
    <p>
      Have an account?{" "}
      <Go to="/login" className="rounded underline hover:text-ink">
        Log in
      </Go>
    </p>
  );
  if (isClosed)
    return (
      <Entrance title="Sign up" below={below}>
        <div role="alert" className="flex flex-col items-center gap-2 text-center text-sm text-ink-2">
          <MailOpen aria-hidden className="size-5 text-accent-text" />
          <p className="font-medium text-ink">This server is by invitation</p>
          <p>Ask somebody who uses it to invite you: an admin of a workspace makes a link, and with it you choose your password.</p>
        </div>
      </Entrance>
    );
  return (
    <Entrance title="Sign up" below={below}>
      <FormBody of={form} className="flex flex-col gap-4">
        <Field label="E-mail" wrong={form.wrong("email")}>
          <Input type="email" name="email" autoComplete="username" autoFocus value={form.values.email} onChange={(event) => form.set("email", event.target.value)} />
        </Field>
        <Field label="Password" wrong={form.wrong("password")} hint="A few words that belong to nobody else.">
          <Input type="password" name="password" autoComplete="new-password" value={form.values.password} onChange={(event) => form.set("password", event.target.value)} />
        </Field>
        <Field label="Your name" isOptional wrong={form.wrong("name")}>
          <Input name="name" autoComplete="name" value={form.values.name} onChange={(event) => form.set("name", event.target.value)} />
        </Field>
        <Field label="Workspace" isOptional wrong={form.wrong("workspace_name")} hint="What your keys and links belong to. You can rename it.">
          <Input name="workspace_name" autoComplete="organization" value={form.values.workspace_name} onChange={(event) => form.set("workspace_name", event.target.value)} />
        </Field>
        <Button type="submit" look="primary" isBusy={form.isSending} className="h-9 justify-center">
          Make my account
        </Button>
      </FormBody>
    </Entrance>
  );
}
