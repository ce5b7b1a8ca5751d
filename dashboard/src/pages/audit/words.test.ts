import { describe, expect, it } from "vitest";
import { actionsOf, changesOf, nameOf, wordsOf, type AuditRow } from "./words";

const row = (change: unknown) => ({ action: "link.updated", change }) as unknown as AuditRow;

describe("the audit log in words", () => {
  it("asks of a kind for all of its actions, and of an action for itself", () => {
    expect(actionsOf("invitation")).toBe("invitation.created,invitation.accepted,invitation.revoked");
    expect(actionsOf("link.paused")).toBe("link.paused");
    expect(actionsOf(undefined)).toBeUndefined();
  });

  it("says an action that it does not know as it stands", () => {
    expect(wordsOf("qr_code.unarchived")).toEqual({ thing: "QR code", done: "taken out of the archive" });
    expect(wordsOf("road_map.torn_up")).toEqual({ thing: "road map", done: "torn up" });
  });

  it("names a thing by what the change says of it", () => {
    expect(nameOf(row({ before: { title: "Old" }, after: { title: null, alias: "spring" } }))).toBe("spring");
    expect(nameOf(row({}))).toBeUndefined();
  });

  it("shows the fields that differ, and of a new thing those that hold something", () => {
    expect(changesOf(row({ before: { role: "viewer", at: 1 }, after: { role: "admin", at: 1 } }))).toEqual([{ field: "role", before: "viewer", after: "admin" }]);
    expect(changesOf(row({ before: null, after: { alias: "spring", title: null, tags: [], forward_query: false } })).map((one) => one.field)).toEqual(["alias", "forward_query"]);
  });
});
