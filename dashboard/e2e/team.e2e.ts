// People: invited, let in, given another role; what a viewer finds; the audit log of it; one's own password and sessions;
// the workspace's settings, its logs, and signing up.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { violationsOn } from "./axe";
import { launch, logIn, Server, tessera, watched } from "./server";

const OWNER = { email: "ada@example.com", password: "mosaic of nine tiles" };
const GUEST = { email: "grace@example.com", password: "nanoseconds on a wire" };
const PATHS = ["members", "members?new=true", "plan", "audit", "requests", "workspace", "workspace?new=true", "profile"].map((page) => `/app/settings/${page}`);
const ROLE = /Role of grace/;

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

async function loggedIn(who: { email: string; password: string }) {
  const watch = await watched(browser, server.url);
  await logIn(watch.page, who.email, who.password);
  return watch;
}

async function choose(page: Page, entry: string) {
  await page.getByRole("button", { name: "Actions for grace" }).click();
  await page.getByRole("menuitem", { name: entry }).click();
}

test("somebody is invited, joins, and finds what a viewer may see", async () => {
  const { page, faults } = await loggedIn(OWNER);
  await page.goto("/app/settings/members");
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  const drawer = page.getByRole("dialog");
  await drawer.getByLabel(/^E-mail/).fill("not an address");
  await drawer.getByRole("radio", { name: /Viewer/ }).click();
  await drawer.getByRole("button", { name: "Make the link" }).click();
  await expect.poll(() => drawer.getByLabel(/^E-mail/).getAttribute("aria-invalid")).toBe("true");
  await drawer.getByLabel(/^E-mail/).fill(GUEST.email);
  await drawer.getByRole("button", { name: "Make the link" }).click();
  const link = await drawer.getByRole("textbox", { name: "Invitation link" }).inputValue();
  await page.keyboard.press("Escape");
  expect(await drawer.isVisible()).toBe(true);
  await drawer.getByRole("button", { name: "I have copied it" }).click();
  await page.getByRole("listitem").filter({ hasText: GUEST.email }).getByText("Viewer").waitFor();

  const guest = await watched(browser, server.url);
  await guest.page.goto(link);
  await guest.page.getByLabel("Password").fill(GUEST.password);
  await guest.page.getByRole("button", { name: "Join" }).click();
  await guest.page.getByRole("link", { name: "Open the dashboard" }).click();
  await guest.page.getByRole("heading", { level: 1 }).waitFor();
  const places = await guest.page.getByRole("navigation", { name: "Main" }).getByRole("link").allInnerTexts();
  expect(places.filter((place) => ["API keys", "Audit log", "Request log"].includes(place))).toEqual([]);
  await guest.page.goto("/app/settings/members");
  await guest.page.getByRole("row", { name: /grace.*You.*Viewer/ }).waitFor();
  expect(await guest.page.getByRole("button", { name: "Invite", exact: true }).count()).toBe(0);
  expect(await guest.page.getByRole("button", { name: /^Actions for/ }).count()).toBe(1);
  await guest.page.goto("/app/settings/workspace");
  await guest.page.getByText("An admin or owner can change this.").waitFor({ state: "attached" });
  for (const path of ["audit", "requests", "api-keys"]) {
    await guest.page.goto(`/app/settings/${path}`);
    await guest.page.waitForURL("**/app/start");
  }
  expect(guest.faults).toEqual([]);
  await guest.page.context().close();

  await page.reload();
  await page.getByText("Nobody is invited at present.").waitFor();
  expect(faults).toEqual([]);
  await page.context().close();
});

