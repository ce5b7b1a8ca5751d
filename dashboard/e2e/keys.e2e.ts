// The life of a key as a newcomer lives it: set-up in the browser, the first key, its use, its rotation, its end.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, Server, watched, type Watched } from "./server";

const PASSWORD = "mosaic of nine tiles";
let server: Server, browser: Browser, watch: Watched, page: Page;
let oldKey = "", newKey = "";

beforeAll(async () => {
  server = await Server.start();
  browser = await launch();
  watch = await watched(browser, server.url);
  page = watch.page;
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

const status = async (key: string) => (await fetch(`${server.url}/v1/me`, { headers: { authorization: `Bearer ${key}` } })).status;
const problem = async (key: string) => (await (await fetch(`${server.url}/v1/me`, { headers: { authorization: `Bearer ${key}` } })).json()) as { code: string };

/** Closes the dialog that shows a secret, as it asks to be closed. */
async function takeSecret(): Promise<string> {
  const dialog = page.getByRole("dialog");
  const key = await dialog.getByRole("textbox", { name: "API key", exact: true }).inputValue();
  expect(key).toMatch(/^tsr_live_[0-9A-Za-z]{32}$/);
  const done = dialog.getByRole("button", { name: "Done" });
  expect(await done.getAttribute("aria-disabled")).toBe("true");
  await page.keyboard.press("Escape");
  expect(await dialog.isVisible()).toBe(true);
  await dialog.getByLabel(/I have stored it/).check();
  await done.click();
  await dialog.waitFor({ state: "hidden" });
  return key;
}

async function choose(entry: string) {
  await page.getByRole("button", { name: "Actions for Reader", exact: true }).first().click();
  await page.getByRole("menuitem", { name: entry, exact: true }).click();
}

test("a newcomer sets up, and is logged in when the dashboard opens", async () => {
  await page.goto(server.setupUrl);
  await page.getByLabel("Your name").fill("Ada Lovelace");
  await page.getByLabel("E-mail").fill("ada@example.com");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByLabel(/workspace/i).fill("Engines");
  await page.getByRole("button", { name: "Make my account" }).click();
  await page.getByRole("link", { name: "Open the dashboard" }).click();
  await page.getByRole("heading", { name: "Welcome, Ada" }).waitFor();
  await page.getByRole("heading", { name: "Create an API key (done)" }).waitFor();
  expect(await page.getByRole("heading", { name: "Use it (open)" }).count()).toBe(1);
});

test("a new key is shown once, after its fields were mended", async () => {
  await page.goto("/app/settings/api-keys");
  await page.getByRole("button", { name: "Create key" }).click();
  const drawer = page.getByRole("dialog");
  await drawer.getByRole("button", { name: "Create key" }).click();
  await drawer.getByText(/1 to 100/).waitFor();
  expect(await drawer.getByLabel("Name").getAttribute("aria-invalid")).toBe("true");
  await drawer.getByLabel("Name").fill("Reader");
  await drawer.getByRole("radio", { name: /^Custom/ }).click();
  await drawer.getByRole("checkbox", { name: "links.read" }).check();
  await drawer.getByRole("radio", { name: "30 days" }).click();
  await drawer.getByRole("button", { name: "Create key" }).click();
  oldKey = await takeSecret();
  expect(await page.content()).not.toContain(oldKey);
  const row = page.getByRole("row", { name: /Reader/ });
  await row.getByText("never used").waitFor();
  await row.getByText("1 scope").waitFor();
});

test("its use over HTTP is seen, and its scopes hold", async () => {
  const asked = (path: string) => fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${oldKey}` } });
  expect((await asked("/v1/links")).status).toBe(200);
  expect((await asked("/v1/api-keys")).status).toBe(403);
  await page.reload();
  await page.getByRole("row", { name: /Reader/ }).getByText("just now").first().waitFor();
  await page.goto("/app/start");
  await page.getByRole("heading", { name: "Use it (done)" }).waitFor();
});

test("while the old secret is in its grace, both work", async () => {
  await page.goto("/app/settings/api-keys");
  await choose("Rotate key");
  await page.getByRole("radio", { name: "1 hour" }).click();
  await page.getByRole("button", { name: "Rotate key" }).click();
  newKey = await takeSecret();
  expect(newKey).not.toBe(oldKey);
  expect([await status(oldKey), await status(newKey)]).toEqual([200, 200]);
  await page.getByText(/old secret:/).getByText(/59 min \d+ s/).waitFor();
});

test("regenerating ends the secrets before", async () => {
  await choose("Regenerate");
  await page.getByRole("button", { name: "Regenerate key" }).click();
  const latest = await takeSecret();
  // Two at most live at once, and this time without a grace.
  expect([await status(oldKey), await status(newKey), await status(latest)]).toEqual([401, 401, 200]);
  newKey = latest;
});

test("deactivating can be undone", async () => {
  await choose("Deactivate");
  await page.getByText("Reader is deactivated").first().waitFor();
  expect((await problem(newKey)).code).toBe("api_key_inactive");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(() => status(newKey)).toBe(200);
});

test("the page of the key tells what was done with it and to it", async () => {
  await page.getByRole("row", { name: /Reader/ }).getByText("Reader").click();
  await page.getByRole("heading", { name: "Reader", level: 1 }).waitFor();
  const requests = page.getByRole("region", { name: "Last requests" });
  await requests.getByText("/v1/links").first().waitFor();
  for (const action of ["created", "rotated"]) await page.getByText(action, { exact: true }).first().waitFor();
});

test("a revoked key answers 401, for good", async () => {
  await choose("Revoke");
  await page.getByRole("button", { name: "Revoke key" }).click();
  await page.getByText("Revoked").first().waitFor();
  expect(await status(newKey)).toBe(401);
  expect((await problem(newKey)).code).toBe("api_key_inactive");
  const edit = page.getByRole("button", { name: /^Edit/ });
  expect(await edit.getAttribute("aria-disabled")).toBe("true");
  await page.getByText("It is revoked: that is final.").first().waitFor({ state: "attached" });
});

test("nothing of this left the server or broke the page's policy", () => expect(watch.faults).toEqual([]));
