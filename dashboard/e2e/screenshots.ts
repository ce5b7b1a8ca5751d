// Every page with the demo year loaded, light and dark, wide and narrow, into `dashboard/screenshots/`.
import { mkdirSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, logIn, Server, tessera, watched } from "./server";

const FOLDER = new URL("../screenshots/", import.meta.url).pathname;
const CLICKS = process.env.CLICKS ?? "200000";
const HEIGHT_MAX = 3_600;
type Demo = { email: string; password: string; api_key: string };

const PAGES: [string, (page: Page) => Promise<void>][] = [
  ["start", (page) => go(page, "/app/start")],
  // Of whole days; and with today, which is not over.
  ["analytics", (page) => go(page, `/app/analytics?from=${day(-31)}&to=${day(-1)}`)],
  ["analytics-today", (page) => go(page, "/app/analytics")],
  ["analytics-filtered", (page) => go(page, "/app/analytics?range=last_month&compare=previous_year&country=DE,AT&trigger=qr&measure=unique_visitors&show=city")],
  ["analytics-list", (page) => go(page, "/app/analytics?range=last_month&detail=city")],
  [
    "analytics-live",
    async (page) => {
      // Its stream never ends, so the network never rests.
      await page.goto("/app/analytics?range=last_month&live=true");
      await page.waitForTimeout(1_500);
    },
  ],
  ["links", (page) => go(page, "/app/links")],
  ["links-filtered", (page) => go(page, "/app/links?search=nothing-is-called-so")],
  ["link-new", (page) => go(page, "/app/links?new=true")],
  ["link", (page) => open(page, "/app/links?sort=-clicks")],
  [
    "link-rules",
    async (page) => {
      const { data } = await server.call<{ data: { id: string; targets: unknown[] }[] }>("GET", "/v1/links?limit=100", demo.api_key);
      await go(page, `/app/links/${data.find((link) => link.targets.length > 1)!.id}`);
    },
  ],
  ["qr-codes", (page) => go(page, "/app/qr-codes")],
  ["qr-codes-table", (page) => go(page, "/app/qr-codes?view=table")],
  ["qr-code", (page) => open(page, "/app/qr-codes?view=table")],
  ["qr-new", (page) => go(page, "/app/qr-codes/new")],
  ["qr-style", (page) => go(page, "/app/qr-codes/new?step=style&preset=sunset")],
  ["qr-frame", (page) => go(page, "/app/qr-codes/new?step=frame&preset=ticket")],
  ["qr-print", async (page) => go(page, `/app/qr-codes/print?ids=${await firstCode(page)}`)],
  ["templates", (page) => go(page, "/app/templates")],
  ["presets", (page) => go(page, "/app/templates?shelf=presets")],
  ["template", (page) => go(page, "/app/templates/new")],
  ["bulk", (page) => go(page, "/app/bulk")],
  [
    "bulk-new",
    async (page) => {
      await go(page, "/app/bulk/new");
      const rows = "Target URL;Slug;Title;Labels;Remarks\nhttps://harbourlane.example/one;one;First;spring;x\nnonsense;two;Second;;y\n";
      await page.locator("input[type=file]").setInputFiles({ name: "spring.csv", mimeType: "text/csv", buffer: Buffer.from(rows) });
    },
  ],
  [
    "bulk-job",
    async (page) => {
      await page.getByRole("button", { name: /^Validate/ }).click();
      await page.getByText("Nothing was made.", { exact: true }).waitFor();
    },
  ],
  ["keys", (page) => go(page, "/app/settings/api-keys")],
  ["key", (page) => open(page, "/app/settings/api-keys")],
  ["key-new", (page) => go(page, "/app/settings/api-keys?new=true")],
  [
    "key-receipt",
    async (page) => {
      await page.getByLabel("Name").fill("Nightly export");
      await page.getByRole("button", { name: "Generate key" }).click();
      await page.getByText("it is shown once").waitFor();
    },
  ],
  ["members", (page) => go(page, "/app/settings/members")],
  ["member-invite", (page) => go(page, "/app/settings/members?new=true")],
  ["plan", (page) => go(page, "/app/settings/plan")],
  [
    "audit",
    async (page) => {
      await go(page, "/app/settings/audit");
      await page.locator("[data-line]").first().click();
    },
  ],
  [
    "requests",
    async (page) => {
      await go(page, "/app/settings/requests");
      await page.locator("[data-line]").nth(1).click();
    },
  ],
  ["workspace", (page) => go(page, "/app/settings/workspace")],
  ["profile", (page) => go(page, "/app/settings/profile")],
  ["help", (page) => go(page, "/app/help")],
  ["help-search", (page) => go(page, "/app/help?search=rotate")],
  ["guide", (page) => go(page, "/app/help/api-keys")],
  [
    "palette",
    async (page) => {
      await go(page, "/app/start");
      await page.keyboard.press("Control+k");
    },
  ],
];

