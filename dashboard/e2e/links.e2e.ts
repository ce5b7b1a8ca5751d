// Links by hand; what a viewer sees; a session that ends; the keyboard alone; and what axe finds.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { violationsOn } from "./axe";
import { launch, logIn, Server, tessera, watched } from "./server";

const BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const OWNER = { email: "ada@example.com", password: "mosaic of nine tiles" };
const VIEWER = { email: "vera@example.com", password: "only looking at tiles" };

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

let passed = 0;
const click = async (url: string) => {
  const answer = await fetch(url, { redirect: "manual", headers: { "user-agent": BROWSER } });
  if (answer.status === 302) passed += 1;
  return answer;
};

test("a link is made, followed, counted, paused and resumed", async () => {
  const { page, faults } = await watched(browser, server.url);
  await logIn(page, OWNER.email, OWNER.password);
  await page.goto("/app/links");
  await page.getByRole("heading", { name: "Make the first link" }).waitFor();
  await page.getByRole("button", { name: "Create link" }).first().click();
  const drawer = page.getByRole("dialog");
  await drawer.getByRole("textbox", { name: "Destination" }).fill("javascript:alert(1)");
  await drawer.getByRole("button", { name: "Create link" }).click();
  await expect.poll(() => drawer.getByRole("textbox", { name: "Destination" }).getAttribute("aria-invalid")).toBe("true");
  await drawer.getByRole("textbox", { name: "Destination" }).fill("https://example.com/spring?x=1");
  await drawer.getByRole("textbox", { name: /^Short link/ }).fill("spring");
  await drawer.getByRole("textbox", { name: /^Title/ }).fill("Spring menu");
  await drawer.getByText("UTM builder").click();
  await drawer.getByRole("textbox", { name: "Source" }).fill("poster");
  await drawer.getByText("https://example.com/spring?x=1&utm_source=poster").waitFor();
  await drawer.getByRole("button", { name: "Create link" }).click();
  await drawer.getByText("Your link works").waitFor();
  const url = await drawer.getByRole("textbox", { name: "Short link", exact: true }).inputValue();
  await drawer.getByRole("img", { name: `QR code of ${url}` }).waitFor();
  await drawer.getByRole("button", { name: "Done" }).click();

  const answer = await click(url);
  expect([answer.status, answer.headers.get("location")]).toEqual([302, "https://example.com/spring?x=1&utm_source=poster"]);
  await page.goto("/app/links");
  await page.getByRole("row", { name: /Spring menu.*Active.* 1 / }).waitFor();

  await page.getByRole("button", { name: "Actions for Spring menu" }).click();
  await page.getByRole("menuitem", { name: "Pause" }).click();
  await page.getByRole("row", { name: /Spring menu.*Paused/ }).waitFor();
  await expect.poll(async () => (await click(url)).status).toBe(410);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(async () => (await click(url)).status).toBe(302);

  await page.getByRole("row", { name: /Spring menu/ }).getByText("Spring menu").click();
  await page.getByRole("heading", { name: "Spring menu", level: 1 }).waitFor();
  await expect.poll(async () => (await page.getByText("Clicks", { exact: true }).first().locator("..").innerText()).split(/\s+/)).toEqual(["Clicks", String(passed)]);
  expect(faults).toEqual([]);
  await page.context().close();
});

test("filters are in the address, and survive a reload", async () => {
  for (const [alias, tags] of [["a", ["red"]], ["b", ["red", "blue"]], ["c", ["blue"]]] as const) {
    await server.call("POST", "/v1/links", key, { destination_url: `https://example.com/${alias}`, alias: `filter-${alias}`, tags });
  }
  const { page, faults } = await watched(browser, server.url);
  await logIn(page, OWNER.email, OWNER.password);
  await page.goto("/app/links");
  await page.getByLabel("Search links").fill("filter-");
  await page.getByText("3 links match").waitFor();
  await page.getByLabel("Tag").selectOption("blue");
  await page.getByText("2 links match").waitFor();
  expect(new URL(page.url()).search).toBe("?search=filter-&tags=blue");
  await page.reload();
  await page.getByText("2 links match").waitFor();
  expect(faults).toEqual([]);
  await page.context().close();
});

