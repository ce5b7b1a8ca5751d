// Where cells end, and which column is which.
import { expect, test } from "vitest";
import { parseHead, previewOf } from "./csv";
import { guess, mappingOf, wrongWith } from "./fields";

test("quotes, doubled quotes, line ends within a cell and blank lines are read as the server reads them", () => {
  const { header, rows, separator } = parseHead('\uFEFFurl,title\r\n\r\nhttps://a.test,"Say ""hi"",\nnow"\rhttps://b.test,\n', false);
  expect([header, rows, separator]).toEqual([["url", "title"], [["https://a.test", 'Say "hi",\nnow'], ["https://b.test", ""]], ","]);
});

test("the separator is what the header has most of, or what the file says", () => {
  expect(parseHead("a;b;c,d\n1;2;3", false).header).toEqual(["a", "b", "c,d"]);
  expect(parseHead("sep=|\na|b,c\n", false).header).toEqual(["a", "b,c"]);
  expect(parseHead("a\tb\n", false).separator).toBe("\t");
});

test("a row that the preview cuts is not shown, and four are enough", () => {
  expect(parseHead("a,b\n1,2\n3,4", true).rows).toEqual([["1", "2"]]);
  expect(parseHead("a\n1\n2\n3\n4\n5\n6\n", false).rows).toHaveLength(4);
});

test("what is no CSV in UTF-8 is refused in words", async () => {
  await expect(previewOf(new Blob([new Uint8Array([0xff, 0xfe, 0x61, 0x00])]))).rejects.toThrow("UTF-16");
  expect(() => parseHead("\n\n", false)).toThrow("no first row");
});

test("columns are known by their names and by those of other services, and only the difference is told", () => {
  const header = ["Target URL", "Slug", "Title", "Remarks", "metadata.shop"];
  const fields = guess("links", header);
  expect(fields).toEqual(["destination_url", "alias", "title", "", "metadata.shop"]);
  expect(mappingOf(header, fields)).toEqual({ "Target URL": "destination_url", Slug: "alias", Remarks: "" });
});

test("a column that has the field's own name is preferred to one that only sounds like it", () => {
  expect(guess("links", ["URL", "Destination URL"])).toEqual(["", "destination_url"]);
});

test("of QR codes a title is the name, and each field of the content may be a column", () => {
  const header = ["Title", "URL", "Template id", "payload.ssid", "Slug"];
  const fields = guess("qr_codes", header);
  expect(fields).toEqual(["name", "destination_url", "template_id", "payload.ssid", "alias"]);
  expect(mappingOf(header, fields)).toEqual({ Title: "name", URL: "destination_url", Slug: "alias" });
  expect(wrongWith("qr_codes", ["destination_url"])).toBe("Say which column is the name.");
});

test("a file without destinations, or with two columns of them, is not sent", () => {
  expect(wrongWith("links", ["alias"])).toBe("Say which column is the destination.");
  expect(wrongWith("links", ["destination_url", "tags", "tags"])).toBe("Two columns are the tags.");
  expect(wrongWith("links", ["destination_url", "", ""])).toBeUndefined();
});
