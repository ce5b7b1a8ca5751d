// The way in. Set-up, invitations and resets have pages of the server's own, which work without scripts; they lead here.
import { Navigate, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useSession } from "@/api/session";
import { Mark } from "@/components/shell/mark";
import { LoginForm } from "./login-form";

export function Login() {
  const { to } = useSearch({ from: "/login" });
  const navigate = useNavigate();
  const { phase } = useSession();
  useEffect(() => {
    document.title = "Log in · Tessera";
  }, []);
  const goal = to?.replace(/^\/app(?=\/|$)/, "") || "/start";
  if (phase === "in") return <Navigate to={goal} replace />;
  return (
    <main className="grid min-h-dvh place-items-center p-5">
      <div className="w-full max-w-sm">
        <div className="mb-6 flex flex-col items-center gap-3 text-center">
          <Mark className="size-9" />
          <h1 className="text-xl font-semibold tracking-tight">Log in to Tessera</h1>
        </div>
        <div className="rounded-xl border border-line bg-surface p-6">
          <LoginForm onDone={() => void navigate({ to: goal, replace: true })} />
        </div>
        <p className="mt-4 text-center text-xs text-balance text-ink-3">
          Forgot your password? An admin of your workspace can make a link that sets a new one, and so can whoever runs the server:{" "}
          <code className="font-mono">tessera users reset-password</code>.
        </p>
      </div>
    </main>
  );
}
