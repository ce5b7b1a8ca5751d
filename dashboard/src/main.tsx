// The beginning: the session first, then the page that was asked for.
import "./styles.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { setNonce } from "get-nonce";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queryClient } from "./api/queries";
import { open } from "./api/session";
import { ErrorPanel } from "./components/page";
import { TipProvider } from "./components/ui/tooltip";
import { Toasts } from "./components/ui/toast";
import { router } from "./routes";

// Dialogs hold the page behind them still by a style of their own; the policy of the page wants to know whose it is.
setNonce(document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "");

const root = createRoot(document.getElementById("root")!);

async function begin() {
  try {
    await open();
  } catch (error) {
    root.render(
      <main className="mx-auto max-w-lg p-6 pt-24">
        <ErrorPanel error={error} onRetry={() => location.reload()} />
      </main>,
    );
    return;
  }
  root.render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <TipProvider>
          <RouterProvider router={router} />
          <Toasts />
        </TipProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}

void begin();
