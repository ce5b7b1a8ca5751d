// The first rows of a CSV file, read in the browser to show what its columns hold. The server reads the file itself, and
// its word counts; this only has to agree with it on where a cell ends.
const PREVIEW_BYTES = 64 * 1024;
export const PREVIEW_ROWS = 4;

export type Preview = { header: string[]; rows: string[][]; separator: string };

const SEPARATORS = [",", ";", "\t"] as const;

export async function previewOf(file: Blob): Promise<Preview> {
  const bytes = new Uint8Array(await file.slice(0, PREVIEW_BYTES).arrayBuffer());
  if (bytes[0] === 0xff || bytes[0] === 0xfe) throw new Error("This file is UTF-16. Save it as “CSV UTF-8”.");
  return parseHead(new TextDecoder("utf-8").decode(bytes), file.size > PREVIEW_BYTES);
}

/** `isCut`: the text ends somewhere in a row, which is then left out. */
export function parseHead(text: string, isCut: boolean): Preview {
  let rest = text.replace(/^\uFEFF/, "");
  const said = /^sep=(.)(\r\n|\n|\r)/i.exec(rest);
  if (said) rest = rest.slice(said[0].length);
  rest = rest.replace(/^[\r\n]+/, "");
  const first = rest.split(/\r\n|\n|\r/, 1)[0] ?? "";
  const separator = said?.[1] ?? most(first);
  const all = rowsOf(rest, separator, PREVIEW_ROWS + 1);
  const rows = isCut && all.isAtEnd ? all.rows.slice(0, -1) : all.rows;
  const [header, ...more] = rows;
  if (!header || header.every((name) => name.trim() === "")) throw new Error("The file has no first row that names its columns.");
  return { header: header.map((name) => name.trim()), rows: more, separator };
}

const most = (line: string) => SEPARATORS.toSorted((a, b) => line.split(b).length - line.split(a).length)[0]!;

function rowsOf(text: string, separator: string, rowsMax: number): { rows: string[][]; isAtEnd: boolean } {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const one = text[at]!;
    if (isQuoted) {
      if (one !== '"') cell += one;
      else if (text[at + 1] === '"') [cell, at] = [`${cell}"`, at + 1];
      else isQuoted = false;
    } else if (one === '"' && cell === "") isQuoted = true;
    else if (one === separator) [row, cell] = [[...row, cell], ""];
    else if (one === "\n" || one === "\r") {
      if (one === "\r" && text[at + 1] === "\n") at++;
      // Blank lines are passed over, as the server does.
      if (row.length > 0 || cell !== "") rows.push([...row, cell]);
      [row, cell] = [[], ""];
      if (rows.length >= rowsMax) return { rows, isAtEnd: false };
    } else cell += one;
  }
  if (row.length > 0 || cell !== "") rows.push([...row, cell]);
  return { rows, isAtEnd: true };
}
