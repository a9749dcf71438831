"""Requests about Durable Objects."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from flarelocal.durable_objects import AlarmOutcome, Namespace, ObjectId
from flarelocal.durable_objects.facets import FacetStart
from flarelocal.javascript.clone import serialize
from flarelocal.server.objects.api import PATH, ObjectsApi
from tests.durable_objects.stage import Instance, Stage


class Served:
    """The requests about the objects of a running stage."""

    def __init__(self, directory: Path) -> None:
        self.stage = Stage(directory)
        self.api = ObjectsApi([self.stage.namespace], self.run_alarm)

    async def run_alarm(self, namespace: Namespace, id: ObjectId) -> AlarmOutcome | None:
        attempt = namespace.alarms.fire(id)
        return None if attempt is None else await attempt

    async def ask(self, method: str, path: str = "", body: object = None) -> tuple[int, Any]:
        path, _, query = path.partition("?")
        content = b"" if body is None else json.dumps(body).encode()
        answer = await self.api.answer(method, PATH + path, query, content)
        return answer.status, json.loads(answer.body)


def put(instance: Instance) -> None:
    instance.storage.kv.put("a", serialize(1))


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    served = Served(tmp_path)
    await served.stage.do(put)
    yield served
    await served.stage.end()


async def test_an_object_in_memory_is_seen_as_it_is_now(served: Served) -> None:
    status, [listed] = await served.ask("GET")
    assert (status, listed["name"], listed["running"]) == (200, "a", True)
    await served.stage.do(lambda instance: instance.seen.append("kept"))
    await served.ask("POST", "/Counter/sql?object=a", {"query": "CREATE TABLE t(n)"})
    assert await served.stage.do(lambda instance: instance.seen) == ["kept"]


async def test_an_object_is_evicted_at_once(served: Served) -> None:
    assert (await served.ask("POST", "/Counter/evict?object=a"))[0] == 200
    assert (await served.ask("GET"))[1][0]["running"] is False
    status, answer = await served.ask("POST", "/Counter/evict?object=a")
    assert (status, answer["error"][:6]) == (409, "Cannot")


async def test_an_alarm_in_a_while_is_reckoned_by_the_clock(served: Served) -> None:
    now = served.stage.clock.now()
    assert await served.ask("PUT", "/Counter/alarm?object=a", {"after": 5000}) == (
        200,
        {"alarm": now + 5000},
    )
    assert (await served.ask("PUT", "/Counter/alarm?object=a", {"at": 1}))[1] == {"alarm": now}


async def test_an_alarm_which_is_run_is_used_up(served: Served) -> None:
    async def ring(instance: Instance, info: object) -> None:
        instance.storage.kv.put("rung", serialize(1))

    served.stage.ringing = ring
    await served.ask("PUT", "/Counter/alarm?object=a", {"after": 5000})
    rung = await served.ask("POST", "/Counter/alarm/run?object=a")
    assert rung == (200, {"outcome": "ok", "alarm": None})
    assert (await served.ask("POST", "/Counter/alarm/run?object=a"))[0] == 409


async def test_a_name_with_any_characters_is_found(served: Served) -> None:
    await served.stage.do(put, "ä/b c")
    status, found = await served.ask("GET", "/Counter?object=%C3%A4%2Fb+c")
    assert (status, found["name"]) == (200, "ä/b c")


async def test_an_object_with_a_jurisdiction_is_found_by_name(served: Served) -> None:
    namespace = served.stage.namespace
    id = namespace.ids.from_name("here", "eu")

    async def event(instance: Instance) -> None:
        put(instance)

    await namespace.get(id).run(event)
    assert (await served.ask("GET", "/Counter?object=here"))[1]["jurisdiction"] == "eu"


async def test_facets_are_named_and_looked_into(served: Served) -> None:
    async def start() -> FacetStart:
        return FacetStart(served.stage)

    async def inner(instance: Instance) -> None:
        put(instance)

    async def event(instance: Instance) -> None:
        await instance.actor.facets.get("part", start).start(inner)

    await served.stage.run(event)
    assert (await served.ask("GET", "/Counter?object=a"))[1]["facets"] == ["part"]
    _, found = await served.ask("GET", "/Counter/storage?object=a&facet=part")
    assert [entry["key"] for entry in found["entries"]] == ["a"]
    status, answer = await served.ask("GET", "/Counter/storage?object=a&facet=missing")
    assert (status, answer["error"]) == (409, 'There is no facet "missing".')


async def test_a_file_which_cannot_be_read_is_named(served: Served, tmp_path: Path) -> None:
    id = served.stage.namespace.ids.unique()
    (tmp_path / f"{id.hex}.sqlite").write_bytes(b"something else, and of some length")
    status, answer = await served.ask("GET", f"/Counter?object={id.hex}")
    assert (status, "not a readable storage file" in answer["error"]) == (500, True)


async def test_two_classes_of_one_name_are_told_apart(served: Served, tmp_path: Path) -> None:
    stage = served.stage
    other = Namespace(
        "other-Counter",
        stage,
        directory=tmp_path / "other",
        clock=stage.clock,
        journal=stage.journal,
        random=Random(1),
    )
    served.api = ObjectsApi([stage.namespace, other], None)
    status, answer = await served.ask("GET", "/Counter?object=a")
    assert (status, "worker-Counter, other-Counter" in answer["error"]) == (409, True)
    assert (await served.ask("GET", "/worker-Counter?object=a"))[0] == 200
    await other.close()


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "hint"),
    [
        ("GET", "/Counter", None, 400, "?object="),
        ("GET", "/Counter?object=b", None, 404, "flarelocal do list Counter"),
        ("GET", "?class=Missing", None, 404, "worker-Counter"),
        ("POST", "/Counter/nothing?object=a", None, 404, "flarelocal do --help"),
        ("POST", "/Counter/sql?object=a", {"query": "SELECT 1 FROM x"}, 400, "no such table"),
        ("POST", "/Counter/sql?object=a", {"query": "SELECT ?", "bindings": [[]]}, 400, "Send"),
        ("PUT", "/Counter/alarm?object=a", {"at": "noon"}, 400, "ms since 1970"),
        ("GET", "/Counter/storage?object=a&limit=0", None, 400, "limit"),
    ],
)
async def test_what_is_refused_is_explained(
    served: Served, method: str, path: str, body: object, status: int, hint: str
) -> None:
    given, answer = await served.ask(method, path, body)
    assert given == status
    assert hint in answer["error"]
