// The way in. Set-up, invitations and resets have pages of the server's own, which work without scripts; they lead here.
import { Link as Go, Navigate, useNavigate, useSearch } from "@tanstack/react-router";
import { useSession } from "@/api/session";
import { Entrance } from "@/components/entrance";
import { LoginForm } from "./login-form";

export function Login() {
  const { to } = useSearch({ from: "/login" });
  const navigate = useNavigate();
  const { phase } = useSession();
  const goal = to?.replace(/^\/app(?=\/|$)/, "") || "/start";
  if (phase === "in") return <Navigate to={goal} replace />;
  return (
    <Entrance
      title="Log in to Tessera"
      below={
        <>
          <p>
            No account yet? Follow the link of your invitation, or{" "}
            <Go to="/signup" className="rounded underline hover:text-ink">
              sign up
            </Go>{" "}
            where this server allows it.
          </p>
          <p>
            Forgot your password? An admin of your workspace can make a link that sets a new one, and so can whoever runs the server:{" "}
            <code className="font-mono">tessera users reset-password</code>.
          </p>
        </>
      }
    >
      <LoginForm onDone={() => void navigate({ to: goal, replace: true })} />
    </Entrance>
  );
}
