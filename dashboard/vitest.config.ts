// Three kinds of tests: units in plain Node, whole stories in Chromium against the real binary, and screenshots.
import { defineConfig } from "vitest/config";

const alias = { "@": new URL("./src", import.meta.url).pathname };
const browser = { expect: { poll: { timeout: 15_000 } }, testTimeout: 120_000, hookTimeout: 180_000, fileParallelism: false };

export default defineConfig({
  test: {
    projects: [
      { resolve: { alias }, test: { name: "unit", include: ["src/**/*.test.ts"] } },
      { test: { name: "e2e", include: ["e2e/*.e2e.ts"], ...browser } },
      { test: { name: "screenshots", include: ["e2e/screenshots.ts"], ...browser, testTimeout: 600_000 } },
    ],
  },
});
