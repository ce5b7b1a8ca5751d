// Who goes elsewhere: rules made by hand in the drawer, followed by HTTP as different visitors, moved, removed, refused; by
// the keyboard alone, on a phone; and what axe finds.
import type { Browser, Locator } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { violations } from "./axe";
import { launch, logIn, Server, tessera, watched } from "./server";

const OWNER = { email: "ada@example.com", password: "mosaic of nine tiles" };
const WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36";
const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";
const ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36";
const ROBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
const PLACES = new URL("../../crates/events/tests/data/mmdb/GeoIP2-City-Test.mmdb", import.meta.url).pathname;

let server: Server, browser: Browser;
let key = "";

beforeAll(async () => {
  server = await Server.start({ TESSERA_EVENTS__PLACE_FILE: PLACES }, (data) => {
    key = tessera<{ api_key: string }>(["bootstrap", "--data", data, "--email", OWNER.email, "--password-stdin"], OWNER.password).api_key;
  });
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

type Link = { id: string; short_url: string; targets: { countries: string[]; devices: string[]; languages: string[]; destination_url: string }[]; variants: unknown[] };
const make = (body: object) => server.call<Link>("POST", "/v1/links", key, { destination_url: "https://example.com/rest", ...body });
const read = (link: Link) => server.call<Link>("GET", `/v1/links/${link.id}`, key);

/** The path where a visit ends. */
async function goes(alias: string, agent: string, languages = "en"): Promise<string> {
  const answer = await fetch(`${server.url}/${alias}`, { redirect: "manual", headers: { "user-agent": agent, "accept-language": languages } });
  expect(answer.status).toBe(302);
  return answer.headers.get("location")!.replace("https://example.com", "");
}

async function begin(path: string, options: Parameters<Browser["newContext"]>[0] = {}) {
  const { page, faults } = await watched(browser, server.url, options);
  await logIn(page, OWNER.email, OWNER.password);
  await page.goto(path);
  return { page, drawer: page.getByRole("dialog"), end: async () => (expect(faults).toEqual([]), page.context().close()) };
}

const rule = (drawer: Locator, at: number) => drawer.getByRole("listitem", { name: `Rule ${at}` });
const variant = (drawer: Locator, at: number) => drawer.getByRole("listitem", { name: `Variant ${at}` });
const field = (row: Locator, name: string) => row.getByLabel(name);
const unfold = (drawer: Locator) => drawer.locator("summary", { hasText: "Who goes elsewhere" }).click();

async function choose(row: Locator, name: string, typed: string, option: string) {
  await field(row, name).fill(typed);
  await row.getByRole("option", { name: option }).click();
}

test("rules and a split are made by hand, and visitors go where they say", async () => {
  const { page, drawer, end } = await begin("/app/links?new=true");
  await drawer.getByRole("textbox", { name: "Destination" }).fill("https://example.com/rest");
  await drawer.getByRole("textbox", { name: /^Short link/ }).fill("who");
  await drawer.getByRole("textbox", { name: /^Title/ }).fill("Who goes elsewhere");
  await unfold(drawer);
  await drawer.getByRole("button", { name: "Add a rule" }).click();
  await choose(rule(drawer, 1), "who read languages", "deut", "German de");
  await field(rule(drawer, 1), "go to address").fill("https://example.com/de");
  await drawer.getByLabel("iPhones and iPads go to").fill("https://example.com/ios");
  await drawer.getByRole("button", { name: "Add a variant" }).click();
  await field(variant(drawer, 1), "go to address").fill("https://example.com/b");
  await field(variant(drawer, 1), "labelled utm_content").fill("b");
  await drawer.getByText("The rest, 50 %, goes to example.com/rest.").waitFor();
  await drawer.getByRole("img", { name: "Shares: b 50 %, the rest 50 %" }).waitFor();
  await drawer.getByRole("button", { name: "Create link" }).click();
  await drawer.getByText("Your link works").waitFor();
  await drawer.getByRole("button", { name: "Done" }).click();

  expect(await goes("who", WINDOWS, "de-AT,de;q=0.9")).toBe("/de");
  expect(await goes("who", IPHONE, "de")).toBe("/de");
  expect(await goes("who", IPHONE)).toBe("/ios");
  expect(await goes("who", ROBOT)).toBe("/rest");
  const found = { "/rest": 0, "/b?utm_content=b": 0 };
  for (let n = 0; n < 60; n++) {
    const where = await goes("who", `${WINDOWS} Edg/${n}`);
    expect(await goes("who", `${WINDOWS} Edg/${n}`)).toBe(where);
    found[where as keyof typeof found] += 1;
  }
  // 30 each are expected; these are four standard deviations.
  expect(found["/rest"] + found["/b?utm_content=b"]).toBe(60);
  expect(Math.abs(found["/rest"] - 30)).toBeLessThanOrEqual(15);

  await page.getByRole("row", { name: /Who goes elsewhere/ }).getByLabel("Takes some visitors elsewhere").waitFor();
  await page.getByRole("row", { name: /Who goes elsewhere/ }).getByText("Who goes elsewhere").click();
  await page.getByRole("link", { name: "Some visitors go elsewhere" }).waitFor();
  const lines = page.getByRole("list").filter({ hasText: "The rest" }).getByRole("listitem");
  expect((await lines.allInnerTexts()).map((line) => line.replace(/\s+/g, " "))).toEqual([
    "1 Visitors who read German go to example.com/de",
    "2 iPhones and iPads go to example.com/ios",
    "50 % of everybody else go to example.com/b b",
    "The rest, 50 %, goes to example.com/rest",
  ]);
  await page.getByRole("link", { name: "Clicks by label" }).click();
  await page.getByRole("tab", { name: "UTM contents", selected: true }).waitFor();
  await page.getByRole("button", { name: new RegExp(`^b .*${2 * found["/b?utm_content=b"]}$`) }).waitFor();
  await end();
});

test("rules are moved and removed by the keyboard alone, and the first that fits decides", async () => {
  const target = (language: string) => ({ countries: [], devices: ["mobile"], languages: [language], destination_url: `https://example.com/${language}` });
  const link = await make({ alias: "order", targets: [target("pt"), target("pt-BR"), target("sv")], variants: [{ destination_url: "https://example.com/b", percent: 100 }] });
  expect(await goes("order", ANDROID, "pt-BR")).toBe("/pt");
  const { page, drawer, end } = await begin(`/app/links/${link.id}?edit=true`);
  const isFocused = (one: Locator) => expect.poll(() => one.evaluate((element) => element === document.activeElement)).toBe(true);

  await rule(drawer, 2).getByRole("button", { name: "Move up" }).focus();
  await page.keyboard.press("Enter");
  await drawer.getByText("Now rule 1 of 3.").waitFor({ state: "attached" });
  await isFocused(rule(drawer, 1).getByRole("button", { name: "Move up" }));
  // Where it is first, there is no further up.
  await page.keyboard.press("Enter");
  await rule(drawer, 1).getByText("Portuguese (Brazil)").waitFor();
  // From within its fields too, and down: the focus goes with the row.
  await field(rule(drawer, 2), "go to address").focus();
  await page.keyboard.press("Alt+ArrowDown");
  await isFocused(field(rule(drawer, 3), "go to address"));
  expect(await field(rule(drawer, 3), "go to address").inputValue()).toBe("https://example.com/pt");

  await rule(drawer, 2).getByRole("button", { name: "Remove rule 2" }).focus();
  await page.keyboard.press("Enter");
  await isFocused(drawer.getByRole("button", { name: "Add a rule" }));
  await page.keyboard.press("Enter");
  await isFocused(field(rule(drawer, 3), "Visitors in countries"));
  await page.keyboard.type("swe");
  await page.keyboard.press("Enter");
  await page.keyboard.type("UK");
  await page.keyboard.press("Enter");
  // Escape closes the list, and not the drawer.
  await page.keyboard.press("ArrowDown");
  await rule(drawer, 3).getByRole("listbox").waitFor();
  await page.keyboard.press("Escape");
  await rule(drawer, 3).getByRole("listbox").waitFor({ state: "hidden" });
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.keyboard.type("mac");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Backspace");
  await page.keyboard.press("Tab");
  // A tag that is in no list is one too, and needs no Enter where it is whole.
  await page.keyboard.type("de-LU");
  await page.keyboard.press("Tab");
  await page.keyboard.type("https://example.com/lu");
  await drawer.getByRole("button", { name: "Remove variant 1" }).press("Enter");
  await drawer.getByRole("button", { name: "Save" }).press("Enter");
  await page.getByText("Link changed", { exact: true }).waitFor();

  const now = await read(link);
  expect(now.targets.slice(0, 2)).toEqual([target("pt-BR"), target("pt")]);
  expect(now.targets[2]).toEqual({ countries: ["SE", "GB"], devices: ["desktop"], languages: ["de-LU"], destination_url: "https://example.com/lu" });
  expect(now.variants).toEqual([]);
  expect(await goes("order", ANDROID, "pt-BR")).toBe("/pt-BR");
  expect(await goes("order", ANDROID, "pt-PT")).toBe("/pt");
  expect(await goes("order", ANDROID, "sv")).toBe("/rest");
  await end();
});

test("what is typed out counts where one goes on at once, and so does what one goes on with", async () => {
  const { drawer, end } = await begin("/app/links?new=true");
  await unfold(drawer);
  await drawer.getByRole("button", { name: "Add a rule" }).click();
  await field(rule(drawer, 1), "who read languages").fill("de-LU");
  // As soon after the field was left as a key can be: before anything is drawn.
  await field(rule(drawer, 1), "go to address").evaluate(async (next: HTMLInputElement) => {
    next.focus();
    await new Promise((resolve) => setTimeout(resolve));
    document.execCommand("insertText", false, "https://example.com/lu");
  });
  await rule(drawer, 1).getByRole("button", { name: "Remove German (Luxembourg)" }).waitFor();
  expect(await field(rule(drawer, 1), "go to address").inputValue()).toBe("https://example.com/lu");
  expect(await field(rule(drawer, 1), "go to address").evaluate((element) => element === document.activeElement)).toBe(true);
  await end();
});

test("what the server refuses stands at its row, also when that is moved, until it is mended", async () => {
  const link = await make({ alias: "wrong", targets: [{ languages: ["de"], destination_url: "https://example.com/de" }] });
  const { page, drawer, end } = await begin(`/app/links/${link.id}?edit=true`);
  for (let n = 0; n < 2; n++) await drawer.getByRole("button", { name: "Add a rule" }).click();
  await choose(rule(drawer, 2), "on devices", "iphone", "iPhone/iPad");
  await field(rule(drawer, 2), "go to address").fill(`${server.url}/wrong`);
  await field(rule(drawer, 3), "go to address").fill("https://example.com/");
  await drawer.getByRole("button", { name: "Add a variant" }).click();
  await field(variant(drawer, 1), "go to address").fill("https://example.com/b");
  await field(variant(drawer, 1), "Percent").fill("0");
  // Folded away, it is unfolded for what was refused.
  await unfold(drawer);
  await drawer.getByRole("button", { name: "Save" }).click();

  const alerts = (row: Locator) => row.getByRole("alert").allInnerTexts();
  await expect.poll(() => alerts(rule(drawer, 2))).toEqual(["this leads back to this server; give the address it should end at"]);
  expect(await alerts(rule(drawer, 1))).toEqual([]);
  expect(await alerts(rule(drawer, 3))).toEqual(["name countries, devices or languages; everybody goes to the link's destination_url"]);
  expect(await alerts(variant(drawer, 1))).toEqual(["a whole number from 1 to 100"]);
  expect(await field(rule(drawer, 2), "go to address").evaluate((element) => element === document.activeElement)).toBe(true);
  expect(await violations(page)).toEqual([]);

  await rule(drawer, 2).getByRole("button", { name: "Move up" }).click();
  expect(await alerts(rule(drawer, 1))).toEqual(["this leads back to this server; give the address it should end at"]);
  expect(await alerts(rule(drawer, 2))).toEqual([]);
  await field(rule(drawer, 1), "go to address").fill("https://example.com/ios");
  expect(await alerts(rule(drawer, 1))).toEqual([]);
  await rule(drawer, 3).getByRole("button", { name: "Remove rule 3" }).click();
  await field(variant(drawer, 1), "Percent").fill("70");
  await drawer.getByRole("button", { name: "Add a variant" }).click();
  await field(variant(drawer, 2), "go to address").fill("https://example.com/c");
  await field(variant(drawer, 2), "Percent").fill("40");
  await drawer.getByText("Together 110 %: 10 more than there are.").waitFor();
  await drawer.getByRole("button", { name: "Share evenly" }).click();
  await drawer.getByText("The rest, 34 %, goes to example.com/rest.").waitFor();
  await drawer.getByRole("button", { name: "Save" }).click();
  await page.getByText("Link changed", { exact: true }).waitFor();
  const now = await read(link);
  expect(now.targets.map((target) => target.destination_url)).toEqual(["https://example.com/ios", "https://example.com/de"]);
  expect(now.variants).toMatchObject([{ percent: 33 }, { percent: 33 }]);
  await end();
});

test("a server that cannot tell countries says so at the countries", async () => {
  const blind = await Server.start({}, (data) => {
    tessera(["bootstrap", "--data", data, "--email", OWNER.email, "--password-stdin"], OWNER.password);
  });
  const { page, faults } = await watched(browser, blind.url);
  await logIn(page, OWNER.email, OWNER.password);
  await page.goto("/app/links?new=true");
  const drawer = page.getByRole("dialog");
  await drawer.getByRole("textbox", { name: "Destination" }).fill("https://example.com/");
  await unfold(drawer);
  await drawer.getByRole("button", { name: "Add a rule" }).click();
  await choose(rule(drawer, 1), "Visitors in countries", "ger", "Germany DE");
  await field(rule(drawer, 1), "go to address").fill("https://example.com/de");
  await drawer.getByRole("button", { name: "Create link" }).click();
  await rule(drawer, 1).getByRole("alert").getByText("this server cannot tell where visitors are").waitFor();
  expect(faults).toEqual([]);
  await page.context().close();
  await blind.stop();
});

const FULL = {
  targets: [
    { countries: ["DE", "AT"], devices: ["mobile"], languages: ["de"], destination_url: "https://example.com/de" },
    { languages: ["pt-BR"], destination_url: "https://example.com/br" },
  ],
  ios_url: "https://example.com/ios",
  android_url: "https://example.com/android",
  variants: [{ destination_url: "https://example.com/b", percent: 30, utm_content: "b" }],
};

test.each(["light", "dark"] as const)("axe finds nothing serious in the drawer, its lists and the page, %s", async (colorScheme) => {
  const link = await make({ alias: `axe-${colorScheme}`, ...FULL });
  const { page, drawer, end } = await begin(`/app/links/${link.id}`, { colorScheme, reducedMotion: "reduce" });
  await page.getByRole("heading", { name: "Who goes elsewhere" }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.goto(`/app/links?edit=${link.id}`);
  await rule(drawer, 2).waitFor();
  expect(await violations(page)).toEqual([]);
  await field(rule(drawer, 1), "Visitors in countries").click();
  await rule(drawer, 1).getByRole("listbox").waitFor();
  expect(await violations(page)).toEqual([]);
  await field(rule(drawer, 1), "Visitors in countries").fill("nowhere");
  await rule(drawer, 1).getByText("Nothing is called “nowhere”.").waitFor();
  expect(await violations(page)).toEqual([]);
  await end();
});

test("at 390 pixels nothing is wider than the screen, and a rule is made with one hand", async () => {
  const link = await make({ alias: "narrow", ...FULL });
  const { page, drawer, end } = await begin(`/app/links/${link.id}`, { viewport: { width: 390, height: 844 }, hasTouch: true });
  const overflow = (of: Locator) => of.evaluate((one) => one.scrollWidth - one.clientWidth);
  await page.getByRole("heading", { name: "Who goes elsewhere" }).waitFor();
  expect(await overflow(page.locator("html"))).toBeLessThanOrEqual(0);
  await page.goto(`/app/links?edit=${link.id}`);
  await drawer.getByRole("button", { name: "Add a rule" }).tap();
  await field(rule(drawer, 3), "who read languages").tap();
  await rule(drawer, 3).getByRole("option", { name: "Danish da" }).tap();
  await field(rule(drawer, 3), "go to address").fill("https://example.com/da");
  expect(await overflow(drawer.locator("form"))).toBeLessThanOrEqual(0);
  await drawer.getByRole("button", { name: "Save" }).tap();
  await page.getByText("Link changed", { exact: true }).waitFor();
  expect(await goes("narrow", IPHONE, "da")).toBe("/da");
  await end();
});
