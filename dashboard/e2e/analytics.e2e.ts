// Analytics against what the API says of the same clicks: figures, filters, comparison, files, and a click of this second.
import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { violations } from "./axe";
import { launch, logIn, Server, tessera, watched } from "./server";

const BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const CLICKS = "6000";
type Demo = { email: string; password: string; api_key: string };
type Numbers = { clicks: number; unique_visitors: number; robots: number; qr_scans: number };
type Report = {
  range: { from: string; to: string };
  summary: Numbers & { change_pct?: Partial<Numbers>; previous?: Numbers };
  breakdown: { rows: { group: Record<string, string | null>; clicks: number }[] };
  series: { start: string; clicks: number }[];
};

let server: Server, browser: Browser, demo: Demo;

beforeAll(async () => {
  server = await Server.start({}, (data) => (demo = tessera<Demo>(["demo", "--data", data, "--clicks", CLICKS, "--json"])));
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers = { authorization: `Bearer ${demo.api_key}`, "content-type": "application/json" };
  const answer = await fetch(`${server.url}${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}
const report = (query: string) => call<Report>("GET", `/v1/analytics/workspace?${query}`);

async function click(url: string) {
  const answer = await fetch(url, { redirect: "manual", headers: { "user-agent": BROWSER } });
  expect(answer.status).toBe(302);
}

async function opened(path: string, options: Parameters<typeof watched>[2] = {}) {
  const { page, faults } = await watched(browser, server.url, { reducedMotion: "reduce", ...options });
  await logIn(page, demo.email, demo.password);
  await page.goto(path);
  await settled(page);
  return { page, faults };
}

/** Two cores may be busy with other things. */
const eventually = <T>(get: () => T | Promise<T>) => expect.poll(get, { timeout: 15_000 });

async function settled(page: Page) {
  // Not by its role: behind a dialog it has none.
  await page.locator("h1").waitFor();
  await eventually(() => page.locator(".animate-pulse").count()).toBe(0);
}

const figure = async (page: Page, measure: keyof Numbers) => Number((await page.locator(`[data-figure=${measure}]`).innerText()).replaceAll(",", ""));
const figures = async (page: Page) => ({ clicks: await figure(page, "clicks"), unique_visitors: await figure(page, "unique_visitors"), qr_scans: await figure(page, "qr_scans"), robots: await figure(page, "robots") });
const numbersOf = ({ clicks, unique_visitors, qr_scans, robots }: Numbers) => ({ clicks, unique_visitors, qr_scans, robots });
const chart = (page: Page) => page.getByRole("region", { name: "Figures" }).getByRole("figure");
const card = (page: Page, name: string) => page.getByRole("region", { name, exact: true });

test("a click and a scan are in the figures, in the chart and in the cards", async () => {
  const link = await call<{ id: string; short_url: string }>("POST", "/v1/links", { destination_url: "https://example.com/", alias: "counted", title: "Counted" });
  const { page, faults } = await opened(`/app/analytics?link=${link.id}&range=today`);
  await page.getByRole("heading", { name: "Counted", level: 1 }).waitFor();
  await page.getByText("No clicks in this time that the filters let through.").waitFor();
  await click(link.short_url);
  await click(link.short_url);
  await click(`${link.short_url}?qr=1`);
  await page.reload();
  await settled(page);
  expect(await figures(page)).toEqual({ clicks: 3, unique_visitors: 1, qr_scans: 1, robots: 0 });
  // One interval of the chart has all of them; its last one is not over yet.
  const cells = await chart(page).getByRole("row").filter({ hasText: "not the whole of it" }).innerText();
  expect(cells).toMatch(/\b3\b/);
  await card(page, "Content").getByRole("button", { name: /Counted.*3/ }).waitFor();
  await page.getByRole("button", { name: /^QR codes\s*1/ }).waitFor();
  expect(faults).toEqual([]);
  await page.context().close();
});

test("a country on a card filters the page, and its chip takes it back", async () => {
  const [all, german] = await Promise.all([report("range=12m"), report("range=12m&country=DE")]);
  expect(german.summary.clicks).toBeLessThan(all.summary.clicks);
  const { page, faults } = await opened("/app/analytics?range=12m");
  expect(await figures(page)).toEqual(numbersOf(all.summary));
  await card(page, "Places").getByRole("button", { name: /^Germany/ }).click();
  await eventually(() => figures(page)).toEqual(numbersOf(german.summary));
  expect(new URL(page.url()).search).toBe("?range=12m&country=DE");
  await page.getByRole("list", { name: "Filters" }).getByRole("button", { name: "is", exact: true }).click();
  await eventually(() => new URL(page.url()).search).toBe("?range=12m&country_not=DE");
  await eventually(() => figure(page, "clicks")).toBe(all.summary.clicks - german.summary.clicks);
  await page.getByRole("button", { name: "Remove the filter Country" }).click();
  await eventually(() => figures(page)).toEqual(numbersOf(all.summary));
  await page.goBack();
  await eventually(() => figure(page, "clicks")).toBe(all.summary.clicks - german.summary.clicks);
  expect(faults).toEqual([]);
  await page.context().close();
});

test("a country on the map filters, too", async () => {
  const danish = await report("range=12m&country=DK");
  const { page, faults } = await opened("/app/analytics?range=12m");
  await page.locator("path[data-country=DK]").click({ force: true });
  await eventually(() => figures(page)).toEqual(numbersOf(danish.summary));
  await page.locator("path[data-country=DK]").hover({ force: true });
  await page.getByText(new RegExp(`^${danish.summary.clicks.toLocaleString("en")} clicks ·`)).waitFor();
  expect(faults).toEqual([]);
  await page.context().close();
});

test("the address is the page: somebody else sees the same", async () => {
  const query = "range=90d&compare=previous_year&interval=week&robots=include&measure=unique_visitors&channel=search,social&device_not=tablet&show=city,browser";
  const said = await report("range=90d&compare=previous_year&interval=week&robots=include&channel=search,social&device_not=tablet");
  const { page, faults } = await opened(`/app/analytics?${query}`);
  expect(new URLSearchParams(new URL(page.url()).search)).toEqual(new URLSearchParams(query));
  expect(await figures(page)).toEqual(numbersOf(said.summary));
  expect(await page.getByRole("button", { name: "Unique visitors" }).getAttribute("aria-pressed")).toBe("true");
  expect(await page.getByRole("tab", { name: "Cities" }).getAttribute("aria-selected")).toBe("true");
  expect(await page.getByRole("tab", { name: "Browsers" }).getAttribute("aria-selected")).toBe("true");
  expect(await page.getByRole("list", { name: "Filters" }).innerText()).toMatch(/Device\s*is not\s*Tablet[\s\S]*Channel\s*is\s*Search, Social/);
  expect(await chart(page).getByRole("row").count()).toBe(said.series.length + 1);
  expect(await page.getByLabel("Interval").inputValue()).toBe("week");
  expect(faults).toEqual([]);
  await page.context().close();
});

test("a comparison says by how much, draws a second line, and goes when it is not wanted", async () => {
  const day = (before: number) => new Date(Date.now() - before * 86_400_000).toISOString().slice(0, 10);
  const days = `from=${day(40)}&to=${day(31)}`;
  const said = await report(`${days}&compare=previous_period`);
  const { page, faults } = await opened(`/app/analytics?${days}`);
  const change = said.summary.change_pct!.clicks!;
  const row = page.getByRole("group", { name: "Choose what the page shows" });
  expect(change).not.toBe(0);
  await row.getByText(`${Math.abs(change).toLocaleString("en", { maximumFractionDigits: 1 })}%`, { exact: true }).first().waitFor();
  expect(await row.getByLabel(change > 0 ? "up" : "down").count()).toBeGreaterThan(0);
  expect(await chart(page).getByRole("columnheader").allInnerTexts()).toEqual(["Time", "Clicks", "Compared with"]);
  await page.keyboard.press("x");
  await eventually(() => new URL(page.url()).searchParams.get("compare")).toBe("none");
  await eventually(() => chart(page).getByRole("columnheader").allInnerTexts()).toEqual(["Time", "Clicks"]);
  expect(await figures(page)).toEqual(numbersOf(said.summary));
  expect(faults).toEqual([]);
  await page.context().close();
});

test("another figure is another chart and other cards", async () => {
  const [scans, all] = await Promise.all([report("range=12m&trigger=qr&group_by=link&limit=1"), report("range=12m")]);
  const { page, faults } = await opened("/app/analytics?range=12m");
  await page.getByRole("button", { name: "QR scans" }).click();
  await page.getByRole("figure", { name: "QR scans, Last 12 months" }).waitFor();
  await card(page, "Content").getByRole("button", { name: new RegExp(`${scans.breakdown.rows[0]!.clicks.toLocaleString("en")}$`) }).waitFor();
  await eventually(async () => (await chart(page).getByRole("row").last().getByRole("cell").first().innerText())).toBe(scans.series.at(-1)!.clicks.toLocaleString("en"));
  expect(await figures(page)).toEqual(numbersOf(all.summary));
  expect(faults).toEqual([]);
  await page.context().close();
});

test("periods by the keyboard: named ones, steps, and days that are typed", async () => {
  const { page, faults } = await opened("/app/analytics");
  const at = () => new URL(page.url()).search;
  await page.keyboard.press("w");
  await eventually(at).toBe("?range=7d");
  await page.keyboard.press(",");
  await eventually(at).toMatch(/^\?from=\d{4}-\d\d-\d\d&to=\d{4}-\d\d-\d\d$/);
  await page.keyboard.press(".");
  await eventually(at).toBe("?range=7d");
  await page.keyboard.press("p");
  await eventually(at).toBe("?range=last_month");
  const figuresText = () => page.getByRole("region", { name: "Figures" }).innerText();
  await eventually(figuresText).toContain(new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() - 1, 1))));
  await page.keyboard.press("c");
  const picker = page.getByRole("dialog", { name: "Period" });
  await picker.getByLabel("First day").fill("2026-03-29");
  await picker.getByLabel("Last day").fill("2026-03-28");
  await picker.getByText("Ends before it begins").waitFor();
  await picker.getByLabel("Last day").fill("2026-04-02");
  await picker.getByLabel("Last day").press("Enter");
  await eventually(at).toBe("?from=2026-03-29&to=2026-04-02");
  const summary = (await report("from=2026-03-29&to=2026-04-02")).summary;
  await eventually(() => figures(page)).toEqual(numbersOf(summary));
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).getByText("Last 12 months").waitFor();
  expect(faults).toEqual([]);
  await page.context().close();
});

test("the whole list is searched, and what is chosen there filters the page", async () => {
  const said = await report("range=12m&city=Hamburg%5C,%20DE");
  const { page, faults } = await opened("/app/analytics?range=12m");
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByRole("menuitem", { name: "City" }).click();
  const dialog = page.getByRole("dialog", { name: "Cities" });
  await dialog.getByRole("searchbox").fill("hambu");
  expect(await dialog.getByRole("listitem").count()).toBe(1);
  await dialog.getByRole("button", { name: /^(DE)?\s*Hamburg, Germany/ }).click();
  await eventually(() => new URL(page.url()).searchParams.get("city")).toBe("Hamburg\\, DE");
  // What is chosen does not hide what else could be.
  await dialog.getByRole("searchbox").fill("");
  await eventually(() => dialog.getByRole("listitem").count()).toBeGreaterThan(5);
  await page.keyboard.press("Escape");
  await eventually(() => figures(page)).toEqual(numbersOf(said.summary));
  expect(faults).toEqual([]);
  await page.context().close();
});

test("files hold what is seen", async () => {
  const said = await report("range=12m&device=mobile&group_by=country&limit=1000");
  const { page, faults } = await opened("/app/analytics?range=12m&device=mobile&compare=none");
  const saved = async (press: () => Promise<void>) => {
    const [file] = await Promise.all([page.waitForEvent("download"), press()]);
    return { name: file.suggestedFilename(), lines: readFileSync(await file.path(), "utf8").trim().split(/\r?\n/) };
  };
  const countries = await saved(() => page.getByRole("button", { name: "Countries as CSV" }).click());
  expect(countries.name).toBe("country.csv");
  expect(countries.lines.length).toBe(said.breakdown.rows.length + 1);
  const columns = countries.lines[0]!.split(",");
  const first = countries.lines[1]!.split(",");
  expect([first[columns.indexOf("country")], Number(first[columns.indexOf("clicks")])]).toEqual([said.breakdown.rows[0]!.group.country, said.breakdown.rows[0]!.clicks]);
  const series = await saved(async () => {
    await page.getByRole("button", { name: "Export" }).click();
    await page.getByRole("menuitem", { name: "Series (CSV)" }).click();
  });
  const sum = series.lines.slice(1).reduce((all, line) => all + Number(line.split(",")[series.lines[0]!.split(",").indexOf("clicks")]), 0);
  expect([series.lines.length, sum]).toEqual([said.series.length + 1, said.summary.clicks]);
  const clicks = await saved(async () => {
    await page.getByRole("button", { name: "Export" }).click();
    await page.getByRole("menuitem", { name: "Single clicks (CSV)" }).click();
  });
  expect([clicks.name, clicks.lines.length]).toEqual(["clicks.csv", said.summary.clicks + 1]);
  expect(faults).toEqual([]);
  await page.context().close();
});

test("live: a click is there within moments, and a paused list waits", async () => {
  const link = await call<{ id: string; short_url: string }>("POST", "/v1/links", { destination_url: "https://example.com/", alias: "live", title: "On the wire" });
  const { page, faults } = await opened(`/app/analytics?link=${link.id}`);
  await page.getByRole("button", { name: /in the last 5 minutes/ }).click();
  const live = page.getByRole("dialog", { name: "Live" });
  await live.getByText("Connected").waitFor();
  await live.getByText("Nobody clicked in the last 24 hours.").waitFor();
  await click(link.short_url);
  const lines = live.getByRole("list", { name: "Latest clicks" }).getByRole("listitem");
  await eventually(() => lines.count()).toBe(1);
  expect(await lines.first().innerText()).toMatch(/On the wire[\s\S]*Firefox[\s\S]*just now/);
  await eventually(() => live.locator("[data-live-total]").innerText()).toBe("1");
  await live.getByRole("button", { name: "Pause" }).click();
  await click(`${link.short_url}?qr=1`);
  await live.getByRole("button", { name: "Show 1 new click" }).waitFor();
  expect(await lines.count()).toBe(1);
  await live.getByRole("status").getByText(/new clicks?/).waitFor();
  await live.getByRole("button", { name: "Go on" }).click();
  await eventually(() => lines.count()).toBe(2);
  expect(await lines.first().innerText()).toContain("QR code");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^2 in the last 5 minutes/ }).waitFor();
  expect(faults).toEqual([]);
  await page.context().close();
});

test("a QR code has a page of its scans alone", async () => {
  const code = await call<{ id: string; short_url: string; name: string }>("POST", "/v1/qr-codes", { kind: "dynamic", name: "On the door", destination_url: "https://example.com/door", alias: "door" });
  await click(code.short_url);
  await click(`${code.short_url}?qr=1`);
  await click(`${code.short_url}?qr=1`);
  const { page, faults } = await opened(`/app/analytics?qr=${code.id}&range=today`);
  await page.getByRole("heading", { name: "On the door", level: 1 }).waitFor();
  expect([await figure(page, "clicks"), await figure(page, "unique_visitors")]).toEqual([2, 1]);
  expect(await page.getByRole("radiogroup", { name: "Links or QR codes" }).count()).toBe(0);
  await page.getByRole("button", { name: /^2 in the last 5 minutes/ }).waitFor();
  await page.getByRole("main").getByRole("link", { name: "Analytics", exact: true }).click();
  await page.getByRole("heading", { name: "Analytics", level: 1 }).waitFor();
  expect(new URL(page.url()).search).toBe("?range=today");
  expect(faults).toEqual([]);
  await page.context().close();
});

test("a view is saved, found again, renamed, and comes back after it was deleted", async () => {
  const { page, faults } = await opened("/app/analytics?range=90d&country=DE&live=true");
  await page.keyboard.press("Escape");
  const views = () => page.getByRole("dialog", { name: "Saved views" });
  await page.getByRole("button", { name: "Views" }).click();
  await views().getByRole("button", { name: /^Save this view/ }).click();
  const dialog = page.getByRole("dialog", { name: "Save this view" });
  await dialog.getByLabel("Name").fill("SCANS IN THE CAFÉS");
  await page.keyboard.press("Enter");
  // Another view has the name, in other letters.
  await dialog.getByRole("alert").waitFor();
  await dialog.getByLabel("Name").fill("German quarter");
  await page.keyboard.press("Enter");
  await page.getByText("View “German quarter” saved").first().waitFor();
  const kept = (await call<{ data: { name: string; query: string }[] }>("GET", "/v1/views")).data.find((view) => view.name === "German quarter");
  expect(kept?.query).toBe("country=DE&range=90d");

  await page.keyboard.press("v");
  await views().getByRole("button", { name: "Scans in the cafés", exact: true }).click();
  await eventually(() => new URL(page.url()).search).toBe("?range=90d&tag=cafe&trigger=qr");
  await page.getByRole("button", { name: "Scans in the cafés" }).click();
  await views().getByRole("button", { name: "German quarter", exact: true }).click();
  await eventually(() => new URL(page.url()).search).toBe("?range=90d&country=DE");

  await page.keyboard.press("v");
  await views().getByRole("button", { name: "Rename “German quarter”" }).click();
  await page.getByRole("dialog", { name: "Rename the view" }).getByLabel("Name").fill("Germany");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Germany", exact: true }).first().click();
  await views().getByRole("button", { name: "Delete “Germany”" }).click();
  await eventually(() => views().getByText("Germany").count()).toBe(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await eventually(async () => (await call<{ data: { name: string }[] }>("GET", "/v1/views")).data.map((view) => view.name)).toContain("Germany");
  expect(faults).toEqual([]);
  await page.context().close();
});

test("what the address gets wrong is said once, with a way out", async () => {
  const { page, faults } = await opened("/app/analytics?link=spring");
  await page.getByRole("alert").getByText("ids of links, like link_", { exact: false }).first().waitFor();
  expect(await page.getByRole("alert").count()).toBe(1);
  expect(await page.getByText(/^req_/).count()).toBe(1);
  await page.getByRole("link", { name: "Start over without filters" }).click();
  await page.locator("[data-figure=clicks]").waitFor();
  expect(new URL(page.url()).search).toBe("");
  expect(faults).toEqual([]);
  await page.context().close();
});

test("without a link there is nothing to count, and the page says how to begin", async () => {
  const password = "mosaic of nine tiles";
  const fresh = await Server.start({}, (data) => void tessera(["bootstrap", "--data", data, "--email", "ada@example.com", "--password-stdin"], password));
  const { page, faults } = await watched(browser, fresh.url);
  await logIn(page, "ada@example.com", password);
  await page.keyboard.press("g");
  await page.keyboard.press("a");
  await page.getByRole("heading", { name: "Nothing to count yet" }).waitFor();
  await page.getByText(`curl ${fresh.url}/v1/links`).waitFor();
  await page.getByRole("link", { name: "Create link" }).click();
  await page.getByRole("dialog", { name: "Create a link" }).waitFor();
  expect(faults).toEqual([]);
  await page.context().close();
  await fresh.stop();
});

test.each([
  ["light", 1440],
  ["dark", 390],
] as const)("axe finds nothing serious and nothing is wider than the screen, %s at %i px", async (colorScheme, width) => {
  const { page, faults } = await opened("/app/analytics", { colorScheme, viewport: { width, height: 844 } });
  const found: Record<string, string[]> = {};
  for (const path of ["/app/analytics?range=12m", "/app/analytics?range=90d&country=DE&referrer_not=none&measure=qr_scans", "/app/analytics?detail=browser", "/app/analytics?live=true", "/app/analytics?domain=nothing.example"]) {
    await page.goto(path);
    await settled(page);
    if (path.includes("live")) await page.getByText("Connected").waitFor();
    const wrong = await violations(page);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wider > 0) wrong.push(`${wider} px wider than the screen`);
    if (wrong.length > 0) found[path] = wrong;
  }
  await page.goto("/app/analytics");
  await settled(page);
  await page.getByRole("button", { name: /^Period/ }).click();
  await page.getByRole("dialog", { name: "Period" }).waitFor();
  const wrong = await violations(page);
  if (wrong.length > 0) found.picker = wrong;
  expect(found).toEqual({});
  expect(faults).toEqual([]);
  await page.context().close();
});
