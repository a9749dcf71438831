"""What Workers do for each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flarelocal.config import load_config
from flarelocal.emulator import Emulator, StartError
from tests.emulator.conftest import Several, StartSeveral

_API: dict[str, Any] = {
    "services": [
        {"binding": "JOBS", "service": "jobs"},
        {"binding": "ADMIN", "service": "jobs", "entrypoint": "Admin", "props": {"role": "api"}},
        {"binding": "NOBODY", "service": "nobody"},
    ],
    "queues": {"producers": [{"binding": "QUEUE", "queue": "work"}]},
    "durable_objects": {
        "bindings": [
            {"name": "COUNTERS", "class_name": "Counter", "script_name": "jobs"},
            {"name": "LOST", "class_name": "Lost", "script_name": "nobody"},
        ]
    },
}
_JOBS: dict[str, Any] = {
    "queues": {"consumers": [{"queue": "work", "max_batch_timeout": 0}]},
    "durable_objects": {"bindings": [{"name": "COUNTERS", "class_name": "Counter"}]},
    "migrations": [{"tag": "v1", "new_sqlite_classes": ["Counter"]}],
    "vars": {"NAME": "jobs"},
}
_JOBS_CODE = """
from workers import env, wait_until
class Counter(DurableObject):
    async def add(self, by):
        value = (await self.ctx.storage.get("n") or 0) + by
        await self.ctx.storage.put("n", value)
        return f"{self.env.NAME} {value}"
    async def fetch(self, request):
        return Response("the object")
class Admin(WorkerEntrypoint):
    async def who(self):
        return [self.ctx.props.role, env.NAME]
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response(f"{env.NAME} at {request.url}")
    async def double(self, n):
        return 2 * n
    async def fail(self):
        raise ValueError("the reason")
    async def queue(self, batch, env, ctx):
        for message in batch.messages:
            await self.env.COUNTERS.getByName("a").add(message.body)