test("an invitation that is withdrawn leads nowhere", async () => {
  const { invite_url } = await server.call<{ invite_url: string }>("POST", "/v1/invitations", await server.tokenOf(OWNER), { role: "editor" });
  const { page, faults } = await loggedIn(OWNER);
  await page.goto("/app/settings/members");
  await page.getByRole("listitem").filter({ hasText: "Whoever has the link" }).getByRole("button", { name: "Withdraw" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Withdraw" }).click();
  await page.getByText("Nobody is invited at present.").waitFor();
  expect((await fetch(invite_url)).status).toBe(404);
  expect(faults).toEqual([]);
  await page.context().close();
});

test("a new role acts at once, and the audit log tells of it before and after", async () => {
  const { page, faults } = await loggedIn(OWNER);
  const token = await server.tokenOf(GUEST);
  const make = () => fetch(`${server.url}/v1/links`, { method: "POST", headers: { authorization: `Bearer ${token}`, "content-type": "application/json" }, body: '{"destination_url": "https://example.com/"}' });
  expect((await make()).status).toBe(403);
  await page.goto("/app/settings/members");
  await choose(page, "Change role");
  const dialog = page.getByRole("dialog", { name: ROLE });
  expect(await dialog.getByRole("button", { name: "Change role" }).getAttribute("aria-disabled")).toBe("true");
  await dialog.getByRole("radio", { name: /Editor/ }).click();
  await dialog.getByRole("button", { name: "Change role" }).click();
  await page.getByRole("row", { name: /grace.*Editor/ }).waitFor();
  expect((await make()).status).toBe(201);

  await page.goto("/app/settings/audit?action=member.role_changed");
  await page.getByText("1 change matches").waitFor();
  await page.getByRole("button", { name: /ada@example.com.*member given another role/ }).click();
  await page.getByRole("row", { name: "role viewer editor" }).waitFor();
  await page.getByText(/\d+ of the chain/).waitFor();
  await page.getByRole("button", { name: "Everything done to this" }).click();
  await expect.poll(() => new URL(page.url()).search).toMatch(/^\?target=usr_\w{26}$/);
  await page.getByLabel("What").selectOption("invitation");
  await page.getByRole("heading", { name: "No change matches" }).waitFor();
  await page.getByRole("button", { name: "Clear the filters" }).click();
  await page.getByRole("button", { name: /ada@example.com.*member given another role/ }).click();
  await page.getByRole("button", { name: "Everything done by them" }).click();
  await expect.poll(() => new URL(page.url()).search).toMatch(/^\?actor=usr_\w{26}$/);
  await page.getByRole("button", { name: "By everybody" }).waitFor();
  // What was there stays until the answer is.
  await page.getByRole("button", { name: /grace@example.com.*link created/ }).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "By everybody" }).click();
  await page.getByRole("button", { name: /link created/ }).waitFor();
  const file = page.waitForEvent("download");
  await page.getByRole("button", { name: "CSV" }).click();
  expect((await file).suggestedFilename()).toBe("audit.csv");
  expect(faults).toEqual([]);
  await page.context().close();
});

test("a reset link lets a member in again with a new password", async () => {
  const { page, faults } = await loggedIn(OWNER);
  await page.goto("/app/settings/members");
  await choose(page, "Make a reset link");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Make the link" }).click();
  const link = await dialog.getByRole("textbox", { name: "Reset link" }).inputValue();
  const other = await watched(browser, server.url);
  await other.page.goto(link);
  GUEST.password = "a bug taped into a book";
  await other.page.getByLabel("Password").fill(GUEST.password);
  await other.page.getByRole("button").click();
  await other.page.waitForLoadState();
  expect(await server.tokenOf(GUEST)).toMatch(/^ey/);
  await other.page.context().close();
  expect(faults).toEqual([]);
  await page.context().close();
});

test("a new password ends the other sessions, and one session can be ended alone", async () => {
  const [first, second] = [await loggedIn(GUEST), await loggedIn(GUEST)];
  const { page } = first;
  await page.goto("/app/settings/profile");
  const sessions = page.getByRole("list", { name: "Sessions" }).getByRole("listitem");
  await expect.poll(() => sessions.count()).toBeGreaterThan(2);
  const before = await sessions.count();
  await sessions.filter({ hasNotText: "This one" }).last().getByRole("button", { name: "End" }).click();
  await expect.poll(() => sessions.count()).toBe(before - 1);
  await page.getByLabel("Present password").fill("not this one");
  await page.getByLabel("New password").fill("compilers come from english");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect.poll(() => page.getByLabel("Present password").getAttribute("aria-invalid")).toBe("true");
  await page.getByLabel("Present password").fill(GUEST.password);
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByText("All your other sessions have ended.").first().waitFor();
  GUEST.password = "compilers come from english";
  await expect.poll(() => sessions.count()).toBe(1);
  await second.page.goto("/app/settings/profile");
  await second.page.waitForURL("**/app/login?**");
  expect(first.faults).toEqual([]);
  await page.context().close();
  await second.page.context().close();
});

test("a name changed in the profile stands in the sidebar, and another address wants the password", async () => {
  const { page, faults } = await loggedIn(GUEST);
  await page.goto("/app/settings/profile");
  await page.getByLabel("Name", { exact: true }).fill("Grace Hopper");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: /Grace Hopper/ }).waitFor();
  await page.getByLabel("E-mail").fill("hopper@example.com");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("alert").first().waitFor();
  await page.getByLabel("Password", { exact: true }).fill(GUEST.password);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("hopper@example.com").first().waitFor();
  GUEST.email = "hopper@example.com";
  expect(await server.tokenOf(GUEST)).toMatch(/^ey/);
  expect(faults).toEqual([]);
  await page.context().close();
});

