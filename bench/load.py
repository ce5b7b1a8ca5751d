"""Rounds of load: who answers how fast, and what an answer costs.

Those who are compared take turns, round by round, so that a machine that slows down slows both. Ratios are taken
within a turn and their median is reported.
"""

import json
import resource
import statistics
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from programs import CORES, LOAD_CORE, Failed, Program, machine_busy_seconds

SCRIPT = Path(__file__).with_name("requests.lua")
WARM_UP_SECONDS = 1
# A round during which other programs took more than this share of one core is repeated, this often at most.
OTHERS_MAX = 0.15
REPEATS_MAX = 3


@dataclass
class Target:
    """A program, and the list of requests it is sent."""

    name: str
    program: Program
    requests: Path
    is_refused: bool = False


@dataclass
class Round:
    per_second: float
    p50_us: float
    p99_us: float
    cpu_us: float
    cpu_share: float
    others: float


def wrk(target, connections, seconds):
    command = [
        "taskset", "-c", str(LOAD_CORE),
        "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "5s",
        "-s", str(SCRIPT), f"http://127.0.0.1:{target.program.port}", "--", str(target.requests),
    ]  # fmt: skip
    done = subprocess.run(command, text=True, capture_output=True)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode != 0 or not lines:
        raise Failed(f"wrk against {target.name}: {done.stdout}{done.stderr}")
    said = json.loads(lines[-1])
    wanted = said["requests"] if target.is_refused else 0
    # Those in flight at the end may be counted on either side.
    if said["broken"] or abs(said["refused"] - wanted) > connections or not said["requests"]:
        raise Failed(f"{target.name} answered otherwise than it should: {said}")
    return said


def one_round(target, connections, seconds):
    program = target.program
    began, busy, cpu = time.monotonic(), machine_busy_seconds(), program.cpu_seconds()
    generator = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = wrk(target, connections, seconds)
    took, busy = time.monotonic() - began, machine_busy_seconds() - busy
    cpu_within = program.cpu_seconds() - cpu
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = cpu_within + spent.ru_utime + spent.ru_stime - generator.ru_utime - generator.ru_stime
    # What it writes down afterwards belongs to the requests too.
    program.rest()
    return Round(
        per_second=said["requests"] / said["seconds"],
        p50_us=said["p50_us"],
        p99_us=said["p99_us"],
        cpu_us=(program.cpu_seconds() - cpu) / said["requests"] * 1e6,
        cpu_share=cpu_within / took,
        others=max(0.0, (busy - own) / took),
    )


def quiet_round(target, connections, seconds):
    tries = [one_round(target, connections, seconds)]
    while tries[-1].others > OTHERS_MAX and len(tries) <= REPEATS_MAX:
        time.sleep(2)
        tries.append(one_round(target, connections, seconds))
    return min(tries, key=lambda round: round.others)


def turns(targets, connections, rounds, seconds):
    """For each target its rounds; the n-th of one and the n-th of another were neighbours in time."""
    for target in targets:
        wrk(target, connections, WARM_UP_SECONDS)
        target.program.rest()
    taken = {target.name: [] for target in targets}
    for _ in range(rounds):
        for target in targets:
            taken[target.name].append(quiet_round(target, connections, seconds))
    return taken


def median(rounds, field):
    return statistics.median(getattr(round, field) for round in rounds)


def ratio(rounds, peers, field):
    return statistics.median(
        getattr(round, field) / getattr(peer, field) for round, peer in zip(rounds, peers, strict=True)
    )


def difference(rounds, others, field):
    return statistics.median(
        getattr(round, field) - getattr(other, field) for round, other in zip(rounds, others, strict=True)
    )


def placement():
    if len(CORES) == 1:
        return "one core for everything: the load generator takes from what it measures"
    return f"programs on core {CORES[0]}, wrk -t1 on core {CORES[-1]}, loopback"
