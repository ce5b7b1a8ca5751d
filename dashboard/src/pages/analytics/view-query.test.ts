// A view is an address: written without what is merely open, read as the page reads it, and known again.
import { expect, test } from "vitest";
import { analyticsSearch } from "./search";
import { isShown, readQuery, writeQuery } from "./view-query";

const search = analyticsSearch({ range: "90d", trigger: "qr", city: "Berlin\\, DE", utm_term: "2026 & more", live: true, detail: "city" });

test("what is merely open is not kept, and the rest is in one order", () => {
  expect(writeQuery(search)).toBe("city=Berlin%5C,%20DE&range=90d&trigger=qr&utm_term=2026%20%26%20more");
});

test("what is written is read again", () => {
  expect(writeQuery(readQuery(writeQuery(search)))).toBe(writeQuery(search));
  expect(readQuery("range=12m&channel=email,social&colour=red")).toMatchObject({ range: "12m", channel: "email,social" });
});

test("a page knows the view that it shows, whatever the order and the defaults", () => {
  const view = (query: string) => ({ query });
  expect(isShown(view("trigger=qr&range=90d"), analyticsSearch({ range: "90d", trigger: "qr", live: true }))).toBe(true);
  expect(isShown(view("range=30d"), analyticsSearch({}))).toBe(true);
  expect(isShown(view("trigger=qr&range=90d"), analyticsSearch({ range: "30d", trigger: "qr" }))).toBe(false);
});