"""


async def _started(start: StartSeveral, body: str, state: Path | None = None) -> Several:
    api = f"""
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                {body}
    """
    several: Several = await start(state, api=(api, _API), jobs=(_JOBS_CODE, _JOBS))
    return several


async def test_a_request(start: StartSeveral) -> None:
    several = await _started(start, "return await self.env.JOBS.fetch('http://any/path')")
    assert await several.get() == "jobs at http://any/path"


async def test_a_call(start: StartSeveral) -> None:
    several = await _started(start, "return Response(str(await self.env.JOBS.double(21)))")
    assert await several.get() == "42"


async def test_a_named_entrypoint_with_props(start: StartSeveral) -> None:
    several = await _started(start, "return Response(str(await self.env.ADMIN.who()))")
    assert await several.get() == "['api', 'jobs']"


async def test_an_exception(start: StartSeveral) -> None:
    body = """try:
                    await self.env.JOBS.fail()
                except Exception as error:
                    return Response(error.message.rstrip().split("\\n")[-1])"""
    assert await (await _started(start, body)).get() == "ValueError: the reason"


async def test_an_object_of_the_other_worker(start: StartSeveral) -> None:
    body = """stub = self.env.COUNTERS.getByName("a")
                return Response(f"{await stub.add(1)}, {await stub.add(2)}")"""
    assert await (await _started(start, body)).get() == "jobs 1, jobs 3"


async def test_a_message_for_the_other_worker(start: StartSeveral) -> None:
    body = """if request.url.endswith("/send"):
                    await self.env.QUEUE.send(5)
                return Response(await self.env.COUNTERS.getByName("a").add(0))"""
    several = await _started(start, body)
    await several.get("/send")
    await several.clock.advance(0)
    assert await several.get("/look") == "jobs 5"


async def test_objects_outlive_the_emulator(start: StartSeveral, tmp_path: Path) -> None:
    body = "return Response(await self.env.COUNTERS.getByName('a').add(1))"
    several = await _started(start, body, tmp_path / "state")
    await several.get()
    await several.emulator.stop()
    await several.emulator.start()
    assert await several.get() == "jobs 2"


async def test_a_worker_that_does_not_run_answers_with_503(start: StartSeveral) -> None:
    body = """response = await self.env.NOBODY.fetch("http://x/")
                return Response(f"{response.status} {await response.text()}")"""
    assert await (await _started(start, body)).get() == (
        '503 Worker "nobody" not found. Make sure it is running locally.'
    )


@pytest.mark.parametrize("call", ["NOBODY.anything()", "LOST.getByName('a').anything()"])
async def test_calls_of_a_worker_that_does_not_run_fail(start: StartSeveral, call: str) -> None:
    body = f"""try:
                    await self.env.{call}
                except Exception as error:
                    return Response(f"{{error.name}}: {{error.message}}")"""
    assert await (await _started(start, body)).get() == (
        'Error: Worker "nobody" not found. Make sure it is running locally.'
    )


async def test_an_object_of_a_worker_that_does_not_run_has_an_id(start: StartSeveral) -> None:
    body = """id = self.env.LOST.idFromName("a")
                response = await self.env.LOST.get(id).fetch("http://x/")
                return Response(f"{len(str(id))} {response.status}")"""
    assert await (await _started(start, body)).get() == "64 503"


async def test_a_reload_leaves_the_other_worker_alone(start: StartSeveral) -> None:
    count = """
        calls = 0
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                global calls
                calls += 1
                return Response(f"{calls} MARK")
    """
    several = await start(one=(count, {}), two=(count, {}))
    for worker in ("one", "two"):
        await several.get(worker=worker)
    several.write("two", count.replace("MARK", "anew"))
    await several.emulator.reload(worker="two")
    assert [await several.get(worker=w) for w in ("one", "two")] == ["2 MARK", "1 anew"]


async def test_a_changed_configuration_reaches_who_is_bound_to_it(start: StartSeveral) -> None:
    body = "return Response(str(await self.env.ADMIN.who()))"
    several = await _started(start, body)
    path = several.write("jobs", _JOBS_CODE, **{**_JOBS, "vars": {"NAME": "renamed"}})
    await several.emulator.reload(load_config(path, process_env={}).config, worker="jobs")
    assert await several.get() == "['api', 'renamed']"


async def test_two_workers_of_one_name_are_refused(start: StartSeveral) -> None:
    with pytest.raises(StartError, match='is called "twin", too: give each a name of its own'):
        await start(twin=("", {}), other=("", {"name": "twin"}))


async def test_two_consumers_of_one_queue_are_refused(start: StartSeveral) -> None:
    with pytest.raises(StartError) as refusal:
        await start(jobs=(_JOBS_CODE, _JOBS), more=(_JOBS_CODE, _JOBS))
    assert "wrangler.json:" in str(refusal.value)
    assert 'queue "work"' in str(refusal.value)


async def test_an_entrypoint_that_the_other_worker_lacks_is_refused(start: StartSeveral) -> None:
    services = [{"binding": "JOBS", "service": "jobs", "entrypoint": "Missing"}]
    with pytest.raises(StartError) as refusal:
        await start(api=("", {"services": services}), jobs=(_JOBS_CODE, _JOBS))
    assert "services[0].entrypoint" in str(refusal.value)


async def test_a_class_that_the_other_worker_lacks_is_refused(start: StartSeveral) -> None:
    bindings = [{"name": "OBJECTS", "class_name": "Missing", "script_name": "jobs"}]
    config = {"durable_objects": {"bindings": bindings}}
    with pytest.raises(StartError) as refusal:
        await start(api=("", config), jobs=(_JOBS_CODE, _JOBS))
    assert "durable_objects.bindings[0].class_name" in str(refusal.value)


def test_an_emulator_needs_a_worker() -> None:
    with pytest.raises(StartError, match="needs a Worker"):
        Emulator()
