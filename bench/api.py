"""What a question to the public API costs: calculate, asked 50 times a second for 20 seconds, against gunicorn here.

    python bench/api.py [--rate 50] [--seconds 20]      prints a table; stops everything it started

Open loop: a question is due at its time whether or not the one before was answered, and its latency counts from that
time, so that a stall is seen in full. Questions go round the rules that have an example; every answer is checked. The
rate limit is on and counts (set high enough not to refuse); the server is started as `make run` starts it.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
ASKERS = 8  # connections kept open


def serve(home: str, port: int) -> subprocess.Popen[bytes]:
    """gunicorn as tools/run.py starts it; returns when it answers."""
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "FENGHUANG_HOME": home, "FENGHUANG_PUBLIC_RATE": "1000000"}
    env["DJANGO_SETTINGS_MODULE"] = "fenghuang.config.settings"
    command = [sys.executable, "-m", "gunicorn", "fenghuang.config.wsgi:application", "--bind", f"127.0.0.1:{port}"]
    options = ["--workers", "2", "--threads", "4", "--timeout", "120", "--log-level", "warning"]
    server = subprocess.Popen([*command, *options], env=env, cwd=ROOT)
    for _ in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/api/v1/rules")
            if connection.getresponse().status == 200:
                time.sleep(2)  # the second worker may still be loading, on the cores that we measure
                return server
        except OSError:
            time.sleep(0.1)
    server.terminate()
    raise SystemExit("gunicorn did not start")


def questions(port: int) -> list[tuple[str, str, bytes]]:
    """(rule, address, body) of every rule's example."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/api/v1/rules")
    found = []
    for rule in json.loads(connection.getresponse().read()):
        example = {field["name"]: field["example"] for field in rule["inputs"] if "example" in field}
        if example:
            address = f"/api/v1/rules/{rule['name']}/calculate?on=2022-12-31"
            found.append((rule["name"], address, json.dumps(example).encode()))
    return found


def ask(port: int, asked: list[tuple[str, str, bytes]], rate: int, seconds: int) -> tuple[list[tuple[str, float]], int]:
    """Latencies in seconds by rule, and how many questions failed."""
    start = time.perf_counter() + 0.5
    latencies: list[tuple[str, float]] = []
    failed = [0]

    def run(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for place in range(number, rate * seconds, ASKERS):
            rule, address, body = asked[place % len(asked)]
            due = start + place / rate
            if (early := due - time.perf_counter()) > 0:
                time.sleep(early)
            try:
                connection.request("POST", address, body, {"Content-Type": "application/json"})
                response = connection.getresponse()
                content = response.read()
                if response.status != 200 or rule.encode() not in content:
                    failed[0] += 1
            except (OSError, http.client.HTTPException):
                failed[0] += 1
                connection.close()
            latencies.append((rule, time.perf_counter() - due))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(ASKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return latencies, failed[0]


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def row(name: str, values: list[float]) -> str:
    figures = (statistics.median(values), percentile(values, 0.9), percentile(values, 0.99), max(values))
    return f"| {name} | {len(values)} | " + " | ".join(f"{1000 * v:.1f}" for v in figures) + " |"


def main() -> int:
    """0 when every question was answered."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rate", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=20)
    args = parser.parse_args()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with tempfile.TemporaryDirectory(prefix="fenghuang-bench-") as home:
        server = serve(home, port)
        try:
            asked = questions(port)
            latencies, failed = ask(port, asked, args.rate, args.seconds)
        finally:
            server.terminate()
            server.wait(timeout=20)
    by_rule: dict[str, list[float]] = {}
    for rule, latency in latencies:
        by_rule.setdefault(rule, []).append(latency)
    print(f"| calculate, {args.rate} a second for {args.seconds} s | asked | p50 ms | p90 | p99 | max |")
    print("|---|---|---|---|---|---|")
    for rule, values in by_rule.items():
        print(row(rule, values))
    print(row("all", [latency for _, latency in latencies]))
    print(f"failed: {failed}; load of the machine: {os.getloadavg()[0]:.1f}")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