test("the workspace is renamed, refuses keys in addresses, and another one is made", async () => {
  const { page, faults } = await loggedIn(OWNER);
  await page.goto("/app/settings/workspace");
  await page.getByLabel("Name", { exact: true }).fill("Mosaic Works");
  await page.getByLabel("Time zone").fill("Europe/Nowhere");
  await page.getByRole("button", { name: "Save" }).click();
  await expect.poll(() => page.getByLabel("Time zone").getAttribute("aria-invalid")).toBe("true");
  await page.getByLabel("Time zone").fill("Europe/Berlin");
  await page.getByRole("switch", { name: "Refuse keys in addresses" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: /Mosaic Works/ }).first().waitFor();
  expect((await fetch(`${server.url}/v1/me?api_key=${key}`)).status).not.toBe(200);
  const { name, timezone } = await server.call<{ name: string; timezone: string }>("GET", "/v1/workspace", key);
  expect([name, timezone]).toEqual(["Mosaic Works", "Europe/Berlin"]);

  await page.getByRole("button", { name: /Mosaic Works/ }).first().click();
  await page.getByRole("menuitem", { name: "New workspace" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("Second House");
  await page.getByRole("dialog").getByRole("button", { name: "Make workspace" }).click();
  await page.getByRole("button", { name: /Second House/ }).first().waitFor();
  await page.goto("/app/settings/workspace");
  await page.getByRole("listitem").filter({ hasText: "Mosaic Works" }).getByRole("button", { name: "Switch" }).click();
  await page.getByRole("button", { name: /Mosaic Works/ }).first().waitFor();
  expect(faults).toEqual([]);
  await page.context().close();
});

test("the request log shows what a key asked, also what was refused", async () => {
  await fetch(`${server.url}/v1/links/link_00000000000000000000000000`, { headers: { authorization: `Bearer ${key}` } });
  const { page, faults } = await loggedIn(OWNER);
  await page.goto("/app/settings/requests");
  await page.getByLabel("Status").selectOption("404");
  await page.getByRole("button", { name: /404 GET \/v1\/links\/\{id\}/ }).first().click();
  await page.getByText(/^req_\w{26}$/).waitFor();
  expect(new URL(page.url()).search).toBe("?status=404");
  await page.getByLabel("Method").selectOption("DELETE");
  await page.getByRole("heading", { name: "No request matches" }).waitFor();
  expect(faults).toEqual([]);
  await page.context().close();
});

test("sign-up is closed on a server by invitation, and says what to do", async () => {
  const { page, faults } = await watched(browser, server.url);
  await page.goto("/app/login");
  await page.getByRole("link", { name: "sign up" }).click();
  await page.getByLabel("E-mail").fill("new@example.com");
  await page.getByLabel("Password").fill("nobody else says this");
  await page.getByRole("button", { name: "Make my account" }).click();
  await page.getByText("This server is by invitation").waitFor();
  expect(faults).toEqual([]);
  await page.context().close();
});

test("where sign-up is open, anybody gets a workspace, and sees the limits of its plan", async () => {
  const open = await Server.start({ TESSERA_ACCOUNTS__SIGN_UP: "open", TESSERA_PLANS__TIERS__STANDARD__REQUESTS__PER_DAY: "50", TESSERA_PLANS__TIERS__STANDARD__LINKS_MAX: "10" });
  try {
    const { page, faults } = await watched(browser, open.url);
    await page.goto(open.setupUrl);
    await page.getByLabel("E-mail").fill(OWNER.email);
    await page.getByLabel("Password").fill(OWNER.password);
    await page.getByRole("button", { name: "Make my account" }).click();
    await page.context().clearCookies();
    await page.goto("/app/signup");
    await page.getByLabel("E-mail").fill("new@example.com");
    await page.getByLabel("Password").fill("short");
    await page.getByRole("button", { name: "Make my account" }).click();
    await expect.poll(() => page.getByLabel("Password").getAttribute("aria-invalid")).toBe("true");
    await page.getByLabel("Password").fill("nobody else says this");
    await page.getByLabel(/^Workspace/).fill("New House");
    await page.getByRole("button", { name: "Make my account" }).click();
    await page.getByRole("button", { name: /New House/ }).first().waitFor();
    await page.goto("/app/settings/plan");
    for (const [name, max] of [["Requests a day", "50"], ["Links", "10"]] as const) {
      const meter = page.getByRole("meter", { name });
      expect([await meter.getAttribute("aria-valuemax"), await meter.getAttribute("aria-valuenow")]).toEqual([max, "0"]);
    }
    await page.getByText("50 left.").waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  } finally {
    await open.stop();
  }
});

test.each(["light", "dark"] as const)("axe finds nothing serious, and nothing is wider than a phone, %s", async (colorScheme) => {
  const { page } = await watched(browser, server.url, { colorScheme, reducedMotion: "reduce", viewport: { width: 390, height: 844 } });
  await logIn(page, OWNER.email, OWNER.password);
  for (const path of PATHS) {
    expect(await violationsOn(page, [path])).toEqual({});
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), path).toBeLessThanOrEqual(0);
  }
  await page.context().close();
});
