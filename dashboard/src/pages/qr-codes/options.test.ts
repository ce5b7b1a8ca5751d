// Designs as people paste them: JSON, and the object out of a script.
import { expect, test, vi } from "vitest";

vi.mock("@/api/client", () => ({ api: { POST: () => undefined }, must: () => Promise.resolve() }));
const { parseOptions, readObject } = await import("./options");

test("an object out of a script is read without being run", () => {
  const script = `const qr = new QRCodeStyling({
    width: 300, // pixels
    data: 'https://example.com/a//b', /* a, comment */
    dotsOptions: { color: "#4267b2", type: 'rounded', },
    note: 'it\\'s {fine}',
  });`;
  expect(readObject(script)).toEqual({ width: 300, data: "https://example.com/a//b", dotsOptions: { color: "#4267b2", type: "rounded" }, note: "it's {fine}" });
});

test("what is no object is refused in words", () => {
  for (const text of ["", "[1, 2]", "hello", "{broken"]) expect(() => readObject(text)).toThrow("no JSON object");
});

test("what only a browser needs is left out, and so is what a code says", async () => {
  const style = await parseOptions('{"type": "canvas", "data": "x", "dotsOptionsHelper": {"colorType": {}}, "margin": 8, "image": null, "imageOptions": {"crossOrigin": "anonymous", "margin": 2}}');
  expect(style).toEqual({ margin: 8, imageOptions: { margin: 2 } });
});
