"""Nothing leaves an object before what it stored is durable."""

from __future__ import annotations

from typing import Any

import pytest

from flarelocal.worker.events import Logged
from tests.triggers.conftest import Start

_CONFIG: dict[str, Any] = {
    "durable_objects": {"bindings": [{"name": "OBJ", "class_name": "Obj"}]},
    "migrations": [{"tag": "v1", "new_sqlite_classes": ["Obj"]}],
    "kv_namespaces": [{"binding": "KV", "id": "kv"}],
    "queues": {
        "producers": [{"binding": "QUEUE", "queue": "jobs"}],
        "consumers": [{"queue": "jobs", "max_batch_timeout": 0}],
    },
}
_WORKER = """
from urllib.parse import urlsplit

class Obj(DurableObject):
    def __init__(self, ctx, env):
        super().__init__(ctx, env)
        ctx.storage.sql.exec('''
            CREATE TABLE IF NOT EXISTS parent(id INTEGER PRIMARY KEY);
            CREATE TABLE IF NOT EXISTS child(
                parent REFERENCES parent(id) DEFERRABLE INITIALLY DEFERRED
            )
        ''')

    async def store(self, valid):
        if valid:
            self.ctx.storage.sql.exec("INSERT INTO parent VALUES (1)")
        self.ctx.storage.sql.exec("INSERT INTO child VALUES (1)")

    async def by_call(self, valid):
        await self.store(valid)
        await self.env.OBJ.getByName("other").hear()

    async def by_request(self, valid):
        await self.store(valid)
        await self.env.OBJ.getByName("other").fetch("http://other/")

    async def by_queue(self, valid):
        await self.store(valid)
        await self.env.QUEUE.send("left")

    async def by_kv(self, valid):
        await self.store(valid)
        await self.env.KV.put("key", "left")

    async def calls(self):
        other = self.env.OBJ.getByName("other")
        await self.store(True)
        first = other.say("first")
        second = other.say("second")
        await second
        await first

    async def hear(self):
        print("heard")

    async def say(self, what):
        print(what)

    async def fetch(self, request):
        print("heard")
        return Response("")

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        way, _, valid = urlsplit(request.url).path[1:].partition("/")
        arguments = [valid == "valid"] if valid else []
        try:
            await getattr(self.env.OBJ.getByName("one"), way)(*arguments)
        except Exception as error:
            print("reset" if "constraints were violated" in str(error) else error)
        if await self.env.KV.get("key"):
            print("heard")
        return Response("")

    async def queue(self, batch, env, ctx):
        print("heard")
"""


@pytest.mark.parametrize("way", ["by_call", "by_request", "by_queue", "by_kv"])
async def test_what_cannot_be_stored_has_no_consequences(start: Start, way: str) -> None:
    emulated = await start(_WORKER, **_CONFIG)
    await emulated.get(f"/{way}/invalid")
    await emulated.clock.advance(1000)
    assert [line.text for line in emulated.events(Logged)] == ["reset"]


@pytest.mark.parametrize("way", ["by_call", "by_request", "by_queue", "by_kv"])
async def test_what_is_stored_has_them(start: Start, way: str) -> None:
    emulated = await start(_WORKER, **_CONFIG)
    await emulated.get(f"/{way}/valid")
    await emulated.clock.advance(1000)
    assert [line.text for line in emulated.events(Logged)] == ["heard"]


async def test_calls_leave_in_their_order(start: Start) -> None:
    emulated = await start(_WORKER, **_CONFIG)
    await emulated.get("/calls")
    assert [line.text for line in emulated.events(Logged)] == ["first", "second"]
