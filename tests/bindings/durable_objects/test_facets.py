"""`ctx.facets` as a program uses it."""

from __future__ import annotations

from typing import Any

from flarelocal.bindings.durable_objects.object_class import DurableObjectClass
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value
from tests.bindings.durable_objects.stage import Stage, call, read, refusal


def start(stage: Stage, *, props: Value = None, **options: Value) -> Any:
    """A function that tells how a facet of the class of the test begins."""
    objects = stage.emulator.primary.objects["Object"].calls.with_props(props)
    return lambda: {"class": DurableObjectClass(objects), **options}


def facet(ctx: HostObject, stage: Stage, **options: Value) -> Any:
    return call(read(ctx, "facets"), "get", "part", start(stage, **options))


async def test_a_facet_has_methods_and_a_storage(stage: Stage) -> None:
    async def inner(ctx: HostObject) -> Value:
        call(read(ctx, "storage"), "put", "key", "of the part")

    async def event(ctx: HostObject) -> Value:
        await call(facet(ctx, stage), "run", stage._named(inner))
        assert await call(facet(ctx, stage), "echo", 7) == 7
        return call(read(ctx, "storage"), "get", "key")

    assert await stage.inside(event) is None


async def test_its_id_is_that_of_the_parent_or_what_it_was_given(stage: Stage) -> None:
    async def inner(ctx: HostObject) -> Value:
        return to_string(read(ctx, "id"))

    async def event(ctx: HostObject) -> Value:
        facets = read(ctx, "facets")
        found = []
        for name, id in (("a", None), ("b", "any text"), ("c", read(ctx, "id"))):
            part = call(facets, "get", name, start(stage, id=id))
            found.append(await call(part, "run", stage._named(inner)))
        return found

    inherited, given, same = await stage.inside(event)
    assert (inherited, given) == (same, "any text")


async def test_it_sees_the_props_of_its_class(stage: Stage) -> None:
    async def inner(ctx: HostObject) -> Value:
        return read(ctx, "props")

    async def event(ctx: HostObject) -> Value:
        part = facet(ctx, stage, props={"a": 1})
        return [read(ctx, "props"), await call(part, "run", stage._named(inner))]

    assert await stage.inside(event) == [{}, {"a": 1}]


async def test_an_aborted_one_gives_its_callers_the_reason(stage: Stage) -> None:
    async def event(ctx: HostObject) -> Value:
        part = facet(ctx, stage)
        await call(part, "echo", 1)
        call(read(ctx, "facets"), "abort", "part", JsError("for a test", name="TypeError"))
        error = await refusal(lambda: call(part, "echo", 1))
        assert (str(error), error.properties) == (
            "TypeError: for a test",
            {"durableObjectReset": True},
        )
        return await call(facet(ctx, stage), "echo", "again")

    assert await stage.inside(event) == "again"


async def test_its_stub_cannot_leave_the_object(stage: Stage) -> None:
    async def event(ctx: HostObject) -> Value:
        part = facet(ctx, stage)
        return str(await refusal(lambda: call(part, "echo", part)))

    assert await stage.inside(event) == (
        "DataCloneError: Stubs pointing to Durable Object facets are not serializable."
    )


async def test_the_class_has_to_be_one(stage: Stage) -> None:
    async def event(ctx: HostObject) -> Value:
        part = call(read(ctx, "facets"), "get", "part", lambda: {"class": "Object"})
        return str(await refusal(lambda: call(part, "echo", 1)))

    assert await stage.inside(event) == (
        "TypeError: Incorrect type for the 'class' field on 'StartupOptions': the provided value "
        "is not of type 'DurableObjectClass or LoopbackDurableObjectNamespace or "
        "LoopbackColoLocalActorNamespace'."
    )


async def test_delete_all_takes_the_facets(stage: Stage) -> None:
    async def inner(ctx: HostObject) -> Value:
        storage = read(ctx, "storage")
        known = call(storage, "get", "key")
        call(storage, "put", "key", True)
        return known

    async def event(ctx: HostObject) -> Value:
        name = stage._named(inner)
        found = [await call(facet(ctx, stage), "run", name) for _ in range(2)]
        call(read(ctx, "storage"), "deleteAll")
        return [*found, await call(facet(ctx, stage), "run", name)]

    assert await stage.inside(event) == [None, True, None]
