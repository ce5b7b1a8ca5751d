// QR codes by hand: designed, downloaded and read by a scanner that is not ours; changed after printing; archived;
// dressed by a template; printed. And what axe finds, and what a phone shows.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { violationsOn } from "./axe";
import { layoutOf } from "../src/pages/qr-codes/sheet";
import { launch, logIn, Server, tessera, watched } from "./server";

const BROWSER = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";
const OWNER = { email: "ada@example.com", password: "mosaic of nine tiles" };
const PRINT_DPI = 300;
/** A tile of two colours, 40 × 40. */
const LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" rx="8" fill="#0b6e6e"/><circle cx="20" cy="20" r="9" fill="#fff"/></svg>';

let server: Server, browser: Browser;
let key = "";
const folder = mkdtempSync(join(tmpdir(), "tessera-qr-"));

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

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const answer = await fetch(`${server.url}${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

const scan = (url: string) => fetch(url, { redirect: "manual", headers: { "user-agent": BROWSER } });

/** What zbar reads in a picture. */
function decoded(file: string): string {
  const done = spawnSync("zbarimg", ["--quiet", "--raw", file], { encoding: "utf8" });
  return done.stdout.trim();
}

async function downloaded(page: Page, format: string): Promise<string> {
  await page.getByRole("button", { name: "Download", exact: true }).first().click();
  const dialog = page.getByRole("dialog", { name: "Download" });
  await dialog.getByRole("radio", { name: format, exact: true }).click();
  const [file] = await Promise.all([page.waitForEvent("download"), dialog.getByRole("button", { name: `Download ${format}` }).click()]);
  const path = join(folder, file.suggestedFilename());
  await file.saveAs(path);
  await dialog.waitFor({ state: "hidden" });
  return path;
}

async function begin(path: string, options: Parameters<Browser["newContext"]>[0] = {}) {
  const { page, faults } = await watched(browser, server.url, options);
  await logIn(page, OWNER.email, OWNER.password);
  await page.goto(path);
  return { page, faults, end: async () => (expect(faults).toEqual([]), page.context().close()) };
}

const step = (page: Page, name: string) => page.getByRole("tab", { name }).click();
const style = async (page: Page): Promise<Record<string, unknown>> => {
  await page.getByRole("button", { name: "JSON" }).click();
  const text = await page.getByRole("region", { name: "design as JSON" }).innerText();
  await page.getByRole("dialog").getByRole("button", { name: "Done" }).click();
  return JSON.parse(text) as Record<string, unknown>;
};

test("a code is designed, downloaded, and a scanner that is not ours reads what was asked", async () => {
  const { page, end } = await begin("/app/qr-codes");
  await page.getByRole("heading", { name: "Design the first code" }).waitFor();
  await page.getByRole("link", { name: "Create QR code" }).first().click();
  await page.getByRole("textbox", { name: "Name" }).fill("Menu, table 7");
  await page.getByRole("textbox", { name: "Web address" }).fill("javascript:alert(1)");
  await page.getByRole("textbox", { name: /^Short link/ }).fill("menu");
  await step(page, "Style");
  await page.getByRole("radio", { name: "Ocean" }).click();
  await page.getByRole("radiogroup", { name: "Shape of modules" }).getByRole("radio", { name: "Rounded", exact: true }).click();
  await step(page, "Logo");
  await page.locator("input[type=file]").setInputFiles({ name: "Tile.svg", mimeType: "image/svg+xml", buffer: Buffer.from(LOGO) });
  await expect.poll(() => page.getByRole("radio", { name: "Tile" }).getAttribute("aria-checked")).toBe("true");
  await step(page, "Frame");
  await page.getByRole("radio", { name: "Ticket" }).click();
  await page.getByRole("textbox", { name: /^Text/ }).fill("TABLE 7");
  await page.getByRole("complementary", { name: "Preview" }).getByText("Phones will read it").waitFor();

  // The server's refusal comes to the field it is about, on the step where that is.
  await page.getByRole("button", { name: "Create code" }).first().click();
  await expect.poll(() => page.getByRole("textbox", { name: "Web address" }).getAttribute("aria-invalid")).toBe("true");
  await page.getByRole("textbox", { name: "Web address" }).fill("https://example.com/menu");
  await page.getByRole("button", { name: "Create code" }).first().click();
  await page.getByRole("heading", { name: "Menu, table 7", level: 1 }).waitFor();

  const kept = await call<{ style: { dotsOptions: { type: string }; frame: { text: string }; image: string } }>("GET", "/v1/qr-codes/menu");
  expect([kept.style.dotsOptions.type, kept.style.frame.text, kept.style.image.slice(0, 5)]).toEqual(["rounded", "TABLE 7", "logo_"]);
  for (const format of ["PNG", "JPEG", "WebP"]) expect(decoded(await downloaded(page, format)), format).toBe(`${server.url}/menu?qr=1`);
  expect(readFileSync(await downloaded(page, "PDF")).subarray(0, 5).toString()).toBe("%PDF-");
  expect(readFileSync(await downloaded(page, "EPS")).subarray(0, 4).toString()).toBe("%!PS");
  expect(readFileSync(await downloaded(page, "SVG"), "utf8")).toMatch(/^<svg /);
  await end();
});

test("a destination is changed in its place, and the next scan leads there; undo takes it back", async () => {
  const { page, end } = await begin("/app/qr-codes");
  expect((await scan(`${server.url}/menu?qr=1`)).headers.get("location")).toBe("https://example.com/menu");
  await page.getByRole("link", { name: "Menu, table 7" }).click();
  await page.getByRole("button", { name: "Change the destination" }).click();
  await page.getByRole("textbox", { name: "Destination" }).fill("nonsense");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("alert").filter({ hasText: "whole address" }).waitFor();
  await page.getByRole("textbox", { name: "Destination" }).fill("https://example.com/winter");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("link", { name: "example.com/winter" }).waitFor();
  expect((await scan(`${server.url}/menu?qr=1`)).headers.get("location")).toBe("https://example.com/winter");
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("link", { name: "example.com/menu" }).waitFor();
  expect((await scan(`${server.url}/menu?qr=1`)).headers.get("location")).toBe("https://example.com/menu");
  await page.reload();
  await page.getByText("3 in all").waitFor();
  await end();
});

test("an archived code answers 410 until it is taken out of the archive", async () => {
  const { page, end } = await begin("/app/qr-codes");
  await page.getByRole("button", { name: "Actions for Menu, table 7" }).click();
  await page.getByRole("menuitem", { name: "Archive" }).click();
  await expect.poll(async () => (await scan(`${server.url}/menu?qr=1`)).status).toBe(410);
  await page.getByLabel("Status").selectOption("Archived");
  await page.getByText("1 code matches").waitFor();
  await page.getByRole("link", { name: "Menu, table 7" }).click();
  expect(await page.getByRole("button", { name: /^Edit design/ }).getAttribute("aria-disabled")).toBe("true");
  await page.getByRole("button", { name: "Take out of the archive" }).click();
  await expect.poll(async () => (await scan(`${server.url}/menu?qr=1`)).status).toBe(302);
  await end();
});

test("static content is written as its format wants it, with the server's words at the fields", async () => {
  const { page, end } = await begin("/app/qr-codes/new");
  await page.getByRole("textbox", { name: "Name" }).fill("Guests");
  await page.getByRole("radio", { name: "Wi-Fi", exact: true }).click();
  await page.getByRole("radio", { name: /^Static/ }).click();
  await page.getByText("A sample: the content is not complete yet.").waitFor();
  await page.getByRole("textbox", { name: "Network name (SSID)" }).fill('Cafe "7"; upstairs');
  await page.getByRole("button", { name: "Create code" }).first().click();
  await page.getByRole("alert").filter({ hasText: "unless security is none" }).waitFor();
  await page.getByRole("textbox", { name: /^Password/ }).fill("latte:art");
  await page.getByText("Holds the content itself.").waitFor();
  expect(decoded(await downloaded(page, "PNG"))).toBe('WIFI:T:WPA;S:Cafe \\"7\\"\\; upstairs;P:latte\\:art;;');

  await page.getByRole("radio", { name: "Contact" }).click();
  await page.getByRole("textbox", { name: /^First name/ }).fill("Ada");
  await page.getByRole("textbox", { name: "Telephone 1" }).fill("+49 30 1234567");
  await page.getByText("Holds the content itself.").waitFor();
  await page.getByRole("complementary", { name: "Preview" }).getByText("Phones will read it").waitFor();
  const card = decoded(await downloaded(page, "PNG"));
  expect(card).toContain("FN:Ada");
  expect(card).toContain("+49301234567");

  await page.getByRole("radio", { name: "Place", exact: true }).click();
  await page.getByRole("textbox", { name: "Latitude" }).fill("53.5436");
  await page.getByRole("textbox", { name: "Longitude" }).fill("200");
  await page.getByRole("alert").filter({ hasText: "180" }).waitFor();
  await page.getByRole("textbox", { name: "Longitude" }).fill("9.9881");
  await page.getByText("Holds the content itself.").waitFor();
  await page.getByRole("button", { name: "Create code" }).first().click();
  await page.getByRole("heading", { name: "Guests", level: 1 }).waitFor();
  expect(decoded(await downloaded(page, "PNG"))).toBe("geo:53.5436,9.9881");
  await end();
});

/** Of each kind: what is typed, and what a scanner reads. */
const KINDS: [kind: string, typed: [field: string | RegExp, text: string][], read: string | RegExp][] = [
  ["Text", [["Text", "Zwölf Boxkämpfer → 12"]], "Zwölf Boxkämpfer → 12"],
  ["E-mail", [["To", "ada@example.com"], [/^Subject/, "Beans & milk"]], "mailto:ada@example.com?subject=Beans%20%26%20milk"],
  ["Telephone", [["Number", "+49 (30) 123-4567"]], "tel:+49301234567"],
  ["SMS", [["Number", "+49 30 1234567"], [/^Message/, "Table 7"]], "SMSTO:+49301234567:Table 7"],
  ["WhatsApp", [["Number", "+49 151 23456789"], [/^Message/, "Hi"]], "https://wa.me/4915123456789?text=Hi"],
  ["MeCard", [[/^First name/, "Ada"], [/^Last name/, "Byron"]], /^MECARD:N:Byron,Ada;/],
  ["Event", [["Title", "Tasting"], ["Begins", "2027-06-12T18:00"], [/^Time zone/, "Europe/Berlin"]], /BEGIN:VEVENT[\s\S]*DTSTART:20270612T160000Z/],
  ["Bank transfer", [["Who is paid", "Harbour Lane"], ["IBAN", "DE89 3704 0044 0532 0130 00"], [/^Euros/, "12.50"]], /^BCD\r?\n002\r?\n1\r?\nSCT[\s\S]*DE89370400440532013000\r?\nEUR12\.50?$/],
  ["Coins", [["Address", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"], [/^Amount/, "0.015"]], "bitcoin:BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4?amount=0.015"],
];

test("each kind has its fields, and a scanner reads what its format says", async () => {
  const { page, end } = await begin("/app/qr-codes/new");
  let before: string | null = null;
  for (const [kind, typed, read] of KINDS) {
    await page.getByRole("radio", { name: kind, exact: true }).click();
    if (kind === "Event") await page.getByRole("radio", { name: /^Static/ }).click();
    for (const [field, text] of typed) await (field === "Begins" ? page.getByLabel(field) : page.getByRole("textbox", { name: field, exact: true })).fill(text);
    // The picture of the kind before stays for a moment.
    await expect.poll(() => page.getByRole("img", { name: "The code as it will be" }).getAttribute("src")).not.toBe(before);
    before = await page.getByRole("img", { name: "The code as it will be" }).getAttribute("src");
    await page.getByRole("complementary", { name: "Preview" }).getByText("Phones will read it").waitFor();
    const found = decoded(await downloaded(page, "PNG"));
    if (typeof read === "string") expect(found, kind).toBe(read);
    else expect(found, kind).toMatch(read);
  }
  // The one kind that can only be dynamic: a phone is sent to its store.
  await page.getByRole("radio", { name: "App", exact: true }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("App");
  await page.getByRole("textbox", { name: /^Short link/ }).fill("our-app");
  await page.getByRole("textbox", { name: /^For iPhone/ }).fill("https://apps.apple.com/app/id123");
  await page.getByRole("button", { name: "Create code" }).first().click();
  await page.getByRole("heading", { name: "App", level: 1 }).waitFor();
  expect((await scan(`${server.url}/our-app?qr=1`)).headers.get("location")).toBe("https://apps.apple.com/app/id123");
  await end();
});

test("a design that fails is explained; it is mended by one press, or kept when somebody insists", async () => {
  const { page, end } = await begin("/app/qr-codes/new?step=style");
  const side = page.getByRole("complementary", { name: "Preview" });
  const modules = page.getByRole("textbox", { name: "Colour of modules" });
  await modules.fill("#f4f4f4");
  await side.getByText("Phones will not read it").waitFor();
  await step(page, "Content");
  await page.getByRole("textbox", { name: "Name" }).fill("Pale");
  await page.getByRole("textbox", { name: "Web address" }).fill("https://example.com/pale");
  await page.getByRole("button", { name: "Create code" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Phones would not read this" });
  await dialog.getByText(/contrast between dark and light modules/).waitFor();
  await dialog.getByRole("button", { name: "Go on designing" }).click();
  await side.getByRole("button", { name: /^Apply: .*darker modules/ }).click();
  await side.getByText("Phones will read it").waitFor();

  // A quiet zone is what the API can mend by itself.
  await step(page, "Size and level");
  await page.getByRole("slider", { name: "Quiet zone" }).fill("0");
  await side.getByText("Some phones may miss it").waitFor();
  await side.getByRole("button", { name: "Mend it" }).click();
  await side.getByText("Phones will read it").waitFor();
  expect((await style(page)).quietZone).toBe(4);

  await step(page, "Style");
  await modules.fill("#f4f4f4");
  await side.getByText("Phones will not read it").waitFor();
  await page.getByRole("button", { name: "Create code" }).first().click();
  await dialog.getByRole("button", { name: "Save it anyway" }).click();
  await page.getByRole("heading", { name: "Pale", level: 1 }).waitFor();
  await page.getByText("Phones will not read it").waitFor();
  await end();
});

test("steps go back and forth, a design is pasted from its package, and nothing is lost by leaving", async () => {
  const { page, end } = await begin("/app/qr-codes/new?step=style");
  await page.getByRole("radio", { name: "Sunset" }).click();
  await page.getByRole("radiogroup", { name: "Rings" }).getByRole("radio", { name: "Square" }).click();
  const before = await style(page);
  await page.keyboard.press("Control+z");
  await expect.poll(async () => (await style(page)).cornersSquareOptions).toEqual({ type: "extra-rounded" });
  await page.getByRole("button", { name: "Redo" }).click();
  expect(await style(page)).toEqual(before);

  await page.getByRole("button", { name: "JSON" }).click();
  await page.getByRole("radio", { name: "Bring one" }).click();
  const options = page.getByRole("textbox", { name: "Options" });
  await options.fill("new QRCodeStyling({ type: 'canvas', data: 'x', dotsOptions: { color: 'nocolour', type: 'dots' } })");
  await page.getByRole("button", { name: "Use this design" }).click();
  await page.getByRole("alert").filter({ hasText: "dotsOptions.color" }).waitFor();
  await options.fill("new QRCodeStyling({ type: 'canvas', data: 'x', dotsOptions: { color: '#4267b2', type: 'dots', }, })");
  await page.getByRole("button", { name: "Use this design" }).click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  expect(await style(page)).toEqual({ dotsOptions: { color: "#4267b2", type: "dots" } });

  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Links" }).click();
  const asks = page.getByRole("dialog", { name: "Leave without saving?" });
  await asks.getByRole("button", { name: "Cancel" }).click();
  expect(new URL(page.url()).pathname).toBe("/app/qr-codes/new");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Links" }).click();
  await asks.getByRole("button", { name: "Leave" }).click();
  await page.waitForURL("**/app/links");
  await end();
});

test("a template is saved from a code and applied to two others, which keep what they say", async () => {
  for (const name of ["Door", "Window"]) await call("POST", "/v1/qr-codes", { name, alias: name.toLowerCase(), destination_url: `https://example.com/${name.toLowerCase()}` });
  const { page, end } = await begin("/app/qr-codes");
  await page.getByRole("button", { name: "Actions for Menu, table 7" }).click();
  await page.getByRole("menuitem", { name: "Save as template" }).click();
  await page.getByRole("dialog").getByRole("textbox", { name: "Name" }).fill("House style");
  await page.getByRole("button", { name: "Save template" }).click();
  await page.getByText("Template saved", { exact: true }).waitFor();
  for (const name of ["Door", "Window"]) await page.getByRole("checkbox", { name: `Choose ${name}` }).click();
  await page.getByRole("toolbar", { name: "Chosen codes" }).getByRole("button", { name: "Apply a template" }).click();
  await page.getByRole("dialog").getByRole("radio", { name: "House style" }).click();
  await page.getByRole("button", { name: "Apply to 2 codes" }).click();
  await page.getByText("House style applied", { exact: true }).waitFor();
  for (const name of ["door", "window"]) {
    const code = await call<{ style: { frame: { text: string } }; data: string }>("GET", `/v1/qr-codes/${name}`);
    expect([code.style.frame.text, code.data]).toEqual(["TABLE 7", `${server.url}/${name}?qr=1`]);
  }

  await page.goto("/app/templates");
  await page.getByRole("button", { name: "Actions for House style" }).click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await page.getByRole("dialog").getByRole("textbox", { name: "Name" }).fill("Summer style");
  await page.getByRole("dialog").getByRole("button", { name: "Rename" }).click();
  await page.getByRole("link", { name: "Summer style" }).click();
  await page.getByRole("tab", { name: "Frame" }).click();
  await page.getByRole("textbox", { name: /^Text/ }).fill("SUMMER");
  await page.getByRole("button", { name: "Save", exact: true }).first().click();
  await page.getByText("Template changed", { exact: true }).waitFor();
  const { data } = await call<{ data: { name: string; style: { frame: { text: string } } }[] }>("GET", "/v1/templates");
  expect(data.map((one) => [one.name, one.style.frame.text])).toEqual([["Summer style", "SUMMER"]]);

  // A logo that is used stays, and the refusal says why.
  await page.getByRole("radio", { name: "Logos" }).click();
  await page.getByRole("button", { name: "Delete Tile" }).click();
  await page.getByRole("button", { name: "Delete logo" }).click();
  await page.getByRole("dialog").getByRole("alert").waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  await end();
});

test("a printed sheet has twenty codes of forty millimetres on A4, and each of them scans", async () => {
  const { page, end } = await begin("/app/qr-codes");
  await page.getByRole("button", { name: "Actions for Door" }).click();
  await page.getByRole("menuitem", { name: "Print sheet" }).click();
  await page.getByText("1 sheet of A4, 4 × 5 codes of 40 mm").waitFor();
  await page.getByRole("img", { name: "Sheet with 20 codes" }).waitFor();
  const file = join(folder, "sheet.pdf");
  writeFileSync(file, await page.pdf({ preferCSSPageSize: true, printBackground: true }));
  const about = spawnSync("pdfinfo", [file], { encoding: "utf8" }).stdout;
  expect(about).toMatch(/Pages:\s+1\n/);
  expect(about).toContain("(A4)");
  // Each place by itself, as somebody holds a phone over what was cut out.
  const { columns, rows, cell, gap, left, top } = layoutOf("a4", 40, 5, { captions: true, marks: true });
  expect([columns, rows]).toEqual([4, 5]);
  const dots = (mm: number) => String(Math.round((mm * PRINT_DPI) / 25.4));
  for (let at = 0; at < columns * rows; at++) {
    const [x, y] = [left + (at % columns) * (cell.width + gap), top + Math.floor(at / columns) * (cell.height + gap)];
    const cut = ["-x", dots(x), "-y", dots(y), "-W", dots(cell.width), "-H", dots(cell.height)];
    expect(spawnSync("pdftoppm", ["-r", String(PRINT_DPI), ...cut, "-png", "-singlefile", file, join(folder, `place-${at}`)]).status).toBe(0);
    expect(decoded(join(folder, `place-${at}.png`)), `place ${at + 1}`).toBe(`${server.url}/door?qr=1`);
  }
  await end();
});

