// The guides inside: read, searched, linked, copied from; found from the pages that they explain and from the palette.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { violationsOn } from "./axe";
import { launch, logIn, Server, tessera, watched } from "./server";

const OWNER = { email: "ada@example.com", password: "mosaic of nine tiles" };
const SLUGS = ["api-quickstart-non-developers", "api-conventions", "api-keys", "analytics", "qr-codes", "bulk", "rate-limits", "privacy", "operating", "event-store", "enterprise-authentication"];

let server: Server, browser: Browser;

beforeAll(async () => {
  server = await Server.start({}, (data) => void tessera(["bootstrap", "--data", data, "--email", OWNER.email, "--password-stdin"], OWNER.password));
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function reader(options: Parameters<typeof watched>[2] = {}) {
  const watch = await watched(browser, server.url, options);
  await logIn(watch.page, OWNER.email, OWNER.password);
  return watch;
}

test("every guide is drawn, with its contents, its tables and its links inside the dashboard", async () => {
  const { page, faults } = await reader();
  for (const slug of SLUGS) {
    await page.goto(`/app/help/${slug}`);
    await page.locator("article h2").first().waitFor();
    const anchors = await page.locator("article h2").evaluateAll((all) => all.map((one) => one.id));
    expect(new Set(anchors).size, `anchors of ${slug}`).toBe(anchors.length);
    expect(await page.getByRole("navigation", { name: "On this page" }).getByRole("link").count()).toBeGreaterThanOrEqual(anchors.length);
    // Examples may hold what else would be a mark.
    const text = await page.locator("article :is(p, li, td, h2, h3)").evaluateAll((all) => all.map((one) => one.textContent).join("\n"));
    expect(text.match(/\]\(|^#+ |^\|/m), `marks left in ${slug}`).toBeNull();
    for (const picture of await page.locator("article img").all()) {
      await picture.scrollIntoViewIfNeeded();
      await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth), { message: `a picture of ${slug}` }).toBe(1440);
    }
  }
  await page.goto("/app/help/rate-limits");
  await expect.poll(() => page.locator("article table").count()).toBeGreaterThan(0);
  await page.goto("/app/help/api-quickstart-non-developers");
  await page.locator("article").getByRole("link", { name: "API keys" }).click();
  await page.getByRole("heading", { level: 1, name: "API keys" }).waitFor();
  expect(new URL(page.url()).pathname).toBe("/app/help/api-keys");
  await page.getByRole("navigation", { name: "On this page" }).getByRole("link", { name: "Rotate" }).click();
  await expect.poll(() => page.locator("#rotate").evaluate((heading) => Math.round(heading.getBoundingClientRect().top))).toBeLessThan(200);
  expect(new URL(page.url()).hash).toBe("#rotate");
  expect(faults).toEqual([]);
  await page.context().close();
});

test("examples ask this server, and are copied as they stand", async () => {
  const { page, faults } = await reader({ permissions: ["clipboard-read", "clipboard-write"] });
  await page.goto("/app/help/api-keys");
  await page.getByRole("region", { name: /^example/ }).first().getByText(`API=${server.url}`).waitFor();
  await page.getByRole("button", { name: /^Copy example/ }).first().click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`API=${server.url}\nKEY=…`);
  expect(faults).toEqual([]);
  await page.context().close();
});

test("words are found in titles and texts, and lead to their section", async () => {
  const { page, faults } = await reader();
  await page.goto("/app/help");
  await page.getByLabel("Search the guides").fill("quiet zone");
  await page.getByRole("status").waitFor();
  expect(new URL(page.url()).search).toBe("?search=quiet+zone");
  await page.getByRole("link", { name: /QR codes ›/ }).first().click();
  await page.getByRole("heading", { level: 1, name: "QR codes" }).waitFor();
  expect(new URL(page.url()).hash).toMatch(/^#\S+$/);
  await page.goto("/app/help?search=zeppelin");
  await page.getByRole("heading", { name: "No guide says this" }).waitFor();
  expect(faults).toEqual([]);
  await page.context().close();
});

test("a page leads to its guide, and the palette finds guides and pages", async () => {
  const { page, faults } = await reader();
  await page.goto("/app/settings/plan");
  await page.getByRole("link", { name: "Guide: Rate limits" }).click();
  await page.getByRole("heading", { level: 1, name: "Rate limits" }).waitFor();
  const find = async (words: string) => {
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").fill(words);
    await page.keyboard.press("Enter");
  };
  await find("spreadsheet");
  await page.getByRole("heading", { level: 1, name: "The API for people who are not developers" }).waitFor();
  await find("sessions");
  await page.getByRole("heading", { level: 1, name: "Profile" }).waitFor();
  await find("invite");
  await page.getByRole("dialog", { name: "Invite somebody" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.keyboard.press("g");
  await page.keyboard.press("h");
  await page.getByRole("heading", { level: 1, name: "Help" }).waitFor();
  await page.keyboard.press("?");
  const keys = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  for (const place of ["Members", "Plan & usage", "Audit log", "Request log", "Workspace", "Profile", "Help"]) await keys.getByText(place, { exact: true }).waitFor();
  expect(faults).toEqual([]);
  await page.context().close();
});

test("s123 whether a guide helped is kept, with a word about it, and admins read it", async () => {
  const { page, faults } = await reader();
  const token = await server.tokenOf(OWNER);
  type Said = { article: string; helpful: number; unhelpful: number; comments: { comment: string; is_helpful: boolean }[] };
  const said = async () => (await server.call<{ data: Said[] }>("GET", "/v1/feedback", token)).data;
  expect(await said()).toEqual([]);
  await page.goto("/app/help/bulk");
  const box = page.getByRole("region", { name: "Feedback" });
  await box.getByRole("button", { name: "Yes" }).click();
  await box.getByText("Good to know, thank you.").waitFor();
  expect((await said()).map((one) => [one.article, one.helpful, one.unhelpful])).toEqual([["bulk", 1, 0]]);
  await box.getByRole("button", { name: "Answer differently" }).click();
  await box.getByRole("button", { name: "No" }).click();
  expect(await box.getByRole("button", { name: "Send" }).getAttribute("aria-disabled")).toBe("true");
  await box.getByLabel(/What was missing/).fill("An example for spreadsheets.");
  await box.getByRole("button", { name: "Send" }).click();
  await box.getByText("Thank you. The admins of your workspace can read it.").waitFor();
  expect(await said()).toMatchObject([{ article: "bulk", helpful: 0, unhelpful: 1, comments: [{ comment: "An example for spreadsheets.", is_helpful: false }] }]);
  await page.goto("/app/help");
  await page.getByText("0 people helped, 1 not").waitFor();
  await page.getByText("An example for spreadsheets.").waitFor();
  expect(faults).toEqual([]);
  await page.context().close();
});

test.each(["light", "dark"] as const)("axe finds nothing serious, and no guide is wider than a phone, %s", async (colorScheme) => {
  const { page } = await reader({ colorScheme, reducedMotion: "reduce", viewport: { width: 390, height: 844 } });
  const paths = ["/app/help", "/app/help?search=rotate", ...SLUGS.map((slug) => `/app/help/${slug}`)];
  for (const path of paths) {
    expect(await violationsOn(page, [path])).toEqual({});
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), path).toBeLessThanOrEqual(0);
  }
  await page.context().close();
});
