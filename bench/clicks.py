"""Writes N synthetic clicks (default 10 million) as one Parquet file: what `make bench-analytics` asks about.

90 days, 200 workspaces (zipf 1.3), up to 1,000 links each (zipf 1.4), 3 million visitors, 12 columns, 8 % robots; the
same for the same N. Needs numpy and pyarrow. Usage: clicks.py OUT.parquet [N]
"""

import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

START_MS = 1_750_000_000_000
SPAN_MS = 90 * 86_400_000
COUNTRIES = "US DE FR GB IN BR JP ES IT CA NL AU MX PL SE TR ID KR ZA NG".split()
CHOICES = {
    "country": COUNTRIES,
    "city": [f"City{i}" for i in range(3000)],
    "device": ["mobile", "desktop", "tablet"],
    "browser": ["Chrome", "Safari", "Firefox", "Edge", "Instagram", "Samsung", "Other"],
    "os": ["iOS", "Android", "Windows", "macOS", "Linux"],
    "referrer": ["(direct)"] + [f"site{i}.com" for i in range(400)],
    "trigger": ["link", "qr"],
}


def main(out, rows):
    chance = np.random.default_rng(7)
    workspace = (chance.zipf(1.3, rows) - 1) % 200
    link = workspace * 1000 + (chance.zipf(1.4, rows) - 1) % 1000
    columns = {
        "ts": pa.array(np.sort(START_MS + chance.integers(0, SPAN_MS, rows)), pa.timestamp("ms")),
        "workspace_id": pa.array(workspace.astype(np.int32)),
        "link_id": pa.array(link.astype(np.int32)),
        "visitor": pa.array(chance.integers(0, 3_000_000, rows).astype(np.int64) * 2654435761),
    }
    del workspace, link
    for name, values in CHOICES.items():
        codes = ((chance.zipf(1.5, rows) - 1) % len(values)).astype(np.int32)
        columns[name] = pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(values))
    columns["bot"] = pa.array(chance.random(rows) < 0.08)
    pq.write_table(pa.table(columns), out, compression="zstd")


main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10_000_000)
