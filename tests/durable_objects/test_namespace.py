"""All objects of a class: finding, listing, evicting, deleting them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random

import pytest

from flarelocal.durable_objects import (
    DurableObjectError,
    IdentityFactory,
    ListOptions,
    ObjectId,
    ObjectResetError,
    Storage,
)
from flarelocal.durable_objects.events import ObjectEvicted
from flarelocal.durable_objects.object_clock import ObjectClock
from tests.durable_objects.left_behind import left_behind
from tests.durable_objects.stage import Instance, Stage


def put(instance: Instance) -> None:
    instance.storage.kv.put("a", b"1")


def files(directory: Path) -> set[str]:
    return {path.name for path in directory.iterdir()}


def got(instance: Instance) -> bytes | None:
    return instance.storage.kv.get("a")


async def test_objects_are_apart(stage: Stage) -> None:
    await stage.do(put, "a")
    assert await stage.do(got, "a") == b"1"
    assert await stage.do(got, "b") is None


async def test_an_object_knows_the_name_it_was_called_by(stage: Stage) -> None:
    assert await stage.do(lambda instance: instance.actor.id.name, "alice") == "alice"


async def test_a_long_name_is_not_told(stage: Stage) -> None:
    assert await stage.do(lambda instance: instance.actor.id.name, "é" * 512) == "é" * 512
    assert await stage.do(lambda instance: instance.actor.id.name, "é" * 512 + "x") is None


async def test_an_object_keeps_the_id_its_first_call_had(stage: Stage) -> None:
    ids = stage.namespace.ids
    unnamed = ids.from_string(ids.from_name("a").hex)
    name = await stage.namespace.get(unnamed).run(lambda i: asyncio.sleep(0, i.actor.id.name))
    assert name is None
    assert await stage.do(lambda instance: instance.actor.id.name) is None


async def test_an_id_of_another_namespace_is_refused(stage: Stage) -> None:
    foreign = IdentityFactory("other", Random(1)).from_name("a")
    with pytest.raises(DurableObjectError, match="not valid for this namespace"):
        stage.namespace.get(foreign)


async def test_each_object_has_a_file(stage: Stage, tmp_path: Path) -> None:
    await stage.do(put, "a")
    await stage.do(got, "b")
    await stage.clock.advance(10_000)
    id = stage.namespace.ids.from_name("a")
    assert {f"{id.hex}.sqlite", "metadata.sqlite"} <= files(tmp_path)
    assert len([name for name in files(tmp_path) if name.endswith(".sqlite")]) == 2


async def test_objects_are_listed_asleep_and_awake(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    await stage.do(put, "asleep")
    await stage.clock.advance(10_000)
    await stage.do(got, "awake")
    listed = {info.id.name: info for info in stage.namespace.list()}
    assert set(listed) == {"asleep", "awake"}
    assert not listed["asleep"].running
    assert listed["asleep"].file_bytes == 8192
    assert listed["awake"].running
    await stage.end()


async def test_objects_with_little_storage_get_their_files_when_they_rest(
    stage: Stage, tmp_path: Path
) -> None:
    await stage.do(put, "a")
    [info] = stage.namespace.list()
    assert f"{info.id.hex}.sqlite" not in files(tmp_path)
    assert info.file_bytes == 8192
    await stage.clock.advance(10_000)
    assert f"{info.id.hex}.sqlite" in files(tmp_path)
    assert stage.namespace.list()[0].file_bytes == 8192


async def test_objects_get_their_files_after_the_process_died(tmp_path: Path) -> None:
    dead = Stage(tmp_path)
    await dead.do(put, "a")
    directory = left_behind(tmp_path)
    stage = Stage(directory)
    assert len([name for name in files(directory) if name.endswith(".sqlite")]) == 2
    assert await stage.do(got, "a") == await dead.do(got, "a") is not None
    await stage.end()


async def test_names_are_remembered(tmp_path: Path) -> None:
    first = Stage(tmp_path)
    await first.do(put, "alice")
    await first.end()
    second = Stage(tmp_path)
    [info] = second.namespace.list()
    assert info.id == second.namespace.ids.from_name("alice")
    assert info.id.name == "alice"
    await second.end()


async def test_files_of_facets_and_foreign_files_are_told_apart(
    stage: Stage, tmp_path: Path
) -> None:
    foreign = "f" * 64
    (tmp_path / f"{foreign}.sqlite").touch()
    (tmp_path / f"{foreign}.1.sqlite").touch()
    assert [info.id for info in stage.namespace.list()] == [ObjectId(foreign)]


async def test_what_was_stored_is_there_in_the_next_process(tmp_path: Path) -> None:
    first = Stage(tmp_path)
    await first.do(put)
    await first.end()
    second = Stage(tmp_path)
    assert await second.do(got) == b"1"
    await second.end()


async def test_without_a_directory_everything_is_kept_in_memory() -> None:
    stage = Stage(None)
    await stage.do(put)
    await stage.clock.advance(10_000)
    assert len(stage.events(ObjectEvicted)) == 1
    assert await stage.do(got) == b"1"
    with pytest.raises(ObjectResetError):
        await stage.do(lambda instance: instance.actor.abort())
    assert await stage.do(got) == b"1"
    assert [info.id.name for info in stage.namespace.list()] == ["a"]
    await stage.end()


async def test_storage_can_be_looked_into_without_construction(stage: Stage) -> None:
    await stage.do(put)
    await stage.clock.advance(10_000)
    id = stage.namespace.ids.from_name("a")

    def action(storage: Storage) -> list[str]:
        storage.kv.put("b", b"2")
        return list(storage.kv.list(ListOptions()))

    assert await stage.namespace.look(id, action) == ["a", "b"]
    assert [info.running for info in stage.namespace.list()] == [False]
    assert await stage.do(lambda instance: list(instance.storage.kv.list(ListOptions()))) == [
        "a",
        "b",
    ]


async def test_evict_waits_until_nothing_goes_on(stage: Stage) -> None:
    id = stage.namespace.ids.from_name("a")
    call = stage.object().start(lambda instance: stage.clock.sleep(500))
    evicting = asyncio.ensure_future(stage.namespace.evict(id))
    await stage.clock.advance(499)
    assert not evicting.done()
    await stage.clock.advance(1)
    await evicting
    await call
    assert len(stage.events(ObjectEvicted)) == 1


async def test_evict_waits_for_what_is_to_come_by_itself(stage: Stage) -> None:
    await stage.do(
        lambda instance: ObjectClock(stage.clock, instance.actor).call_later(500, lambda: None)
    )
    evicting = asyncio.ensure_future(stage.namespace.evict(stage.namespace.ids.from_name("a")))
    await stage.clock.advance(499)
    assert not evicting.done()
    await stage.clock.advance(1)
    await evicting
    assert len(stage.events(ObjectEvicted)) == 1


async def test_evict_gives_up_after_30_seconds(stage: Stage) -> None:
    id = stage.namespace.ids.from_name("a")
    call = stage.object().start(lambda instance: stage.clock.sleep(60_000))
    evicting = asyncio.ensure_future(stage.namespace.evict(id))
    await stage.clock.advance(30_000)
    with pytest.raises(DurableObjectError) as refusal:
        await evicting
    assert refusal.value.message == (
        "Timed out waiting to evict Durable Object: it still has active references."
    )
    await stage.clock.advance(30_000)
    await call


async def test_evict_needs_an_object_in_memory(stage: Stage) -> None:
    with pytest.raises(DurableObjectError) as refusal:
        await stage.namespace.evict(stage.namespace.ids.from_name("a"))
    assert refusal.value.message == ("Cannot evict Durable Object: it is not currently running.")


async def test_new_code_resets_all_objects_and_keeps_their_storage(stage: Stage) -> None:
    await stage.do(put, "a")
    calls = [stage.object(name).start(lambda i: stage.clock.sleep(500)) for name in "ab"]
    await stage.clock.advance(1)
    stage.namespace.renew()
    stage.namespace.start()
    for error in await asyncio.gather(*calls, return_exceptions=True):
        assert isinstance(error, ObjectResetError)
        assert error.message == "Durable Object reset because its code was updated."
    assert await stage.do(got, "a") == b"1"


async def test_delete_leaves_nothing(stage: Stage, tmp_path: Path) -> None:
    stage.ringing = lambda instance, info: asyncio.sleep(0)
    await stage.do(put)
    await stage.do(lambda instance: instance.actor.set_alarm(stage.clock.now() + 1000))
    stage.namespace.delete(stage.namespace.ids.from_name("a"))
    assert stage.namespace.list() == []
    assert not [name for name in files(tmp_path) if not name.startswith("metadata.sqlite")]
    await stage.clock.advance(2000)
    assert stage.rung == []
    assert await stage.do(got) is None


async def test_close_lets_work_end(tmp_path: Path) -> None:
    stage = Stage(tmp_path)

    async def event(instance: Instance) -> str:
        await stage.clock.sleep(500)
        put(instance)
        return "done"

    call = stage.object().start(event)
    closing = asyncio.ensure_future(stage.namespace.close())
    await stage.clock.advance(500)
    await closing
    assert await call == "done"
    assert not [name for name in files(tmp_path) if name.endswith("-wal")]


async def test_close_destroys_what_does_not_end(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    call = stage.object().start(lambda instance: stage.clock.sleep(60_000))
    closing = asyncio.ensure_future(stage.namespace.close(grace_ms=1000))
    await stage.clock.advance(1000)
    await closing
    with pytest.raises(ObjectResetError, match="shutting down"):
        await call


async def test_an_object_goes_back_to_a_bookmark_with_its_next_life(stage: Stage) -> None:
    stage.ringing = lambda instance, info: asyncio.sleep(0)

    def remember(instance: Instance) -> str:
        put(instance)
        instance.actor.set_alarm(stage.clock.now() + 60_000)
        return instance.storage.bookmarks.current()

    def go_back(instance: Instance) -> None:
        instance.storage.delete_all()
        instance.storage.bookmarks.restore_next(bookmark)
        instance.actor.abort("back")

    bookmark = await stage.do(remember)
    await stage.clock.advance(1000)
    with pytest.raises(ObjectResetError, match="back"):
        await stage.do(go_back)
    assert await stage.do(got) == b"1"
    await stage.clock.advance(59_000)
    assert [at for at, _ in stage.rung] == [60_000]
