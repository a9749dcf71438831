"""Events of Durable Objects."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from flarelocal.durable_objects import DurableObjectError
from flarelocal.worker.events import Logged
from tests.triggers.conftest import Start

_OBJECTS: dict[str, Any] = {
    "durable_objects": {"bindings": [{"name": "OBJ", "class_name": "Obj"}]},
    "migrations": [{"tag": "v1", "new_sqlite_classes": ["Obj"]}],
}

_DEFAULT = """
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        stub = self.env.OBJ.getByName("one")
        name = request.url.rpartition("/")[2]
        return Response(str(await getattr(stub, name)()))
"""


async def test_an_object_keeps_its_instance(start: Start) -> None:
    emulated = await start(
        """
class Obj(DurableObject):
    count = 0
    async def increment(self):
        self.count += 1
        return self.count
"""
        + _DEFAULT,
        **_OBJECTS,
    )
    assert [await emulated.get("/increment") for _ in range(2)] == ["1", "2"]


async def test_what_an_object_armed_outlives_the_event(start: Start) -> None:
    emulated = await start(
        """
import asyncio
class Obj(DurableObject):
    async def arm(self):
        async def later():
            await asyncio.sleep(5)
            print("fired")
        self.task = asyncio.create_task(later())
"""
        + _DEFAULT,
        **_OBJECTS,
    )
    await emulated.get("/arm")
    await emulated.clock.advance(5000)
    assert [line.text for line in emulated.events(Logged)] == ["fired"]


async def test_what_an_object_armed_ends_with_it(start: Start) -> None:
    emulated = await start(
        """
import js
from pyodide.ffi import create_proxy
class Obj(DurableObject):
    async def arm(self):
        js.setTimeout(create_proxy(lambda: print("fired")), 5000)
    async def destroy(self):
        self.ctx.abort("over")
"""
        + _DEFAULT,
        **_OBJECTS,
    )
    await emulated.get("/arm")
    with pytest.raises(Exception, match="over"):
        await emulated.get("/destroy")
    await emulated.clock.advance(10_000)
    assert emulated.events(Logged) == []


async def test_an_alarm_reaches_the_handler(start: Start) -> None:
    emulated = await start(
        """
import js
class Obj(DurableObject):
    async def arm(self):
        await self.ctx.storage.setAlarm(js.Date.now() + 1000)
    async def alarm(self, info):
        print("alarm", info.retryCount)
"""
        + _DEFAULT,
        **_OBJECTS,
    )
    await emulated.get("/arm")
    await emulated.clock.advance(1000)
    assert [line.text for line in emulated.events(Logged)] == ["alarm 0"]


async def test_fetch_gets_the_request_and_two_empty_arguments(start: Start) -> None:
    emulated = await start(
        """
        class Obj(DurableObject):
            async def fetch(self, *args):
                return Response(repr([type(a).__name__ for a in args]))
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                return await self.env.OBJ.getByName("one").fetch("http://any.host/")
        """,
        **_OBJECTS,
    )
    assert await emulated.get() == "['Request', 'NoneType', 'NoneType']"


async def test_exit_in_an_object_discards_the_code(start: Start) -> None:
    emulated = await start(
        """
import sys
class Obj(DurableObject):
    count = 0
    async def increment(self):
        self.count += 1
        return self.count
    async def leave(self):
        sys.exit(1)
"""
        + _DEFAULT,
        **_OBJECTS,
    )
    assert await emulated.get("/increment") == "1"
    with pytest.raises(Exception, match="Program terminated with exit"):
        await emulated.get("/leave")
    await asyncio.sleep(0)
    assert await emulated.get("/increment") == "1"


async def test_a_container_says_that_it_does_not_run(start: Start) -> None:
    emulated = await start(
        """
class Obj(DurableObject):
    async def run(self):
        try:
            self.ctx.container.start()
        except Exception as error:
            return str(error)
