"""A deployment with something in it: one owner, many keys, many links, all of them known to the server.

Keys are made over the API, as anybody would make them. Links are written into the database file while the server
is stopped, because a hundred thousand calls would measure patience.
"""

import http.client
import json
import os
import random
import socket
import sqlite3
import subprocess
import threading
import time

from programs import Failed, Program, built, free_port

HOST = "bench.example"
ALIAS_CHARS = 7
ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
PIPELINE = 50
CONNECTIONS = 4
SETTINGS = f'[server]\npublic_url = "http://{HOST}"\n'


class Stock:
    def __init__(self, folder):
        self.folder = folder
        self.data = folder / "data"
        self.settings = folder / "bench.toml"
        self.settings.write_text(SETTINGS)
        chance = random.Random(1)
        self.draw = lambda count: "".join(chance.choices(ALPHABET, k=count))
        self.keys = []
        self.aliases = []

    def bootstrap(self):
        words = ["bootstrap", "--email", "bench@example.com", "--password-stdin", "--key-scopes", "all"]
        place = ["--data", self.data, "--config", self.settings]
        done = subprocess.run(
            [built("tessera"), *words, *place], input="forty lame horses 11\n", text=True, capture_output=True
        )
        if done.returncode != 0:
            raise Failed(f"tessera bootstrap: {done.stderr}")
        self.owner_key = json.loads(done.stdout)["api_key"]

    def serve(self):
        port = free_port()
        place = ["--data", self.data, "--config", self.settings, "--listen", f"127.0.0.1:{port}"]
        return Program([built("tessera"), "serve", *place], port, self.folder / "server.log")

    def add_keys(self, server, count):
        """Keys per second."""
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        headers = {"Authorization": f"Bearer {self.owner_key}", "Content-Type": "application/json"}
        began = time.monotonic()
        for number in range(count):
            wish = {"name": f"Bench {number:05}", "scopes": ["read"]}
            connection.request("POST", "/v1/api-keys", json.dumps(wish), headers)
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 201:
                raise Failed(f"POST /v1/api-keys answered {answer.status}: {body.decode(errors='replace')}")
            self.keys.append(json.loads(body)["key"])
        connection.close()
        return count / (time.monotonic() - began)

    def add_links(self, count):
        """Links per second. The server must be stopped."""
        database = sqlite3.connect(self.data / "tessera.db")
        (workspace,) = database.execute("select id from workspaces").fetchone()
        now_ms = int(time.time() * 1000)
        began = time.monotonic()
        aliases = set()
        while len(aliases) < count:
            aliases.add(self.draw(ALIAS_CHARS))
        self.aliases = sorted(aliases)
        fixed = {
            "workspace_id": workspace, "domain": HOST, "metadata": "{}", "redirect_status": 302,
            "forward_query": 0, "created_by": "operator", "created_at": now_ms,
            "updated_at": now_ms, "version": 1,
        }  # fmt: skip
        columns = [*fixed, "id", "alias", "alias_key", "destination_url", "search_text"]
        marks = ", ".join("?" * len(columns))

        def rows():
            for number, alias in enumerate(self.aliases):
                destination = f"https://destination.example/landing/page-{number:06}"
                # Version 7: milliseconds first, as the server makes them.
                random_part = os.urandom(10)
                ident = now_ms.to_bytes(6, "big") + bytes([0x70 | random_part[0] & 15, random_part[1]])
                ident += bytes([0x80 | random_part[2] & 63]) + random_part[3:]
                yield [*fixed.values(), ident, alias, alias, destination, f"{alias} {destination}"]

        with database:
            database.executemany(f"insert into links ({', '.join(columns)}) values ({marks})", rows())
        database.close()
        return count / (time.monotonic() - began)

    def lists(self):
        """Files for the load generator."""

        def written(name, lines):
            path = self.folder / name
            path.write_text("".join(f"{line}\n" for line in lines))
            path.chmod(0o600)
            return path

        paths = [f"/{alias}" for alias in self.aliases]
        keyed = [f"/v1/me\t{key}" for key in self.keys]
        return {
            "one link": written("one-link.txt", paths[:1]),
            "all links": written("all-links.txt", paths),
            "healthz": written("healthz.txt", ["/healthz"]),
            "no key": written("no-key.txt", ["/v1/me"]),
            "one key": written("one-key.txt", keyed[:1]),
            "1000 keys": written("1000-keys.txt", keyed[:1000]),
        }

    def touch(self, server):
        """Asks once for every link and with every key, so that all are in memory."""
        ask = "GET {} HTTP/1.1\r\nHost: " + HOST + "\r\n{}\r\n"
        visits = [ask.format(f"/{alias}", "").encode() for alias in self.aliases]
        calls = [ask.format("/v1/me", f"Authorization: Bearer {key}\r\n").encode() for key in self.keys]
        at_once(server.port, visits, b"HTTP/1.1 302 Found\r\n")
        at_once(server.port, calls, b"HTTP/1.1 200 OK\r\n")


def at_once(port, requests, wanted):
    """Sends every request over a few pipelined connections, and insists on the answer."""
    faults = []

    def part(mine):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
                for begin in range(0, len(mine), PIPELINE):
                    batch = mine[begin : begin + PIPELINE]
                    connection.sendall(b"".join(batch))
                    answered = b""
                    while answered.count(b"HTTP/1.1 ") < len(batch) or not is_whole(answered):
                        more = connection.recv(1 << 20)
                        if not more:
                            raise Failed("the server hung up")
                        answered += more
                    if answered.count(wanted) != len(batch):
                        raise Failed(f"expected {wanted.decode().strip()}, got {answered[:200]}")
        except (OSError, Failed) as fault:
            faults.append(fault)

    threads = [threading.Thread(target=part, args=(requests[at::CONNECTIONS],)) for at in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise Failed(f"touching: {faults[0]}")


def is_whole(answered):
    """Whether the last answer has come to its end."""
    head, separator, body = answered[answered.rindex(b"HTTP/1.1 ") :].partition(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return bool(separator) and len(body) >= int(value)
    return bool(separator)