test("tags of many links are added and taken away at once, and given back", async () => {
  const { page, faults } = await watched(browser, server.url);
  await logIn(page, OWNER.email, OWNER.password);
  await page.goto("/app/links?search=filter-");
  await page.getByLabel("Choose all that are loaded").check();
  await page.getByRole("toolbar", { name: "Chosen links" }).getByRole("button", { name: "Tags" }).click();
  const dialog = page.getByRole("dialog", { name: "Tags of 3 links" });
  await dialog.getByLabel("Add to all").fill("spring,");
  await dialog.getByLabel("Take away red").check();
  await dialog.getByRole("button", { name: "Change tags" }).click();
  const tags = async () => (await server.call<{ data: { alias: string; tags: string[] }[] }>("GET", "/v1/links?search=filter-&sort=alias", key)).data.map((link) => `${link.alias}: ${link.tags.toSorted().join(" ")}`);
  await page.getByText("3 links tagged anew", { exact: true }).waitFor();
  expect(await tags()).toEqual(["filter-a: spring", "filter-b: blue spring", "filter-c: blue spring"]);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(tags).toEqual(["filter-a: red", "filter-b: blue red", "filter-c: blue"]);
  expect(faults).toEqual([]);
  await page.context().close();
});

test("a viewer reads, finds no keys, and is told why a button does nothing", async () => {
  const { invite_url } = await server.call<{ invite_url: string }>("POST", "/v1/invitations", await server.tokenOf(OWNER), { role: "viewer", email: VIEWER.email });
  const { page, faults } = await watched(browser, server.url);
  await page.goto(invite_url);
  await page.getByLabel("Password").fill(VIEWER.password);
  await page.getByRole("button", { name: "Join" }).click();
  await page.getByRole("link", { name: "Open the dashboard" }).click();
  await page.getByRole("heading", { level: 1 }).waitFor();
  expect(await page.getByRole("link", { name: "API keys" }).count()).toBe(0);
  await page.goto("/app/settings/api-keys");
  await page.waitForURL("**/app/start");
  await page.goto("/app/links");
  const create = page.getByRole("button", { name: /^Create link/ });
  await create.waitFor();
  expect(await create.getAttribute("aria-disabled")).toBe("true");
  await create.click({ force: true });
  expect(await page.getByRole("dialog").count()).toBe(0);
  await page.getByText("Viewers can look at links.").first().waitFor({ state: "attached" });
  expect(await page.getByRole("checkbox").count()).toBe(0);
  expect(faults).toEqual([]);
  await page.context().close();
});

test("what a picture means is said beside it: on pointing, on focus by keyboard, not after Escape", async () => {
  const { page, faults } = await watched(browser, server.url);
  await logIn(page, OWNER.email, OWNER.password);
  await page.goto("/app/links?search=spring");
  const actions = page.getByRole("button", { name: "Actions for Spring menu" });
  const tip = page.getByRole("tooltip");
  await actions.hover();
  await tip.getByText("Actions for Spring menu").waitFor();
  expect(await actions.getAttribute("aria-describedby")).toBe(await tip.getAttribute("id"));
  const [box, inside] = [await tip.boundingBox(), page.viewportSize()!];
  expect(box!.x + box!.width).toBeLessThanOrEqual(inside.width);
  await page.keyboard.press("Escape");
  await tip.waitFor({ state: "hidden" });
  expect(await actions.getAttribute("aria-describedby")).toBeNull();
  await page.mouse.move(0, 0);
  await page.getByRole("row", { name: /Spring menu/ }).focus();
  while (!(await actions.evaluate((one) => one === document.activeElement))) await page.keyboard.press("Tab");
  await tip.getByText("Actions for Spring menu").waitFor();
  // The menu by keyboard: opened, gone through, closed, and the focus is where it was.
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Copy short link" }).waitFor();
  await tip.waitFor({ state: "hidden" });
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Escape");
  await page.getByRole("menu").waitFor({ state: "hidden" });
  await expect.poll(() => actions.evaluate((one) => one === document.activeElement)).toBe(true);
  expect(faults).toEqual([]);
  await page.context().close();
});

