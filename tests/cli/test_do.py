"""`flarelocal do` on a state directory that no server works on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from flarelocal.cli import main
from flarelocal.clock import SystemClock
from flarelocal.durable_objects import AlarmInfo
from flarelocal.javascript.clone import serialize
from flarelocal.javascript.collections import Map
from flarelocal.javascript.values import null
from tests.durable_objects.stage import Instance, Stage
from tests.emulated import write_project

FOREVER_MS = 4_000_000_000_000


class DoCommand:
    """`flarelocal do`, on the objects of `worker-Counter` in a state directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.state = directory / "state"

    def object(self, name: str, action: Callable[[Instance], object]) -> str:
        """Have an object do something; gives its id."""

        async def run() -> str:
            directory = self.state / "do" / "worker-Counter"
            stage = Stage(directory, clock=SystemClock())  # type: ignore[arg-type]
            stage.ringing = _ring
            await stage.do(action, name)
            await stage.end()
            return stage.namespace.ids.from_name(name).hex

        return asyncio.run(run())

    def __call__(self, *arguments: str, input: str | None = None) -> str:
        result = self.run(*arguments, input=input)
        assert result.exit_code == 0, result.output
        return str(result.output)

    def json(self, *arguments: str) -> Any:
        return json.loads(self(*arguments, "--json"))

    def error(self, *arguments: str) -> str:
        result = self.run(*arguments)
        assert result.exit_code != 0, result.output
        return str(result.output)

    def run(self, *arguments: str, input: str | None = None) -> Any:
        command = ["do", *arguments, "--persist-to", str(self.state)]
        return CliRunner().invoke(main, command, input=input, catch_exceptions=False)


async def _ring(instance: Instance, info: AlarmInfo) -> None:
    """Alarms ring in vain."""


def fill(instance: Instance) -> None:
    storage = instance.storage
    storage.kv.put("list", serialize([1, {"two": null}]))
    storage.kv.put("map", serialize(Map.of([("a", 1)])))
    storage.kv.put("text", serialize("wörd"))
    storage.sql.exec("CREATE TABLE t(n, b)")
    storage.sql.exec("INSERT INTO t VALUES (?, ?)", 1.0, b"\xff\0")
    instance.actor.set_alarm(FOREVER_MS)


@pytest.fixture
def do(tmp_path: Path) -> DoCommand:
    do = DoCommand(tmp_path)
    do.object("first", fill)
    return do


def test_objects_are_listed_by_name(do: DoCommand) -> None:
    do.object("another", lambda instance: instance.storage.kv.put("a", serialize(1)))
    another, first = do.json("list")
    assert (another["name"], another["alarm"]) == ("another", None)
    assert (first["class"], first["namespace"]) == ("Counter", "worker-Counter")
    assert (first["running"], first["alarm"]) == (False, FOREVER_MS)
    assert do.json("list", "Counter") == [another, first]
    assert "2096-10-02" in do("list")


def test_an_object_is_shown_with_what_it_stores(do: DoCommand) -> None:
    found = do.json("show", "Counter", "first")
    assert (found["keys"], found["tables"]) == (3, [{"name": "t", "rows": 1}])
    assert "t (1 rows)" in do("show", "worker-Counter", found["id"])


def test_values_are_decoded(do: DoCommand) -> None:
    assert do.json("storage", "Counter", "first")["entries"] == [
        {"key": "list", "type": "json", "value": [1, {"two": None}], "bytes": 18},
        {"key": "map", "type": "v8", "value": "Map(1) { 'a' => 1 }", "bytes": 10},
        {"key": "text", "type": "json", "value": "wörd", "bytes": 8},
    ]
    assert do("storage", "Counter", "first", "text") == '"wörd"\n'


def test_keys_are_chosen_by_range(do: DoCommand) -> None:
    def keys(*options: str) -> list[str]:
        found = do.json("storage", "Counter", "first", *options)
        return [entry["key"] for entry in found["entries"]]

    assert keys("--prefix", "m") == ["map"]
    assert keys("--start", "m", "--reverse") == ["text", "map"]
    assert keys("--end", "m") == ["list"]
    assert keys("map", "list") == ["map", "list"]
    assert "There are more" in do("storage", "Counter", "first", "--limit", "2")


def test_sql_is_run_and_its_rows_are_shown(do: DoCommand) -> None:
    assert do("sql", "Counter", "first", "INSERT INTO t VALUES (?, ?)", "2", "null")
    assert do("sql", "Counter", "first", "SELECT * FROM t").splitlines() == [
        "n  b",
        "1  x'ff00'",
        "2  NULL",
    ]
    found = do.json("sql", "Counter", "first", "SELECT b FROM t WHERE n = ?", "1")
    assert (found["columns"], found["rows"]) == (["b"], [[{"base64": "/wA="}]])
    assert "prohibited" in do.error("sql", "Counter", "first", "SELECT * FROM _cf_KV")


def test_an_alarm_is_set_and_deleted(do: DoCommand) -> None:
    assert do.json("alarm", "Counter", "first") == {"alarm": FOREVER_MS}
    assert do("alarm", "Counter", "first", "--delete") == "No alarm is set.\n"
    assert do.json("list")[0]["alarm"] is None
    assert do.json("alarm", "Counter", "first", "--set", "2090-01-01") == {"alarm": 3786912000000}
    assert "2090-01-01" in do("alarm", "Counter", "first")


def test_an_alarm_is_run_by_a_worker_of_its_own(do: DoCommand) -> None:
    source = """
        class Counter(DurableObject):
            async def alarm(self, info):
                if await self.ctx.storage.get("text") == "":
                    raise ValueError("no text")
                await self.ctx.storage.put("text", "")
                await self.ctx.storage.setAlarm(4e12)
    """
    objects = {"bindings": [{"name": "COUNTER", "class_name": "Counter"}]}
    migrations = [{"tag": "v1", "new_sqlite_classes": ["Counter"]}]
    config = write_project(do.directory, source, durable_objects=objects, migrations=migrations)
    run = ("alarm", "Counter", "first", "--run", "--config", str(config))
    assert do.json(*run) == {"outcome": "ok", "alarm": FOREVER_MS}
    failed = do.run(*run)
    assert (failed.exit_code, failed.stdout.splitlines()[0]) == (1, "exception: no text")
    assert do.json("alarm", "Counter", "first") == {"alarm": FOREVER_MS}
    do("alarm", "Counter", "first", "--delete")
    assert "no alarm that waits" in do.error(*run)


def test_an_object_is_deleted_with_all_it_stored(do: DoCommand) -> None:
    assert do.run("delete", "Counter", "first", input="n\n").exit_code == 1
    do("delete", "Counter", "first", "--yes")
    assert do("list") == "There are no Durable Objects.\n"


def test_what_is_not_in_memory_cannot_be_evicted(do: DoCommand) -> None:
    assert "not currently running" in do.error("evict", "Counter", "first")


def test_what_does_not_exist_is_named(do: DoCommand) -> None:
    assert 'no class "Missing"' in do.error("show", "Missing", "first")
    assert 'no object "missing"' in do.error("show", "Counter", "missing")
    assert "no key missing" in do.error("storage", "Counter", "first", "missing")
    do.state = do.state / "missing"
    assert "no state yet" in do.error("list")
