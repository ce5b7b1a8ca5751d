"""The peer of `make bench-analytics`: the same questions to DuckDB, over rows sorted as ours, on two threads.

Prints what our own program prints: a line per time and a line per row of an answer. Needs duckdb. Usage:
duckdb_peer.py CLICKS.parquet FOLDER [ROUNDS]
"""

import os
import statistics
import sys
import time

import duckdb

THREADS = 2
QUESTIONS = {
    "workspace by day, 90 days": """
        select epoch_ms(date_trunc('day', ts)), count(*), 0 from clicks
        where workspace_id = 3 and not bot group by 1 order by 1""",
    "one link by hour, 7 days": """
        select epoch_ms(date_trunc('hour', ts)), count(*), 0 from clicks
        where link_id = 3000 and not bot and ts >= timestamp '2025-09-06' group by 1 order by 1""",
    "top countries, 30 days": """
        select country, count(*), 0 from clicks
        where workspace_id = 3 and not bot and ts >= timestamp '2025-08-14' group by 1 order by 2 desc limit 10""",
    "unique visitors, 30 days": """
        select '', 0, count(distinct visitor) from clicks
        where workspace_id = 3 and not bot and ts >= timestamp '2025-08-14'""",
    "top links with uniques, biggest workspace, 90 days": """
        select link_id, count(*), count(distinct visitor) from clicks
        where workspace_id = 0 and not bot group by 1 order by 2 desc limit 10""",
    "whole instance, referrer x device": """
        select referrer || '|' || device, count(*), 0 from clicks
        where not bot group by 1 order by 2 desc limit 20""",
}
# The last one is timed as it is usually written, without putting the two texts together.
TIMED = {
    "whole instance, referrer x device": """
        select referrer, device, count(*) from clicks where not bot group by 1, 2 order by 3 desc limit 20"""
}


def ask(database, sql):
    began = time.perf_counter()
    answer = database.execute(sql).fetchall()
    return (time.perf_counter() - began) * 1000, answer


def main(source, folder, rounds):
    path = os.path.join(folder, "clicks.duckdb")
    if os.path.exists(path):
        os.remove(path)
    database = duckdb.connect(path)
    database.execute(f"set threads = {THREADS}")
    database.execute(
        "create table clicks as select * from read_parquet(?) order by workspace_id, link_id, ts", [source]
    )
    database.execute("checkpoint")
    rows = database.execute("select count(*) from clicks").fetchone()[0]
    print(f"loaded\t{rows}\t0\t{os.path.getsize(path) / rows:.3f}\t1")
    for name, sql in QUESTIONS.items():
        database.close()
        database = duckdb.connect(path)
        database.execute(f"set threads = {THREADS}")
        timed = TIMED.get(name, sql)
        cold, _ = ask(database, timed)
        warm = [ask(database, timed)[0] for _ in range(rounds)]
        print(f"time\t{name}\t{cold:.3f}\t{statistics.median(warm):.3f}\t{min(warm):.3f}")
        for by, count, visitors in ask(database, sql)[1]:
            print(f"answer\t{name}\t{by}\t{count}\t{visitors}")


main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 7)