/** Of one short domain, as people have one. */
const SETTINGS = { TESSERA_LINKS__DOMAINS: '[{ host = "go.harbourlane.example" }]', TESSERA_SERVER__TRUSTED_PROXIES: '["127.0.0.1/32"]' };
const VISITS_TODAY = 120;
const BROWSERS = [
  "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1",
  "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
  "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
];

/** The demo's year ends where today begins. These come now, so that today is a day like others. */
async function visitToday() {
  const { data } = await server.call<{ data: { alias: string }[] }>("GET", "/v1/links?sort=-clicks&limit=30", demo.api_key);
  for (let visit = 0; visit < VISITS_TODAY; visit++) {
    // A few links have most of the visits.
    const { alias } = data[Math.floor(data.length * ((visit * 0.618) % 1) ** 3)]!;
    const headers = { "user-agent": BROWSERS[visit % BROWSERS.length]!, "x-forwarded-for": `198.51.100.${visit % 250}` };
    await fetch(`${server.url}/${alias}${visit % 3 === 0 ? "?qr=1" : ""}`, { redirect: "manual", headers });
  }
}

const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

async function go(page: Page, path: string) {
  await page.goto(path);
  await page.waitForLoadState("networkidle");
}

/** The id of the newest code; empty where the demo has none. */
async function firstCode(page: Page): Promise<string> {
  await go(page, "/app/qr-codes");
  const href = await page.locator("a[href*='/qr-codes/qr_']").first().getAttribute("href", { timeout: 5_000 }).catch(() => null);
  return href?.split("/").at(-1) ?? "";
}

async function open(page: Page, path: string) {
  await go(page, path);
  await page.locator("tr[data-row='0'] td").nth(path.includes("api-keys") ? 0 : 1).locator("span").first().click();
  await page.waitForTimeout(300);
  await page.waitForLoadState("networkidle");
}

let server: Server, browser: Browser, demo: Demo;
beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  server = await Server.start(SETTINGS, (data) => (demo = tessera<Demo>(["demo", "--data", data, "--clicks", CLICKS, "--json"], "", SETTINGS)));
  await visitToday();
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

test.each([
  ["light", 1440],
  ["dark", 1440],
  ["light", 390],
  ["dark", 390],
] as const)("%s, %i wide", async (colorScheme, width) => {
  const viewport = { width, height: width === 390 ? 844 : 900 };
  const { page, faults } = await watched(browser, server.url, { viewport, colorScheme, reducedMotion: "reduce" });
  const shoot = async (name: string) => {
    // Behind a dialog the page stands still; else it is seen in a window as high as itself, up to a limit.
    const height = (await page.getByRole("dialog").count()) > 0 ? 0 : await page.evaluate(() => document.body.scrollHeight);
    await page.setViewportSize({ width, height: Math.max(viewport.height, Math.min(height, HEIGHT_MAX)) });
    await page.waitForTimeout(350);
    await expect.poll(() => page.locator(".animate-pulse").count()).toBe(0);
    await page.screenshot({ path: `${FOLDER}${name}-${width}-${colorScheme}.png` });
    await page.setViewportSize(viewport);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wider, `${name} is wider than the screen`).toBeLessThanOrEqual(0);
  };
  await page.goto("/app/login");
  await shoot("login");
  await logIn(page, demo.email, demo.password);
  for (const [name, visit] of PAGES) {
    await visit(page);
    await shoot(name);
  }
  if (width === 390) {
    await go(page, "/app/start");
    await page.getByRole("button", { name: "Menu" }).click();
    await shoot("menu");
  }
  expect(faults).toEqual([]);
  await page.context().close();
});
