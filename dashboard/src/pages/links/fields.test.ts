import { describe, expect, it } from "vitest";
import { arrival, changeOf, newLink, valuesOf } from "./fields";
import type { Link } from "./queries";
import { withTarget, withVariant } from "./rules";

const LINK = {
  id: "link_1",
  destination_url: "https://example.com/a?utm_source=old&x=1",
  alias: "spring",
  title: "Spring",
  tags: ["a"],
  redirect_status: 302,
  forward_query: false,
  max_clicks: 10,
  targets: [{ countries: ["DE", "AT"], devices: [], languages: [], destination_url: "https://example.com/de" }],
  variants: [{ destination_url: "https://example.com/b", percent: 50, utm_content: "b" }],
  ios_url: "https://apps.example/1",
} as unknown as Link;

describe("a link as a form has it", () => {
  it("sends of a new link only what was filled in", () => {
    const values = { ...valuesOf(undefined), destination_url: " https://example.com/ " };
    expect(newLink(values)).toEqual({ destination_url: "https://example.com/", redirect_status: 302 });
  });

  it("sends of a change only what was changed, and null for what was emptied", () => {
    const values = { ...valuesOf(LINK), title: "", max_clicks: "20", tags: ["a", "b"] };
    expect(changeOf(values, LINK)).toEqual({ title: null, max_clicks: 20, tags: ["a", "b"] });
  });

  it("leaves a password as it is until somebody types or removes one", () => {
    expect(changeOf(valuesOf(LINK), LINK)).toEqual({});
    expect(changeOf({ ...valuesOf(LINK), password: "" }, LINK)).toEqual({ password: null });
    expect(changeOf({ ...valuesOf(LINK), password: "open" }, LINK)).toEqual({ password: "open" });
  });

  it("sends rules in their order, without the keys of their rows", () => {
    const values = { ...valuesOf(undefined), destination_url: "https://example.com/", android_url: " https://play.example/1 " };
    values.targets = withTarget([]).map((row) => ({ ...row, languages: ["de"], destination_url: " https://example.com/de " }));
    values.variants = withVariant([]).map((row) => ({ ...row, destination_url: "https://example.com/b" }));
    expect(newLink(values)).toEqual({
      destination_url: "https://example.com/",
      redirect_status: 302,
      targets: [{ countries: [], devices: [], languages: ["de"], destination_url: "https://example.com/de" }],
      variants: [{ destination_url: "https://example.com/b", percent: 50, utm_content: null }],
      android_url: "https://play.example/1",
    });
  });

  it("sends of changed rules the whole list, an empty one where all were removed, and null for a phone's address", () => {
    const values = valuesOf(LINK);
    const sent = changeOf({ ...values, targets: withTarget(values.targets), variants: [], ios_url: "" }, LINK);
    expect(sent).toEqual({
      targets: [
        { countries: ["DE", "AT"], devices: [], languages: [], destination_url: "https://example.com/de" },
        { countries: [], devices: [], languages: [], destination_url: "" },
      ],
      variants: [],
      ios_url: null,
    });
  });

  it("shows where visitors arrive, with UTM fields behind the destination's own parameters, as the redirect has them", () => {
    const values = { ...valuesOf(LINK), utm_source: "poster" };
    expect(arrival(values)).toBe("https://example.com/a?x=1&utm_source=poster");
    expect(arrival({ ...values, destination_url: "exam" })).toBeNull();
  });
});