const pagesOf = async () => {
  const door = await call<{ id: string }>("GET", "/v1/qr-codes/door");
  return [
    "/app/qr-codes",
    "/app/qr-codes?view=table",
    "/app/qr-codes?search=nothing-is-called-so",
    ...["content", "style", "logo", "frame", "size"].map((name) => `/app/qr-codes/new?step=${name}`),
    `/app/qr-codes/${door.id}`,
    `/app/qr-codes/${door.id}/edit`,
    `/app/qr-codes/print?ids=${door.id}`,
    "/app/templates",
    "/app/templates?shelf=presets",
    "/app/templates?shelf=logos",
    "/app/templates/new",
  ];
};

test.each(["light", "dark"] as const)("axe finds nothing serious on the QR pages, %s", async (colorScheme) => {
  const { page, end } = await begin("/app/start", { colorScheme, reducedMotion: "reduce" });
  expect(await violationsOn(page, await pagesOf())).toEqual({});
  await end();
});

test("at 390 pixels no QR page is wider than the screen, and a code is made with one hand", async () => {
  const { page, end } = await begin("/app/start", { viewport: { width: 390, height: 844 } });
  for (const path of await pagesOf()) {
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await expect.poll(() => page.locator(".animate-pulse").count()).toBe(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), path).toBeLessThanOrEqual(0);
  }
  await page.goto("/app/qr-codes/new?preset=rounded");
  await page.getByRole("textbox", { name: "Name" }).fill("By phone");
  await page.getByRole("textbox", { name: "Web address" }).fill("https://example.com/phone");
  await page.getByRole("button", { name: "Preview and verdict" }).click();
  await page.getByRole("dialog", { name: "Preview" }).getByText("Phones will read it").waitFor();
  await page.getByRole("dialog", { name: "Preview" }).getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Create code" }).last().click();
  await page.getByRole("heading", { name: "By phone", level: 1 }).waitFor();
  await end();
});
