// Light, dark, or what the system says; `public/theme.js` does the same before the first paint.
import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark" | "system";
const KEY = "tessera.theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

const wish = (): Theme => {
  const kept = localStorage.getItem(KEY);
  return kept === "light" || kept === "dark" ? kept : "system";
};

function paint() {
  const isDark = wish() === "dark" || (wish() === "system" && system.matches);
  document.documentElement.classList.toggle("dark", isDark);
  for (const tell of listeners) tell();
}

system.addEventListener("change", paint);

export function setTheme(theme: Theme) {
  if (theme === "system") localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, theme);
  paint();
}

export function useTheme(): Theme {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    wish,
  );
}
