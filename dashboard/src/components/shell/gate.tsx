// What is behind the login: the frame, the palette, and the dialog that asks again when a session has ended.
import { Outlet, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { useLogin, useSession } from "@/api/session";
import { LoginForm } from "@/pages/login-form";
import { isVisible, PLACES } from "@/nav";
import { useIsWide } from "@/lib/media";
import { useShortcut } from "@/lib/shortcuts";
import { Dialog } from "../ui/dialog";
import { logOut } from "@/api/session";
import { MobileBar, Sidebar, type ShellActions } from "./sidebar";
import { NoWorkspace } from "./no-workspace";

const loadPalette = () => import("./palette");
const Palette = lazy(loadPalette);
/** After the page, and before somebody types into it. */
const PALETTE_AFTER_MS = 1_500;
const ShortcutList = lazy(() => import("./shortcut-list"));

function GoTo({ keys, name, to }: { keys: string; name: string; to: (typeof PLACES)[number]["to"] }) {
  const navigate = useNavigate();
  useShortcut(keys, name, () => void navigate({ to }), "Go to");
  return null;
}

export function Gate() {
  const { login, phase } = { login: useLogin(), phase: useSession().phase };
  const [open, setOpen] = useState<"palette" | "shortcuts" | null>(null);
  useShortcut("mod+k", "Search and commands", () => setOpen("palette"), "Everywhere");
  useShortcut("/", "Search and commands", () => setOpen("palette"), "Everywhere");
  useShortcut("?", "These shortcuts", () => setOpen("shortcuts"), "Everywhere");
  const actions: ShellActions = { search: () => setOpen("palette"), shortcuts: () => setOpen("shortcuts") };
  const role = login.workspace?.role;
  const isWide = useIsWide();
  useEffect(() => {
    const timer = setTimeout(() => void loadPalette(), PALETTE_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="flex min-h-dvh flex-col md:flex-row">
      <a href="#main" className="sr-only z-70 rounded-md bg-accent px-3 py-2 text-accent-ink focus:not-sr-only focus:fixed focus:top-2 focus:left-2">
        Skip to the page
      </a>
      {PLACES.filter((place) => isVisible(place, role)).map((place) => (
        <GoTo key={place.to} keys={`g ${place.key}`} name={place.name} to={place.to} />
      ))}
      {isWide ? <Sidebar actions={actions} /> : <MobileBar actions={actions} />}
      <main id="main" tabIndex={-1} className="min-w-0 flex-1 bg-ground outline-none">
        {login.workspace ? <Outlet /> : <NoWorkspace />}
      </main>
      <Suspense>
        {open === "palette" && <Palette onClose={() => setOpen(null)} onShortcuts={() => setOpen("shortcuts")} />}
        {open === "shortcuts" && <ShortcutList onClose={() => setOpen(null)} />}
      </Suspense>
      <Dialog
        isOpen={phase === "ended"}
        onClose={() => undefined}
        mayClose={false}
        title="Your session has ended"
        about="Log in again to go on. Nothing on this page is lost."
      >
        <LoginForm email={login.user.email} />
        <button type="button" onClick={() => void logOut()} className="mt-3 w-full rounded text-center text-xs text-ink-2 underline hover:text-ink">
          Leave, and log in as somebody else
        </button>
      </Dialog>
    </div>
  );
}
