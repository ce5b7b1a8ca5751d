// A style set, laid over another and undone; a form turned into a payload.
import { expect, test, vi } from "vitest";
import { dataOf, dress, isSame, lay, newDraft, payloadOf, put, type Style } from "./design";
import { step, type History } from "./history";

vi.stubGlobal("location", { origin: "https://go.example.com" });

test("a field that is taken away leaves no empty object behind", () => {
  const style = put({}, "corners.topLeft.dot.color", "#b91c1c");
  expect(style).toEqual({ corners: { topLeft: { dot: { color: "#b91c1c" } } } });
  expect(put(style, "corners.topLeft.dot.color", undefined)).toEqual({});
});

test("a colour laid over a gradient takes its place, and the other way round", () => {
  const gradient = { type: "linear" as const, rotation: 0, colorStops: [] };
  expect(lay({ dotsOptions: { type: "dots", gradient } }, { dotsOptions: { color: "#000000" } })).toEqual({ dotsOptions: { type: "dots", color: "#000000" } });
  expect(lay({ dotsOptions: { color: "navy" } }, { dotsOptions: { gradient } })).toEqual({ dotsOptions: { gradient } });
});

test("a quiet zone in modules takes the place of a margin in pixels", () => {
  expect(lay({ margin: 3 }, { quietZone: 4 })).toEqual({ quietZone: 4 });
});

test("a ready style keeps size and logo, and forgets the old frame", () => {
  const now: Style = { width: 40, unit: "mm", image: "logo_1", frame: { type: "banner" }, dotsOptions: { type: "dots" } };
  expect(dress(now, { dotsOptions: { type: "classy" } })).toEqual({ width: 40, unit: "mm", image: "logo_1", dotsOptions: { type: "classy" } });
});

test("styles are the same whatever the order of their fields", () => {
  expect(isSame({ a: 1, b: { c: 2, d: null } }, { b: { c: 2 }, a: 1 })).toBe(true);
  expect(isSame({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
});

test("what is empty is no part of a payload, and a place is made of numbers", () => {
  const draft = { ...newDraft(), type: "geo" as const, contents: { geo: { latitude: "52.52", longitude: " 13.40 ", query: "" } } };
  expect(payloadOf(draft)).toEqual({ type: "geo", latitude: 52.52, longitude: 13.4 });
  const contact = { ...newDraft(), type: "vcard" as const, contents: { vcard: { first_name: "Ada", phones: [{ number: "", kind: "work" }, { number: "+49 30 1", kind: "home" }], emails: [""] } } };
  expect(payloadOf(contact)).toEqual({ type: "vcard", first_name: "Ada", phones: [{ number: "+49 30 1", kind: "home" }] });
});

test("spaces at the ends of a network's password belong to it", () => {
  const draft = { ...newDraft(), type: "wifi" as const, contents: { wifi: { ssid: "Cafe", password: " latte " } } };
  expect(payloadOf(draft)).toEqual({ type: "wifi", ssid: "Cafe", password: " latte " });
  const office = { ...newDraft(), type: "wifi" as const, contents: { wifi: { ssid: "Office", security: "wpa2_enterprise", phase2_method: "gtc", identity: "" } } };
  expect(payloadOf(office)).toEqual({ type: "wifi", ssid: "Office", security: "wpa2_enterprise", eap_method: "peap", phase2_method: "gtc" });
  // What was chosen for one kind of network and is of no use for another stays in the form, and is not sent.
  office.contents.wifi.security = "wpa3";
  expect(payloadOf(office)).toEqual({ type: "wifi", ssid: "Office", security: "wpa3" });
});

test("a new dynamic code is drawn with an address as long as the one it will get", () => {
  expect(dataOf(newDraft(), undefined)).toBe("https://go.example.com/a2b3c4d?qr=1");
  expect(dataOf({ ...newDraft(), alias: "menu" }, undefined)).toBe("https://go.example.com/menu?qr=1");
  expect(dataOf({ ...newDraft(), kind: "static" }, undefined)).toBeUndefined();
});

test("typing is one step, a pause or another field begins the next, and redo is lost by a change", () => {
  const start: History<string> = { past: [], now: "", future: [], what: "", at: 0 };
  const typed = (history: History<string>, text: string, at: number, what = "name") => step(history, { does: "change", what, at, make: () => text });
  const one = typed(typed(start, "m", 1_000), "me", 1_400);
  expect([one.now, one.past]).toEqual(["me", [""]]);
  const two = typed(typed(one, "men", 3_000), "men!", 3_100, "notes");
  expect(two.past).toEqual(["", "me", "men"]);
  const back = step(step(two, { does: "undo" }), { does: "undo" });
  expect([back.now, back.future]).toEqual(["me", ["men", "men!"]]);
  expect(step(back, { does: "redo" }).now).toBe("men");
  expect(typed(back, "mx", 9_000).future).toEqual([]);
});
