// How the dashboard is built: hashed files below /app, split by page, into dist/app, which the Rust build embeds.
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const API = process.env.TESSERA_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  base: "/app/",
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@": new URL("./src", import.meta.url).pathname } },
  build: {
    outDir: "dist/app",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: {
    // The guides lie outside.
    fs: { allow: [".", "../docs"] },
    proxy: {
      // The server takes the refresh cookie from its own pages only, so it has to look like one.
      "/v1": { target: API, changeOrigin: true, headers: { origin: API } },
      "/openapi.json": API,
      "/api-docs": API,
    },
  },
});
