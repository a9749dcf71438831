"""Parts of an object with a class and a storage of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from flarelocal.durable_objects import DurableObjectError, ObjectResetError, Storage
from flarelocal.durable_objects.events import ObjectConstructed, ObjectEvicted
from flarelocal.durable_objects.facets import Facet, FacetStart
from flarelocal.durable_objects.identity import GivenId
from flarelocal.durable_objects.object_clock import ObjectClock
from flarelocal.sockets.connection import Close, End, Lost
from tests.durable_objects.stage import Instance, Stage

Act = Callable[[Instance], object]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def facet(instance: Instance, name: str, stage: Stage, start: FacetStart | None = None) -> Facet:
    """A facet of the class of the stage."""

    async def make() -> FacetStart:
        return start or FacetStart(stage)

    instance.actor.facets.require_room(name)
    return instance.actor.facets.get(name, make)


async def within(facet: Facet, action: Act) -> Any:
    """Do something in a facet."""

    async def event(instance: Instance) -> object:
        return action(instance)

    return await facet.start(event)


def files(directory: Path) -> set[str]:
    return {path.name for path in directory.iterdir()}


def counting(instance: Instance) -> int:
    count = int(instance.storage.kv.get("count") or b"0") + 1
    instance.storage.kv.put("count", str(count).encode())
    return count


async def in_facet(stage: Stage, name: str, action: Act) -> Any:
    """Do something in a facet of the object `a`."""
    return await stage.run(lambda instance: within(facet(instance, name, stage), action))


async def caught(awaitable: Awaitable[object]) -> BaseException | None:
    [result] = await asyncio.gather(awaitable, return_exceptions=True)
    return result if isinstance(result, BaseException) else None


async def test_each_has_a_storage_of_its_own(stage: Stage, tmp_path: Path) -> None:
    await stage.do(counting)
    assert [await in_facet(stage, "x", counting) for _ in range(3)] == [1, 2, 3]
    assert await in_facet(stage, "y", counting) == 1
    hex = stage.namespace.ids.from_name("a").hex
    await stage.clock.advance(10_000)
    assert files(tmp_path) >= {
        f"{hex}.sqlite",
        f"{hex}.1.sqlite",
        f"{hex}.2.sqlite",
        f"{hex}.facets",
    }
    await stage.end()


async def test_what_it_stored_is_there_in_the_next_process(stage: Stage, tmp_path: Path) -> None:
    await in_facet(stage, "x", counting)
    await in_facet(stage, "y", counting)
    await stage.end()
    stage = Stage(tmp_path)
    assert await in_facet(stage, "y", counting) == 2
    await stage.end()


async def test_an_object_which_has_nothing_else_is_listed(stage: Stage) -> None:
    await in_facet(stage, "x", counting)
    await stage.clock.advance(10_000)
    [info] = stage.namespace.list()
    assert (info.running, info.facets) == (False, ("x",))
    assert stage.namespace.find(info.id.hex) == info


async def test_it_is_started_once_while_it_runs(stage: Stage) -> None:
    starts = []

    async def make() -> FacetStart:
        await asyncio.sleep(0)
        starts.append(1)
        return FacetStart(stage)

    async def event(instance: Instance) -> list[int]:
        calls = []
        for _ in range(3):
            facet = instance.actor.facets.get("x", make)
            calls.append(asyncio.ensure_future(within(facet, counting)))
        return [await call for call in calls]

    assert await stage.run(event) == [1, 2, 3]
    assert await stage.run(event) == [4, 5, 6]
    assert len(starts) == 1


async def test_it_sees_the_id_of_its_parent_or_another(stage: Stage) -> None:
    async def event(instance: Instance) -> Iterator[str]:
        other = FacetStart(stage, GivenId("other"))
        facets = facet(instance, "x", stage), facet(instance, "y", stage, other)
        return iter([await within(each, lambda part: part.actor.id.hex) for each in facets])

    same, other = await stage.run(event)
    assert (same, other) == (stage.namespace.ids.from_name("a").hex, "other")


async def test_one_which_cannot_start_tells_why(stage: Stage) -> None:
    async def make() -> FacetStart:
        raise LookupError("no class")

    async def event(instance: Instance) -> None:
        await within(instance.actor.facets.get("x", make), counting)

    assert str(await caught(stage.run(event))) == "no class"


async def test_abort_ends_it_for_all_who_hold_it(stage: Stage) -> None:
    async def event(instance: Instance) -> tuple[object, object, object]:
        first = facet(instance, "x", stage)
        await within(first, counting)
        await within(first, lambda part: part.seen.append(1))
        instance.actor.facets.abort("x", LookupError("enough"))
        error = await caught(within(first, counting))
        again = facet(instance, "x", stage)
        return error, await within(again, counting), await within(again, lambda part: part.seen)

    error, count, seen = await stage.run(event)
    assert (type(error), str(error)) == (ObjectResetError, "enough")
    assert (count, seen) == (2, [])


async def test_abort_reaches_one_which_has_not_started(stage: Stage) -> None:
    async def make() -> FacetStart:
        await asyncio.Event().wait()
        raise AssertionError

    async def event(instance: Instance) -> BaseException | None:
        call = asyncio.ensure_future(within(instance.actor.facets.get("x", make), counting))
        await asyncio.sleep(0)
        instance.actor.facets.abort("x", LookupError("too late"))
        return await caught(call)

    assert str(await stage.run(event)) == "too late"


async def test_delete_takes_what_it_and_its_facets_have_stored(
    stage: Stage, tmp_path: Path
) -> None:
    async def nested(instance: Instance) -> int:
        return int(await within(facet(instance, "inner", stage), counting))

    async def event(instance: Instance) -> list[int]:
        outer = facet(instance, "outer", stage)
        counts = [await outer.start(nested), await within(outer, counting)]
        instance.actor.facets.delete("outer")
        instance.actor.facets.delete("never there")
        outer = facet(instance, "outer", stage)
        return [*counts, await outer.start(nested), await within(outer, counting)]

    assert await stage.run(event) == [1, 1, 1, 1]


async def test_delete_all_takes_facets_as_well(stage: Stage, tmp_path: Path) -> None:
    await in_facet(stage, "x", counting)
    await stage.do(lambda instance: instance.actor.delete_all(delete_alarm=True))
    assert not {name for name in files(tmp_path) if name.endswith(".1.sqlite")}
    assert await in_facet(stage, "x", counting) == 1


async def test_a_clone_begins_with_what_the_other_one_has_stored(stage: Stage) -> None:
    async def nested(instance: Instance) -> int:
        return int(await within(facet(instance, "inner", stage), counting))

    async def event(instance: Instance) -> list[int]:
        source = facet(instance, "source", stage)
        await within(source, counting)
        await source.start(nested)
        await within(facet(instance, "target", stage), counting)
        instance.actor.facets.clone("source", "target")
        target = facet(instance, "target", stage)
        counts = [await within(target, counting), await target.start(nested)]
        instance.actor.facets.clone("never there", "target")
        counts.append(await within(facet(instance, "target", stage), counting))
        instance.actor.facets.clone("source", "source")
        return [*counts, await within(facet(instance, "source", stage), counting)]

    assert await stage.run(event) == [2, 2, 1, 2]


async def test_its_storage_can_be_looked_into(stage: Stage) -> None:
    async def nested(instance: Instance) -> int:
        return int(await within(facet(instance, "inner", stage), counting))

    def count(storage: Storage) -> bytes | None:
        return storage.kv.get("count")

    async def event(instance: Instance) -> None:
        await facet(instance, "outer", stage).start(nested)

    await stage.run(event)
    id = stage.namespace.ids.from_name("a")
    assert await stage.namespace.look(id, count, ["outer"]) is None
    assert await stage.namespace.look(id, count, ["outer", "inner"]) == b"1"
    await stage.clock.advance(10_000)
    assert await stage.namespace.look(id, count, ["outer", "inner"]) == b"1"
    assert not stage.namespace.describe(id).running
    with pytest.raises(DurableObjectError, match='There is no facet "missing"'):
        await stage.namespace.look(id, count, ["outer", "missing"])


async def test_it_lives_and_dies_with_its_parent(stage: Stage) -> None:
    async def event(instance: Instance) -> None:
        part = facet(instance, "x", stage)
        await within(part, lambda inner: inner.storage.kv.put("a", b"1"))
        waiting = asyncio.ensure_future(part.start(lambda inner: asyncio.sleep(9)))
        await asyncio.sleep(0)
        instance.actor.abort("over")
        await waiting

    assert str(await caught(stage.run(event))) == "over"
    assert await in_facet(stage, "x", lambda part: part.storage.kv.get("a")) == b"1"


async def test_one_which_works_keeps_its_parent_in_memory(stage: Stage) -> None:
    async def event(instance: Instance) -> None:
        part = facet(instance, "x", stage)
        await within(part, lambda inner: inner.actor.tasks.wait_until(stage.clock.sleep(30_000)))

    await stage.run(event)
    await stage.clock.advance(29_000)
    assert [info.running for info in stage.namespace.list()] == [True]
    await stage.clock.advance(12_000)
    assert [info.running for info in stage.namespace.list()] == [False]


async def test_one_which_expects_something_keeps_its_parent_in_memory(stage: Stage) -> None:
    await in_facet(
        stage,
        "x",
        lambda part: ObjectClock(stage.clock, part.actor).call_later(30_000, lambda: None),
    )
    await stage.clock.advance(39_000)
    assert [info.running for info in stage.namespace.list()] == [True]
    await stage.clock.advance(1_000)
    assert [info.running for info in stage.namespace.list()] == [False]


async def test_it_cannot_set_an_alarm(stage: Stage) -> None:
    error = await caught(in_facet(stage, "x", lambda part: part.actor.set_alarm(9e12)))
    assert str(error) == "Facets currently cannot set alarms."


async def test_facets_nest_three_deep(stage: Stage) -> None:
    async def nest(instance: Instance, levels: int) -> str:
        if levels == 0:
            return "deep enough"
        inner = facet(instance, "inner", stage)
        return await inner.start(lambda part: nest(part, levels - 1))

    assert await stage.run(lambda instance: nest(instance, 3)) == "deep enough"
    error = await caught(stage.run(lambda instance: nest(instance, 4)))
    assert str(error) == (
        "Facet nesting depth limit exceeded. "
        "The maximum depth including the root Durable Object is 4."
    )


async def test_a_name_has_at_most_256_characters(stage: Stage) -> None:
    def use(instance: Instance) -> None:
        facets = instance.actor.facets
        facets.require_room("x" * 256)
        for refused in (
            facets.require_room,
            facets.delete,
            lambda name: facets.abort(name, LookupError()),
            lambda name: facets.clone(name, "a"),
            lambda name: facets.clone("a", name),
        ):
            with pytest.raises(DurableObjectError, match=r"too long \(max 256 characters\)"):
                refused("x" * 257)

    await stage.do(use)


async def test_without_a_directory_all_is_kept_in_memory() -> None:
    stage = Stage(None)
    await in_facet(stage, "x", counting)
    await stage.clock.advance(20_000)
    assert await in_facet(stage, "x", counting) == 2


async def test_deleting_an_object_leaves_nothing_of_its_facets(
    stage: Stage, tmp_path: Path
) -> None:
    await stage.do(counting)
    await in_facet(stage, "x", counting)
    stage.namespace.delete(stage.namespace.ids.from_name("a"))
    assert not {name for name in files(tmp_path) if not name.startswith("metadata")}


async def test_its_sockets_keep_it_and_its_parent_in_memory(stage: Stage) -> None:
    client, end = End.pair()
    await in_facet(stage, "x", lambda part: part.actor.sockets.accept(end, ()))
    await stage.clock.advance(60_000)
    client.send("hello")
    await stage.clock.idle()
    assert await in_facet(stage, "x", lambda part: part.seen) == ["hello"]
    assert len(stage.events(ObjectConstructed)) == 2
    client.send(Close())
    await stage.clock.advance(10_000)
    assert len(stage.events(ObjectEvicted)) == 2


async def test_its_sockets_are_lost_with_it(stage: Stage) -> None:
    client, end = End.pair()
    await in_facet(stage, "x", lambda part: part.actor.sockets.accept(end, ()))
    await stage.do(lambda instance: instance.actor.facets.abort("x", LookupError("gone")))
    assert await client.receive() == Lost()


async def restore(stage: Stage, bookmark: str) -> str:
    """Have the object `a` go back; gives the bookmark which undoes that."""

    async def event(instance: Instance) -> str:
        undo = instance.storage.bookmarks.restore_next(bookmark)
        asyncio.get_running_loop().call_soon(instance.actor.abort)
        return undo

    undo = await stage.run(event)
    await stage.clock.idle()
    return undo


async def bookmark(stage: Stage) -> str:
    current: str = await stage.do(lambda instance: instance.storage.bookmarks.current())
    return current


@pytest.fixture(params=["files", "memory"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Stage:
    return Stage(tmp_path if request.param == "files" else None)


async def test_they_go_back_with_their_parent(either: Stage) -> None:
    await either.do(counting)
    await in_facet(either, "x", counting)
    before = await bookmark(either)
    await in_facet(either, "x", counting)
    undo = await restore(either, before)
    assert await in_facet(either, "x", counting) == 2
    await restore(either, undo)
    assert await in_facet(either, "x", counting) == 3
    await either.end()


async def test_one_that_was_deleted_is_there_again(either: Stage) -> None:
    await in_facet(either, "x", counting)
    before = await bookmark(either)
    await either.do(lambda instance: instance.actor.facets.delete("x"))
    await restore(either, before)
    assert await in_facet(either, "x", counting) == 2
    await either.end()


async def test_one_that_was_made_later_begins_anew(either: Stage) -> None:
    before = await bookmark(either)
    await in_facet(either, "x", counting)
    await restore(either, before)
    assert await in_facet(either, "x", counting) == 1
    await either.end()


async def test_facets_within_facets_go_back(either: Stage) -> None:
    async def inner(outer: Instance) -> int:
        count: int = await within(facet(outer, "y", either), counting)
        return count

    async def count(instance: Instance) -> int:
        return await facet(instance, "x", either).start(inner)

    await either.run(count)
    before = await bookmark(either)
    assert await either.run(count) == 2
    await restore(either, before)
    assert await either.run(count) == 2
    await either.end()


async def test_a_moment_is_one_of_object_and_facets(stage: Stage) -> None:
    for _ in range(3):
        await stage.do(counting)
        await in_facet(stage, "x", counting)
        await stage.clock.advance(1000)
    then_ms = stage.clock.now() - 1500
    earlier: str = await stage.do(lambda instance: instance.storage.bookmarks.at(then_ms))
    await restore(stage, earlier)
    assert await in_facet(stage, "x", counting) == 3
    await stage.end()


async def test_a_moment_of_an_object_that_has_stored_nothing_itself(stage: Stage) -> None:
    for _ in range(3):
        await in_facet(stage, "x", counting)
        await stage.clock.advance(1000)
    then_ms = stage.clock.now() - 1500
    earlier: str = await stage.do(lambda instance: instance.storage.bookmarks.at(then_ms))
    assert await in_facet(stage, "x", counting) == 4
    await restore(stage, earlier)
    assert await in_facet(stage, "x", counting) == 3
    await stage.end()


async def test_they_go_back_in_the_next_process(stage: Stage, tmp_path: Path) -> None:
    await in_facet(stage, "x", counting)
    before = await bookmark(stage)
    await in_facet(stage, "x", counting)
    await stage.do(lambda instance: instance.storage.bookmarks.restore_next(before))
    await stage.end()
    stage = Stage(tmp_path)
    assert await in_facet(stage, "x", counting) == 2
    await stage.end()