"""
        + _DEFAULT,
        **_OBJECTS,
        containers=[{"class_name": "Obj", "image": "./Dockerfile"}],
    )
    assert "flarelocal runs no containers" in await emulated.get("/run")


async def test_a_class_without_a_container_has_none(start: Start) -> None:
    emulated = await start(
        """
class Obj(DurableObject):
    async def look(self):
        return self.ctx.container is None
"""
        + _DEFAULT,
        **_OBJECTS,
    )
    assert await emulated.get("/look") == "True"


async def test_a_timer_keeps_an_object_in_memory(start: Start) -> None:
    emulated = await start(
        """
import asyncio
class Obj(DurableObject):
    async def arm(self):
        async def later():
            await asyncio.sleep(25)
        self.task = asyncio.create_task(later())
"""
        + _DEFAULT,
        **_OBJECTS,
    )
    await emulated.get("/arm")
    [namespace] = emulated.emulator.namespaces

    async def running_after(ms: int) -> list[bool]:
        await emulated.clock.advance(ms)
        return [info.running for info in namespace.list()]

    assert await running_after(34_000) == [True]
    assert await running_after(1_000) == []


async def test_events_that_come_at_once_are_all_within_the_object(start: Start) -> None:
    emulated = await start(
        """
import asyncio
class Obj(DurableObject):
    async def wait(self):
        await asyncio.sleep(5)
        await self.ctx.storage.put("slept", True)
        return 1

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        stub = self.env.OBJ.getByName("one")
        return Response(str(sum(await asyncio.gather(stub.wait(), stub.wait()))))
""",
        **_OBJECTS,
    )
    answer = asyncio.ensure_future(emulated.get("/"))
    await emulated.clock.advance(4999)
    assert not answer.done()
    await emulated.clock.advance(1)
    assert await answer == "2"


async def test_an_interval_keeps_an_object_from_being_evicted(start: Start) -> None:
    emulated = await start(
        """
import js
from pyodide.ffi import create_proxy
class Obj(DurableObject):
    async def arm(self):
        self.interval = js.setInterval(create_proxy(lambda: None), 3000)
    async def stop(self):
        js.clearInterval(self.interval)
"""
        + _DEFAULT,
        **_OBJECTS,
    )
    await emulated.get("/arm")
    [namespace] = emulated.emulator.namespaces
    [info] = namespace.list()
    evicting = asyncio.ensure_future(namespace.evict(info.id))
    await emulated.clock.advance(30_000)
    with pytest.raises(DurableObjectError, match="it still has active references"):
        await evicting
    await emulated.get("/stop")
    evicting = asyncio.ensure_future(namespace.evict(info.id))
    await emulated.clock.advance(1000)
    await evicting
    assert namespace.list() == []


async def test_a_timer_waits_for_a_critical_section(start: Start) -> None:
    emulated = await start(
        """
import asyncio, js
from pyodide.ffi import create_proxy
class Obj(DurableObject):
    async def run(self):
        async def section():
            print("begin")
            await asyncio.sleep(5)
            print("end")
        js.setTimeout(create_proxy(lambda: print("outside")), 1000)
        self.block = asyncio.ensure_future(self.ctx.blockConcurrencyWhile(section))
"""
        + _DEFAULT,
        **_OBJECTS,
    )
    await emulated.get("/run")
    await emulated.clock.advance(6000)
    assert [line.text for line in emulated.events(Logged)] == ["begin", "end", "outside"]


async def test_an_async_listener_that_aborts_the_object_is_no_news(start: Start) -> None:
    emulated = await start(
        """
import js
from pyodide.ffi import create_proxy
class Obj(DurableObject):
    async def arm(self):
        async def later():
            print("fired")
            self.ctx.abort("over")
        js.setTimeout(create_proxy(later), 1000)
"""
        + _DEFAULT,
        **_OBJECTS,
    )
    await emulated.get("/arm")
    await emulated.clock.advance(1000)
    assert [line.text for line in emulated.events(Logged)] == ["fired"]
