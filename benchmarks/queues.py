"""How fast queues are, on flarelocal and, where npm has installed them, on its peers.

The same work goes over HTTP to each: messages in batches of 100, sent and consumed; the way of a
single message to its consumer and back (less that of a request that does nothing); messages that
are retried three times and end in a dead-letter queue; delayed messages. Handlers are Python on
flarelocal, whose messages are on disk when they are sent, and JavaScript on the peers.

    python benchmarks/queues.py [--node-modules DIR] [--node PATH] [--peers miniflare,wrangler]
"""

from __future__ import annotations

import argparse
import http.client
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TypeVar

from servers import Client, add_options, commands, serving

T = TypeVar("T")
WORKERS = Path(__file__).parent / "queue_workers"
QUEUES = {
    "producers": [
        {"binding": "BULK", "queue": "bench-bulk"},
        {"binding": "LATENCY", "queue": "bench-latency"},
        {"binding": "RETRY", "queue": "bench-retry"},
    ],
    "consumers": [
        {"queue": "bench-bulk", "max_batch_size": 100, "max_batch_timeout": 0},
        {"queue": "bench-latency", "max_batch_size": 1, "max_batch_timeout": 0},
        {
            "queue": "bench-retry",
            "max_batch_size": 100,
            "max_batch_timeout": 0,
            "max_retries": 3,
            "dead_letter_queue": "bench-dead",
        },
        {"queue": "bench-dead", "max_batch_size": 100, "max_batch_timeout": 0},
    ],
}
DELAY_S = 5
TOGETHER = 2_000
"""messages of one request"""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many messages each part of the work has."""

    bulk: int
    roundtrips: int
    retried: int
    delayed: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured; None where it failed."""

    messages_per_s: float | None
    latency_p50_ms: float | None
    latency_p99_ms: float | None
    dead_letters_s: float | None
    delayed_s: float | None


def measure(client: Client, sizes: Sizes) -> Figures:
    client.get("/send?n=1000&batch=100")
    client.until("bulk", 1000)
    rate = attempt(lambda: sizes.bulk / bulk(client, sizes.bulk))
    latencies = attempt(lambda: roundtrips(client, sizes.roundtrips))
    dead = attempt(lambda: dead_letters(client, sizes.retried))
    delayed = attempt(lambda: bulk(client, sizes.delayed, DELAY_S) - DELAY_S)
    percentiles = statistics.quantiles(latencies, n=100) if latencies else None
    return Figures(
        rate,
        percentiles[49] if percentiles else None,
        percentiles[98] if percentiles else None,
        dead,
        delayed,
    )


def attempt(work: Callable[[], T]) -> T | None:
    try:
        return work()
    except (OSError, http.client.HTTPException) as error:
        print(f"  failed: {error}", file=sys.stderr)
        return None


def bulk(client: Client, count: int, delay_s: int = 0) -> float:
    """Seconds from the first message sent to the last one consumed."""
    before = client.get("/")["bulk"]
    began = time.perf_counter()
    for sent in range(0, count, TOGETHER):
        if not delay_s:
            # The peers refuse more than 10,000 messages that wait.
            client.until("bulk", before + sent - 3 * TOGETHER)
        client.get(f"/send?n={min(TOGETHER, count - sent)}&batch=100&delay={delay_s}")
    client.until("bulk", before + count)
    return time.perf_counter() - began


def roundtrips(client: Client, count: int) -> list[float]:
    """Milliseconds from sending a message until its consumer has it."""
    idle = statistics.median(timed(client, "/") for _ in range(count))
    return [timed(client, f"/roundtrip?key={key}") - idle for key in range(count)]


def timed(client: Client, path: str) -> float:
    began = time.perf_counter()
    client.get(path)
    return 1000 * (time.perf_counter() - began)


def dead_letters(client: Client, count: int) -> float:
    began = time.perf_counter()
    client.get(f"/retry?n={count}&batch=100")
    client.until("dead", count)
    return time.perf_counter() - began


def report(name: str, found: Figures, ours: Figures) -> None:
    print(name)
    for field in fields(Figures):
        value, mine = getattr(found, field.name), getattr(ours, field.name)
        text = "failed" if value is None else f"{value:,.2f}"
        if found is not ours and value and mine:
            better = mine / value if field.name == "messages_per_s" else value / mine
            text += f"   flarelocal: {better:.2f} x as fast"
        print(f"  {field.name:16} {text}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    add_options(parser)
    parser.add_argument("--scale", type=float, default=1, help="share of the messages to send")
    options = parser.parse_args()
    sizes = Sizes(*(int(options.scale * count) for count in (20_000, 200, 2_000, 100_000)))
    ours: Figures | None = None
    for name, command in commands(options, WORKERS, {"queues": QUEUES}).items():
        with serving(command, options.node_modules) as client:
            found = measure(client, sizes)
        ours = ours or found
        report(name, found, ours)


if __name__ == "__main__":
    main()
