import { describe, expect, it } from "vitest";
import { adviceFor, scopeWords } from "./advice";
import type { Key } from "./queries";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const KEY = { is_active: true, needs_rotation: false, unused_days: 0, last_used_at: "2026-11-21T11:00:00Z", expires_at: "2027-11-21T12:00:00Z", scopes: ["read"] } as Key;
const texts = (change: Partial<Key>) => adviceFor({ ...KEY, ...change }, NOW).map((one) => one.text.split(/[.:]/)[0]);

describe("advice on a key", () => {
  it("says nothing about a young, used key that ends some day", () => expect(texts({})).toEqual([]));
  it("says nothing about a key that is off", () => expect(texts({ is_active: false, needs_rotation: true })).toEqual([]));
  it("names an old secret, a near end, and a wide permission", () =>
    expect(texts({ needs_rotation: true, expires_at: "2026-11-24T12:00:00Z", scopes: ["all"] })).toEqual(["Ends in 3 days", "The secret is older than 90 days", "May do everything, making further keys included"]));
  it("flags thirty days without use, and not twenty-nine", () => {
    expect(texts({ unused_days: 29 })).toEqual([]);
    expect(texts({ unused_days: 30 })).toEqual(["Not used for 30 days"]);
    expect(texts({ unused_days: 30, last_used_at: null })).toEqual(["Never used in 30 days"]);
  });
});

describe("scopes in words", () => {
  it("knows presets and counts the others", () => {
    expect(scopeWords(["read_write"])).toBe("Read + write");
    expect(scopeWords(["links.read"])).toBe("1 scope");
    expect(scopeWords(["links.read", "qr.read"])).toBe("2 scopes");
  });
});