test("a session that ends asks for the password over the page, and goes on where it was", async () => {
  const { page, faults } = await watched(browser, server.url);
  await logIn(page, OWNER.email, OWNER.password);
  await page.goto("/app/links?new=true");
  await page.getByRole("textbox", { name: "Destination" }).fill("https://example.com/half-typed");
  await server.call("POST", "/v1/auth/logout-everywhere", await server.tokenOf(OWNER), {});
  await page.getByRole("button", { name: "Create link" }).last().click();
  const dialog = page.getByRole("dialog", { name: "Your session has ended" });
  await dialog.getByLabel("Password").fill("wrong");
  await dialog.getByRole("button", { name: "Log in", exact: true }).click();
  await dialog.getByRole("alert").waitFor();
  await dialog.getByLabel("Password").fill(OWNER.password);
  await dialog.getByRole("button", { name: "Log in", exact: true }).click();
  // The call that met the end is sent again by itself.
  await page.getByText("Your link works").waitFor();
  expect(faults).toEqual([]);
  await page.context().close();
});

test("a reload refreshes the session silently, and without one leads to the login and back", async () => {
  const { page } = await watched(browser, server.url);
  await page.goto("/app/links?search=filter-");
  await page.waitForURL("**/app/login?**");
  await page.getByLabel("E-mail").fill(OWNER.email);
  await page.getByLabel("Password").fill(OWNER.password);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByText("3 links match").waitFor();
  await page.reload();
  await page.getByText("3 links match").waitFor();
  await page.context().close();
});

test("who leaves the page while it refreshes stays logged in", async () => {
  const { page } = await watched(browser, server.url);
  await logIn(page, OWNER.email, OWNER.password);
  for (let times = 0; times < 8; times++) {
    const asked = page.waitForRequest("**/v1/auth/refresh");
    void page.reload({ waitUntil: "commit" }).catch(() => undefined);
    await asked;
  }
  await page.goto("/app/links?search=filter-");
  await page.getByText("3 links match").waitFor();
  await page.context().close();
});

test("the keyboard is enough", async () => {
  const { page, faults } = await watched(browser, server.url);
  await page.goto("/app/login");
  await page.getByLabel("E-mail").waitFor();
  await page.keyboard.type(OWNER.email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(OWNER.password);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: /ada/i }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("l");
  await page.getByRole("heading", { level: 1, name: "Links" }).waitFor();
  await page.keyboard.press("c");
  await page.getByRole("dialog", { name: "Create a link" }).waitFor();
  await page.keyboard.type("https://example.com/by-keyboard");
  await page.keyboard.press("Enter");
  await page.getByText("Your link works").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.getByRole("row", { name: /by-keyboard/ }).waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.getByRole("toolbar", { name: "Chosen links" }).getByText("1 link").waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/app/links/link_*");
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").getByRole("combobox").waitFor();
  await page.keyboard.type("api k");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "API keys" }).waitFor();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).getByText("Create a key").waitFor();
  expect(faults).toEqual([]);
  await page.context().close();
});

test.each(["light", "dark"] as const)("axe finds nothing serious, %s", async (colorScheme) => {
  const { page } = await watched(browser, server.url, { colorScheme, reducedMotion: "reduce" });
  const before = await violationsOn(page, ["/app/login", "/app/signup"]);
  await logIn(page, OWNER.email, OWNER.password);
  const { data } = await server.call<{ data: { id: string }[] }>("GET", "/v1/links?search=spring", key);
  const { api_key_id } = await server.call<{ api_key_id: string }>("GET", "/v1/me", key);
  const found = await violationsOn(page, ["/app/start", "/app/links", "/app/links?new=true", "/app/links?search=nothing", `/app/links/${data[0]!.id}`, "/app/settings/api-keys", "/app/settings/api-keys?new=true", `/app/settings/api-keys/${api_key_id}`, "/app/nowhere"]);
  expect(before).toEqual({});
  expect(found).toEqual({});
  await page.context().close();
});

