"""The programs under test: built, started on a core of their own, looked at through /proc, stopped.

With two cores or more the programs have the first to themselves and the load generator the last, so neither
takes from the other. A program that sees one core starts one worker thread, ours and the peer alike.
"""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORES = sorted(os.sched_getaffinity(0))
PROGRAM_CORE, LOAD_CORE = CORES[0], CORES[-1]
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")

READY_SECONDS_MAX = 30
STOP_SECONDS_MAX = 60
# The server writes down once a second what it counted: after this long without work it has nothing to write.
REST_SECONDS = 1.3
REST_SECONDS_MAX = 30


class Failed(Exception):
    """Something did not run; the message says what, and where it can be told, how to mend it."""


def target_dir():
    return ROOT / os.environ.get("CARGO_TARGET_DIR", "target")


def cargo(*words, capture=False):
    command = [os.environ.get("CARGO", "cargo"), *words]
    done = subprocess.run(command, cwd=ROOT, text=True, stdout=subprocess.PIPE if capture else None)
    if done.returncode != 0:
        raise Failed(f"`{' '.join(command)}` failed")
    return done.stdout


def built(name):
    return target_dir() / "release" / name


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Program:
    """A server of ours or of others, from `spawn` to `stop`."""

    def __init__(self, command, port, log):
        self.port = port
        self.log = log
        self.began = time.monotonic()
        with open(log, "ab") as sink:
            self.process = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=sink,
                # One line per request goes to where logs cost nothing but their making: a disk is another test.
                stderr=subprocess.DEVNULL,
                preexec_fn=lambda: os.sched_setaffinity(0, {PROGRAM_CORE}),
            )

    def wait_until_ready(self, path):
        """Seconds from spawn until `path` was answered 200 (or 302, for the peer)."""
        asked = f"GET {path} HTTP/1.1\r\nHost: bench.example\r\nConnection: close\r\n\r\n".encode()
        while time.monotonic() - self.began < READY_SECONDS_MAX:
            if self.process.poll() is not None:
                raise Failed(f"{self.process.args[0]} ended with {self.process.returncode}")
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                    connection.sendall(asked)
                    if connection.recv(65_536).startswith((b"HTTP/1.1 200", b"HTTP/1.1 302")):
                        return time.monotonic() - self.began
            except OSError:
                pass
            time.sleep(0.001)
        raise Failed(f"{self.process.args[0]} was not ready in {READY_SECONDS_MAX} s")

    def cpu_seconds(self):
        """User and system time of all its threads so far, to a hundredth of a second."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND

    def rss_mib(self):
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise Failed("the kernel does not tell how much memory a process has")

    def rest(self):
        """Waits until the program has nothing left to do."""
        end = time.monotonic() + REST_SECONDS_MAX
        while time.monotonic() < end:
            before = self.cpu_seconds()
            time.sleep(REST_SECONDS)
            if self.cpu_seconds() - before <= 0.03:
                return

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def machine_busy_seconds():
    """What all cores together have spent on anything, since boot."""
    user, nice, system, _, _, irq, softirq, steal = map(
        int, Path("/proc/stat").read_text().splitlines()[0].split()[1:9]
    )
    return (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND
