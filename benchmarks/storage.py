"""How fast KV, D1 and R2 are, on flarelocal and, where npm has installed them, on its peers.

The same work goes over HTTP to each: operations that a Worker awaits one after the other. Values
of KV have 1 KiB, objects of R2 10 KiB; all of it is on disk when it is acknowledged. Workers are
Python on flarelocal and JavaScript on the peers.

    python benchmarks/storage.py [--node-modules DIR] [--node PATH] [--peers miniflare,wrangler]
"""

from __future__ import annotations

import argparse
import http.client
import sys
import time
from pathlib import Path

from servers import Client, add_options, commands, serving

WORKERS = Path(__file__).parent / "store_workers"
BINDINGS = {
    "kv_namespaces": [{"binding": "KV", "id": "bench"}],
    "d1_databases": [{"binding": "DB", "database_name": "bench", "database_id": "bench"}],
    "r2_buckets": [{"binding": "FILES", "bucket_name": "bench-files"}],
}
COUNTS = {
    "kv-put": 500,
    "kv-get": 500,
    "d1-insert": 500,
    "d1-select": 500,
    "r2-put": 500,
    "r2-get": 500,
}
"""how many operations each part of the work is; with 1,000, miniflare closed most connections"""


def measure(client: Client, scale: float, rounds: int) -> dict[str, float]:
    """Operations per s, in the best of some rounds."""
    rates: dict[str, float] = {}
    for name, whole in COUNTS.items():
        count = max(1, int(scale * whole))
        try:
            rates[name] = count / min(seconds(client, name, count) for _ in range(rounds))
        except (OSError, http.client.HTTPException) as error:
            print(f"  {name} failed: {error}", file=sys.stderr)
    return rates


def seconds(client: Client, name: str, count: int) -> float:
    began = time.perf_counter()
    if (done := client.get(f"/{name}?n={count}")["done"]) != count:
        raise OSError(f"{done} of {count} were right")
    return time.perf_counter() - began


def report(name: str, rates: dict[str, float], ours: dict[str, float]) -> None:
    print(f"{name}, operations per s")
    for work in COUNTS:
        rate, mine = rates.get(work), ours.get(work)
        text = f"{rate:10,.0f}" if rate else "    failed"
        if rates is not ours and rate and mine:
            text += f"   flarelocal: {mine / rate:.1f} x as fast"
        print(f"  {work:9} {text}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    add_options(parser)
    parser.add_argument("--scale", type=float, default=1, help="share of the operations to do")
    parser.add_argument("--rounds", type=int, default=3, help="how often; the best counts")
    options = parser.parse_args()
    ours: dict[str, float] | None = None
    for name, command in commands(options, WORKERS, BINDINGS).items():
        with serving(command, options.node_modules) as client:
            rates = measure(client, options.scale, options.rounds)
        ours = rates if ours is None else ours
        report(name, rates, ours)


if __name__ == "__main__":
    main()
