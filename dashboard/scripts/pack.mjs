// After the build: a .br and a .gz beside each text, and the weight of the first load, which has a limit.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const ROOT = new URL("../dist/app/", import.meta.url).pathname;
const FIRST_LOAD_BYTES_MAX = 250_000;
const TEXT = /\.(js|css|svg|json)$/;

const walk = (folder) =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? walk(path) : [path];
  });

for (const path of walk(ROOT).filter((path) => TEXT.test(path))) {
  const bytes = readFileSync(path);
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: quality }));
}

// The first load: the page, and every script and style it names itself. The font is a file of its own and not text.
const page = readFileSync(join(ROOT, "index.html"), "utf8");
const named = [...page.matchAll(/(?:src|href)="\/app\/([^"]+\.(?:js|css))"/g)].map((found) => found[1]);
const sizes = named.map((name) => [name, statSync(join(ROOT, `${name}.gz`)).size]);
const total = sizes.reduce((sum, [, size]) => sum + size, gzipSync(page).length);
for (const [name, size] of sizes) console.log(`  ${(size / 1000).toFixed(1).padStart(7)} kB  ${name}`);
console.log(`first load: ${(total / 1000).toFixed(1)} kB gzipped, at most ${FIRST_LOAD_BYTES_MAX / 1000}`);
if (total > FIRST_LOAD_BYTES_MAX) process.exit(1);
