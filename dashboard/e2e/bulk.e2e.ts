// Many at once by hand: a file with other people's headers and a bad row, its report, the decision, the links.
import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { violationsOn } from "./axe";
import { launch, logIn, Server, tessera, watched } from "./server";

const OWNER = { email: "ada@example.com", password: "mosaic of nine tiles" };
const ROWS_MANY = 8_000;
const CSV = `sep=;
Target URL;Slug;Title;Labels;Remarks;Shop
https://example.org/one;bulk-one;First page;"spring, print";not for us;north
nonsense;bulk-two;Second;;x;south
https://example.org/three;bulk-three;"=1+1";;y;west
`;

let server: Server, browser: Browser;
let key = "";

beforeAll(async () => {
  server = await Server.start({}, (data) => {
    key = tessera<{ api_key: string }>(["bootstrap", "--data", data, "--email", OWNER.email, "--password-stdin"], OWNER.password).api_key;
  });
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

const read = async <T>(path: string): Promise<T> => (await (await fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${key}` } })).json()) as T;
const choose = (page: Page, name: string, text: string | Buffer) => page.locator("input[type=file]").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
const fileOf = async (page: Page, button: string) => {
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: button }).click()]);
  return readFileSync(await file.path());
};
const stat = (page: Page, name: string) => page.locator("main").getByText(name, { exact: true }).locator("..").innerText();

test("a bad row is reported; all or nothing makes nothing; without it the others are made, with their tags and metadata", async () => {
  const { page, faults } = await watched(browser, server.url);
  await logIn(page, OWNER.email, OWNER.password);
  await page.goto("/app/bulk");
  await page.getByRole("heading", { name: "Make a thousand at once" }).waitFor();
  await page.getByRole("link", { name: "Upload a file" }).first().click();
  await choose(page, "old.csv", Buffer.from("\uFEFFa", "utf16le"));
  await page.getByRole("alert").filter({ hasText: "UTF-16" }).waitFor();
  await choose(page, "spring.csv", CSV);
  const columns = page.getByRole("combobox", { name: /^Column / });
  expect(await columns.evaluateAll((all) => all.map((one) => (one as HTMLSelectElement).value))).toEqual(["destination_url", "alias", "title", "tags", "", ""]);
  await page.getByRole("combobox", { name: "Column Shop is" }).selectOption("Entry of metadata");
  await page.getByRole("textbox", { name: "Name of the entry of column Shop" }).fill("shop");
  await page.getByRole("combobox", { name: "Column Target URL is" }).selectOption("Left out");
  expect(await page.getByRole("button", { name: /^Validate/ }).getAttribute("aria-disabled")).toBe("true");
  await page.getByRole("combobox", { name: "Column Target URL is" }).selectOption("Destination (needed)");
  await page.getByRole("button", { name: /^Validate/ }).click();

  await page.getByText("Nothing was made.", { exact: true }).waitFor();
  await page.getByRole("cell", { name: "destination_url" }).waitFor();
  expect((await fileOf(page, "Report as CSV")).toString()).toMatch(/^row,field,code,reason\r?\n\d+,destination_url,format,/);
  expect((await read<{ meta: { total: number } }>("/v1/links")).meta.total).toBe(0);

  await page.getByRole("button", { name: "Skip the bad rows" }).click();
  await page.getByText("1 row will be left out.").waitFor();
  expect([await stat(page, "Right"), await stat(page, "Wrong")].map((text) => text.split(/\s+/)[1])).toEqual(["2", "1"]);
  await page.getByRole("button", { name: "Make 2 links" }).click();
  await page.getByText("2 made, 1 row refused.").or(page.getByText("All 2 are made.")).waitFor();
  const { data } = await read<{ data: { alias: string; title: string; tags: string[]; metadata: object; destination_url: string }[] }>("/v1/links?sort=alias");
  expect(data.map((link) => [link.alias, link.destination_url, link.title, link.tags, link.metadata])).toEqual([
    ["bulk-one", "https://example.org/one", "First page", ["spring", "print"], { shop: "north" }],
    ["bulk-three", "https://example.org/three", "=1+1", [], { shop: "west" }],
  ]);
  const result = (await fileOf(page, "Result as CSV")).toString().trim().split(/\r?\n/);
  expect([result.length, result[1]?.includes(",created,"), result[2]?.includes("refused"), result[3]?.includes("'=1+1")]).toEqual([4, true, true, true]);
  await page.getByRole("button", { name: "QR images as ZIP" }).click();
  const zip = await fileOf(page, "Download ZIP");
  expect([zip.subarray(0, 2).toString(), zip.includes("first-page.svg")]).toEqual(["PK", true]);
  expect(faults).toEqual([]);
  await page.context().close();
});

test("progress is live, a broken stream is taken up again, and a cancelled job of all or nothing leaves nothing", async () => {
  const { page, faults } = await watched(browser, server.url);
  await logIn(page, OWNER.email, OWNER.password);
  await page.goto("/app/bulk/new");
  const rows = Array.from({ length: ROWS_MANY }, (_, at) => `https://example.org/many/${at},many-${at}`);
  await choose(page, "many.csv", `destination_url,alias\n${rows.join("\n")}\n`);
  let streams = 0;
  await page.route("**/v1/bulk/jobs/*/events", async (route) => {
    streams += 1;
    // The first stream breaks off before it said anything.
    if (streams === 1) await route.abort("connectionreset");
    else await route.continue();
  });
  await page.getByRole("button", { name: /^Validate/ }).click();
  await page.getByRole("button", { name: "Make 8,000 links" }).click();
  await page.getByRole("progressbar", { name: "Running" }).waitFor();
  await page.getByRole("button", { name: "Cancel job" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel job" }).click();
  await page.getByText("Nothing of it is left.").waitFor({ timeout: 90_000 });
  expect(streams).toBeGreaterThan(1);
  expect((await read<{ meta: { total: number } }>("/v1/links?search=many-")).meta.total).toBe(0);
  await page.getByRole("button", { name: "Delete job" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete job" }).click();
  await page.waitForURL("**/app/bulk");
  expect(faults).toEqual([]);
  await page.context().close();
});

test.each([
  ["light", 1440],
  ["dark", 390],
] as const)("axe finds nothing serious on the bulk pages, %s, %i wide", async (colorScheme, width) => {
  const { page, faults } = await watched(browser, server.url, { colorScheme, reducedMotion: "reduce", viewport: { width, height: 844 } });
  await logIn(page, OWNER.email, OWNER.password);
  const { data } = await read<{ data: { id: string }[] }>("/v1/bulk/jobs");
  const paths = ["/app/bulk", "/app/bulk/new", ...data.map((job) => `/app/bulk/${job.id}`)];
  expect(await violationsOn(page, paths)).toEqual({});
  for (const path of paths) {
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), path).toBeLessThanOrEqual(0);
  }
  expect(faults).toEqual([]);
  await page.context().close();
});