test("an owner erases the clicks of a link: the reports forget them, the link goes on", async () => {
  const { id, short_url } = await server.call<{ id: string; short_url: string }>("POST", "/v1/links", key, { destination_url: "https://example.com/", alias: "forgotten", title: "Forgotten" });
  for (let at = 0; at < 3; at++) expect((await click(short_url)).status).toBe(302);
  const clicks = async () => (await server.call<{ summary: { clicks: number } }>("GET", `/v1/analytics/links/${id}?range=today&include=summary`, key)).summary.clicks;
  await expect.poll(clicks).toBe(3);
  const { page, faults } = await watched(browser, server.url);
  await logIn(page, OWNER.email, OWNER.password);
  await page.goto("/app/links?search=forgotten");
  await page.getByRole("button", { name: "Actions for Forgotten" }).click();
  await page.getByRole("menuitem", { name: "Erase its clicks" }).click();
  await page.getByRole("dialog", { name: "Erase the clicks of this link?" }).getByRole("button", { name: "Erase for ever" }).click();
  await page.getByText("3 clicks erased", { exact: true }).waitFor();
  expect(await clicks()).toBe(0);
  expect((await click(short_url)).status).toBe(302);
  expect(faults).toEqual([]);
  await page.context().close();
});

/** What the main thread did for each frame of scrolling, in milliseconds of its own time: waiting for others is not in it. */
async function cpuPerFrame(page: Page, steps: number, px: number): Promise<number> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  const busy = async () => (await cdp.send("Performance.getMetrics")).metrics.find((one) => one.name === "TaskDuration")!.value * 1000;
  const before = await busy();
  await page.evaluate(
    async ([steps, px]) => {
      for (let step = 0; step < steps; step++) {
        scrollBy(0, px);
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    },
    [steps, px] as const,
  );
  return ((await busy()) - before) / steps;
}

const MANY = 10_000;
const FRAME_MS = 16;

test("ten thousand links: few rows are drawn, the last ones come by scrolling, and a frame is never full", { timeout: 300_000 }, async () => {
  const csv = ["destination_url,alias,title,tags", ...Array.from({ length: MANY }, (_, at) => `https://example.org/item/${at},many-${at},Item ${at},"shelf-${at % 40},many"`)].join("\n");
  const answer = await fetch(`${server.url}/v1/bulk/jobs?resource=links`, { method: "POST", headers: { authorization: `Bearer ${key}`, "content-type": "text/csv" }, body: csv });
  expect(answer.status).toBe(202);
  const { id } = (await answer.json()) as { id: string };
  await expect.poll(async () => (await server.call<{ state: string }>("GET", `/v1/bulk/jobs/${id}`, key)).state, { timeout: 200_000, interval: 500 }).toBe("done");

  const { page, faults } = await watched(browser, server.url);
  await logIn(page, OWNER.email, OWNER.password);
  await page.goto("/app/links?tags=many");
  await page.getByText("10,000 links match").waitFor();
  const end = Date.now() + 120_000;
  while (!(await page.getByText("Item 0", { exact: true }).isVisible()) && Date.now() < end) {
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await page.waitForTimeout(30);
  }
  // The newest come first, so the first is the last.
  await page.getByText("Item 0", { exact: true }).waitFor();
  expect(await page.locator("tr[data-row]").count()).toBeLessThan(60);
  expect(await page.evaluate(() => document.querySelector("tbody")!.getBoundingClientRect().height)).toBeGreaterThan(MANY * 50);

  await page.evaluate(() => scrollTo(0, 100_000));
  await page.getByRole("row", { name: /Item 8/ }).first().waitFor();
  // A brisk wheel: 120 pixels in every frame.
  const [brisk, still] = [await cpuPerFrame(page, 150, 120), await cpuPerFrame(page, 60, 0)];
  process.stdout.write(`scrolling 10,000 links: ${brisk.toFixed(1)} ms of the main thread per frame, standing still ${still.toFixed(1)} ms\n`);
  expect(brisk - still, "milliseconds of the main thread per frame").toBeLessThan(FRAME_MS);
  expect(faults).toEqual([]);
  await page.context().close();
});
