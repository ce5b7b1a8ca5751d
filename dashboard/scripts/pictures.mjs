// The pictures of the README and of the guides: the upper part of screenshots, small. `npm run screenshots` first.
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";

const SHOTS = new URL("../screenshots/", import.meta.url).pathname;
const PICTURES = new URL("../../docs/img/", import.meta.url).pathname;
const [WIDTH, HEIGHT] = [1440, 900];
const BYTES_MAX = 60_000;
/** From the best on, until one is small enough. What is flat is smallest without loss, what is full of dots is not. */
const WAYS = ["-near_lossless 60 -z 9", "-near_lossless 20 -z 9", "-q 28 -m 6"];

const NAMES = {
  analytics: "analytics-1440-light",
  "analytics-filtered": "analytics-filtered-1440-light",
  audit: "audit-1440-light",
  "bulk-columns": "bulk-new-1440-light",
  "bulk-report": "bulk-job-1440-light",
  codes: "qr-codes-1440-light",
  dark: "analytics-1440-dark",
  designer: "qr-frame-1440-light",
  "key-new": "key-new-1440-light",
  "key-receipt": "key-receipt-1440-light",
  keys: "keys-1440-light",
  "link-rules": "link-rules-1440-light",
  links: "links-1440-light",
  plan: "plan-1440-light",
  requests: "requests-1440-light",
  start: "start-1440-light",
  workspace: "workspace-1440-light",
};

for (const [name, shot] of Object.entries(NAMES)) {
  const picture = `${PICTURES}dashboard-${name}.webp`;
  const way = WAYS.find((way) => {
    const done = spawnSync("cwebp", `-quiet -crop 0 0 ${WIDTH} ${HEIGHT} ${way} ${SHOTS}${shot}.png -o ${picture}`.split(" "));
    if (done.status !== 0) throw new Error(`cwebp (package webp): ${done.error ?? done.stderr}`);
    return statSync(picture).size <= BYTES_MAX;
  });
  if (!way) throw new Error(`${name} does not get smaller than ${BYTES_MAX} bytes`);
  console.log(`${String(statSync(picture).size).padStart(6)}  ${name}, ${way}`);
}
