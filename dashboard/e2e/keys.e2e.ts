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

const today = () => new Date().toISOString().slice(0, 10);
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** What the receipt says, name by name. */
const receipt = async () => (await page.locator("dl[aria-label=Receipt]").innerText()).split("\n").map((line) => line.trim()).filter(Boolean);

async function choose(entry: string, of = "Reader") {
  await page.getByRole("button", { name: `Actions for ${of}`, exact: true }).first().click();
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

test("s128 s192 the keys are in the settings, and at /apikeys", async () => {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "API keys" }).click();
  await page.getByRole("heading", { name: "API keys", level: 1 }).waitFor();
  expect(new URL(page.url()).pathname).toBe("/app/settings/api-keys");
  await page.goto("/apikeys");
  await page.getByRole("heading", { name: "API keys", level: 1 }).waitFor();
  expect(new URL(page.url()).pathname).toBe("/app/settings/api-keys");
});

test("s038 s039 s040 s041 s043 s129 s159 s197 a key is made of a name, scopes and an end, after its fields were mended", async () => {
  await page.getByRole("button", { name: "Create API key" }).click();
  const drawer = page.getByRole("dialog");
  await drawer.getByRole("button", { name: "Generate key" }).click();
  await drawer.getByText(/1 to 100/).waitFor();
  expect(await drawer.getByLabel("Name").getAttribute("aria-invalid")).toBe("true");
  await drawer.getByLabel("Name").fill("Reader");
  await drawer.getByRole("radio", { name: /^Custom/ }).click();
  await drawer.getByRole("checkbox", { name: "links.read" }).check();
  await drawer.getByRole("radio", { name: "30 days" }).click();
  await drawer.getByRole("button", { name: "Generate key" }).click();
});

test("s046 s131 s198 its receipt has name, scope, end and date beside the key, is shown once, and says so", async () => {
  await page.getByRole("dialog").getByText("Copy it now: it is shown once.").waitFor();
  expect(await receipt()).toEqual(["Name", "Reader", "Scope", "links.read", "Expires", inDays(30), "Created", today()]);
  oldKey = await takeSecret();
  expect(await page.content()).not.toContain(oldKey);
});

test("s078 s079 s148 s193 s194 s217 the list has name, part of the key, scopes, last use, requests and date", async () => {
  expect(await page.getByRole("columnheader").allInnerTexts()).toEqual(["Name", "Status", "Scopes", "Last used", "Requests, 30 days", "Created", "Ends", "Actions"]);
  const row = page.getByRole("row", { name: /Reader/ });
  await row.getByText("never used").waitFor();
  const cells = [`Reader\n${oldKey.slice(0, 17)}...${oldKey.slice(-4)}`, "Active", "1 scope", "never used", "0", "just now"];
  await expect.poll(async () => (await row.getByRole("cell").allInnerTexts()).slice(0, 6)).toEqual(cells);
});

test("s196 s207 what is copied of a key later is a part of it", async () => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await choose("Copy partial key");
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(`${oldKey.slice(0, 17)}...${oldKey.slice(-4)}`);
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

test("s066 s177 while the old secret is in its grace, both work", async () => {
  await page.goto("/app/settings/api-keys");
  await choose("Rotate key");
  await page.getByRole("radio", { name: "1 hour" }).click();
  await page.getByRole("button", { name: "Rotate key" }).click();
  newKey = await takeSecret();
  expect(newKey).not.toBe(oldKey);
  expect([await status(oldKey), await status(newKey)]).toEqual([200, 200]);
  await page.getByText(/old secret:/).getByText(/59 min \d+ s/).waitFor();
});

test("s196 s210 regenerating asks first, and ends the secrets before", async () => {
  await choose("Regenerate");
  await page.getByRole("button", { name: "Cancel" }).click();
  expect([await status(oldKey), await status(newKey)]).toEqual([200, 200]);
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

test("s072 a revoked key answers 401, for good", async () => {
  await choose("Revoke");
  await page.getByRole("button", { name: "Revoke key" }).click();
  await page.getByText("Revoked").first().waitFor();
  expect(await status(newKey)).toBe(401);
  expect((await problem(newKey)).code).toBe("api_key_inactive");
  const edit = page.getByRole("button", { name: /^Edit/ });
  expect(await edit.getAttribute("aria-disabled")).toBe("true");
  await page.getByText("It is revoked: that is final.").first().waitFor({ state: "attached" });
});

test("s046 a key without an end says so", async () => {
  await page.goto("/app/settings/api-keys?new=true");
  const drawer = page.getByRole("dialog");
  await drawer.getByLabel("Name").fill("Backup");
  await drawer.getByRole("radio", { name: "Never" }).click();
  await drawer.getByRole("button", { name: "Generate key" }).click();
  await page.getByText("it is shown once").waitFor();
  expect(await receipt()).toEqual(["Name", "Backup", "Scope", "Read + write", "Expires", "Never", "Created", today()]);
  newKey = await takeSecret();
});

test("s196 s213 deleting asks first, and ends the key", async () => {
  await choose("Delete", "Backup");
  await page.getByRole("button", { name: "Cancel" }).click();
  expect(await status(newKey)).toBe(200);
  await choose("Delete", "Backup");
  await page.getByRole("button", { name: "Delete key" }).click();
  await page.getByText("Key deleted", { exact: true }).first().waitFor();
  expect(await status(newKey)).toBe(401);
  await page.getByRole("row", { name: /Backup/ }).waitFor({ state: "detached" });
});

test("nothing of this left the server or broke the page's policy", () => expect(watch.faults).toEqual([]));
