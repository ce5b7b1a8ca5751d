// Addresses that lead nowhere, and pages that broke.
import { Link, useRouter, type ErrorComponentProps } from "@tanstack/react-router";
import { buttonLook } from "../ui/button";
import { ErrorPanel } from "../page";
import { Mark } from "./mark";

export const NotFound = () => (
  <main className="grid min-h-dvh place-items-center p-6">
    <div className="flex max-w-sm flex-col items-center gap-3 text-center">
      <Mark className="size-8" />
      <h1 className="text-xl font-semibold">There is no such page</h1>
      <p className="text-sm text-ink-2">The address is not complete, or what was here has been deleted.</p>
      <Link to="/start" className={buttonLook("primary")}>
        Go to the start
      </Link>
    </div>
  </main>
);

export function Crash({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <div className="mx-auto max-w-xl p-8">
      <ErrorPanel
        error={error}
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </div>
  );
}
