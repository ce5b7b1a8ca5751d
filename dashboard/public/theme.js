// Before the first paint, so that nobody who works in the dark is flashed. `src/lib/theme.ts` does the rest.
(() => {
  const wish = localStorage.getItem("tessera.theme");
  const isDark = wish === "dark" || (wish !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.toggle("dark", isDark);
})();
