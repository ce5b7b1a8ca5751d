// What axe finds on a page that somebody could not use: serious and critical problems only.
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect } from "vitest";

const AXE = readFileSync(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
type Violation = { id: string; impact: string | null; nodes: { html: string; failureSummary?: string }[] };

export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate(() => (globalThis as unknown as { axe: { run: () => Promise<{ violations: Violation[] }> } }).axe.run());
  return found.violations
    .filter((one) => one.impact === "serious" || one.impact === "critical")
    .map((one) => `${one.id}: ${one.nodes.map((node) => `${node.html} ${node.failureSummary ?? ""}`).join(" | ")}`);
}

/** Goes to each address, waits until everything has come, and asks axe. Answers with what is wrong, by address. */
export async function violationsOn(page: Page, paths: readonly string[]): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const path of paths) {
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).or(page.getByRole("dialog")).first().waitFor();
    await expect.poll(() => page.locator(".animate-pulse").count()).toBe(0);
    const wrong = await violations(page);
    if (wrong.length > 0) found[path] = wrong;
  }
  return found;
}
