"""How fast Durable Objects are, on flarelocal and, where npm has installed them, on its peers.

The same work goes over HTTP to each: keys put and got, rows inserted and selected, calls and
requests to one object, new objects called once each, alarms of new objects set and fired. Objects
are Python on flarelocal and JavaScript on the peers. Then the engine below the SDK and SQLite as
it is take turns at the same statements.

    python benchmarks/durable_objects.py [--node-modules DIR] [--node PATH] [--peers miniflare,…]
"""

from __future__ import annotations

import argparse
import http.client
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import apsw
from servers import Client, add_options, commands, serving

from flarelocal.durable_objects import Limits, OpenFiles, Storage
from flarelocal.durable_objects.storage.database import ObjectDatabase
from flarelocal.durable_objects.storage.sql_clock import SqlClock

WORKERS = Path(__file__).parent / "object_workers"
CLASSES = {"STORE": "Store", "COUNTER": "Counter", "CLOCK": "Clock"}
BINDINGS = {
    "durable_objects": {
        "bindings": [{"name": name, "class_name": kind} for name, kind in CLASSES.items()]
    },
    "migrations": [{"tag": "v1", "new_sqlite_classes": list(CLASSES.values())}],
}
CREATE = "CREATE TABLE t (id INTEGER PRIMARY KEY, k TEXT, v TEXT)"
CREATE_KEYS = "CREATE TABLE _cf_KV (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID"
PUT = "INSERT INTO _cf_KV VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
GET = "SELECT value FROM _cf_KV WHERE key = ?"
INSERT = "INSERT OR REPLACE INTO t (id, k, v) VALUES (?, ?, ?)"
SELECT = "SELECT v FROM t WHERE id = ?"


@dataclass(frozen=True, slots=True)
class Work:
    """One part of the workload.

    Attributes:
        count: how many operations it is.
        python_there: operations per s that Python Workers reach in the real runtime, as recorded.
    """

    name: str
    count: int
    python_there: float | None = None


WORKLOAD = (
    Work("put", 5_000, 4_400),
    Work("get", 5_000, 4_400),
    Work("insert", 5_000, 3_800),
    Work("select", 5_000),
    Work("rpc", 2_000, 1_800),
    Work("fetch", 1_000),
    Work("objects", 500, 300),
    Work("alarms", 500, 145),
)


def measure(client: Client, scale: float, rounds: int) -> dict[str, float]:
    """Operations per s, in the best of some rounds."""
    rates: dict[str, float] = {}
    for work in WORKLOAD:
        count = max(1, int(scale * work.count))
        try:
            taken = [seconds(client, work.name, count, run) for run in range(rounds)]
        except (OSError, http.client.HTTPException) as error:
            print(f"  {work.name} failed: {error}", file=sys.stderr)
        else:
            rates[work.name] = count / min(taken)
    return rates


def seconds(client: Client, name: str, count: int, run: int) -> float:
    fired = client.get("/")["alarms"]
    began = time.perf_counter()
    if (done := client.get(f"/{name}?n={count}&run={run}")["done"]) != count:
        raise OSError(f"{done} of {count} were right")
    if name == "alarms":
        client.until("alarms", fired + count)
    return time.perf_counter() - began


def report(name: str, rates: dict[str, float], ours: dict[str, float]) -> None:
    print(f"{name}, operations per s")
    for work in WORKLOAD:
        rate, mine = rates.get(work.name), ours.get(work.name)
        text = f"{rate:10,.0f}" if rate else "    failed"
        if rates is not ours and rate and mine:
            text += f"   flarelocal: {mine / rate:.2f} x as fast"
        elif rates is ours and rate and work.python_there:
            text += f"   {rate / work.python_there:.1f} x Python there"
        print(f"  {work.name:8} {text}")


def engine(count: int, rounds: int) -> None:
    """Compare the engine with SQLite as it is, in CPU time."""
    keys = [f"k{i}" for i in range(count)]
    value = b"v" * 30
    with tempfile.TemporaryDirectory() as scratch:
        storage = opened(Path(scratch) / "engine.sqlite")
        kv, sql = storage.kv, storage.sql
        raw = plain(Path(scratch) / "raw.sqlite")
        run = raw.execute
        turns: dict[str, tuple[Callable[[int, str], object], Callable[[int, str], object]]] = {
            "put": (lambda i, key: kv.put(key, value), lambda i, key: run(PUT, (key, value))),
            "get": (lambda i, key: kv.get(key), lambda i, key: run(GET, (key,)).fetchall()),
            "insert": (
                lambda i, key: sql.exec(INSERT, i, key, key),
                lambda i, key: run(INSERT, (i, key, key)),
            ),
            "select": (
                lambda i, key: sql.exec(SELECT, i).one(),
                lambda i, key: run(SELECT, (i,)).fetchall(),
            ),
        }
        print("the engine and SQLite as it is, CPU time per operation")
        for name, (ours, theirs) in turns.items():
            ratios = []
            for _ in range(rounds):
                engine_us = cpu_us(ours, keys, storage.flush)
                run("BEGIN")
                raw_us = cpu_us(theirs, keys, lambda: run("COMMIT"))
                ratios.append((engine_us / raw_us, engine_us, raw_us))
            ratio, engine_us, raw_us = sorted(ratios)[rounds // 2]
            print(f"  {name:8} {engine_us:5.2f} us   {raw_us:5.2f} us   {ratio:.2f} x")


def opened(path: Path) -> Storage:
    limits = Limits.production(sqlite=True)
    storage = Storage(
        ObjectDatabase(path, limits, OpenFiles.for_this_process(), SqlClock(lambda: 0)),
        limits,
        now=lambda: 0,
        defer=lambda function: None,
        schedule=lambda when_ms: None,
        broken=lambda error: None,
    )
    storage.sql.exec(CREATE)
    return storage


def plain(path: Path) -> apsw.Cursor:
    connection = apsw.Connection(str(path))
    connection.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF").fetchall()
    connection.execute(f"{CREATE}; {CREATE_KEYS}")
    return connection.cursor()


def cpu_us(
    operation: Callable[[int, str], object], keys: list[str], commit: Callable[[], object]
) -> float:
    began = time.process_time()
    for i, key in enumerate(keys):
        operation(i, key)
    commit()
    return 1e6 * (time.process_time() - began) / len(keys)


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
    engine(int(options.scale * 5_000), 9)


if __name__ == "__main__":
    main()
