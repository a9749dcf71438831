"""Calls between a Worker and its objects."""

from __future__ import annotations

import pytest

from flarelocal.bindings.rpc import RpcStub
from flarelocal.javascript.clone import serialize
from flarelocal.javascript.collections import Map
from flarelocal.javascript.date import Date
from flarelocal.javascript.errors import JsError, Thrown
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.values import Value
from tests.bindings.durable_objects.stage import Stage, Tally, call, read, refusal


async def test_arguments_and_results_are_copies(stage: Stage) -> None:
    given = {"list": [1, {"deep": None}]}
    assert await call(stage.stub(), "echo", given) == given
    assert await call(stage.stub(), "echo", given) is not given


async def test_a_property_of_a_stub_is_awaited(stage: Stage) -> None:
    table = read(stage.stub(), "table")
    assert await read(read(table, "a"), "b") == 1
    assert await call(table, "double", 21) == 42


async def test_what_is_not_there_is_named(stage: Stage) -> None:
    error = await refusal(lambda: call(stage.stub(), "nothing"))
    assert str(error) == ('TypeError: The RPC receiver does not implement the method "nothing".')
    error = await refusal(lambda: call(read(stage.stub(), "table"), "a"))
    assert str(error) == 'TypeError: "table.a" is not a function.'


async def test_the_result_of_a_call_can_be_used_before_it_is_there(stage: Stage) -> None:
    tally = call(stage.stub(), "tally")
    assert await call(tally, "add", 2) == 2
    assert await read(tally, "value") == 2


async def test_a_target_stays_where_it_is(stage: Stage) -> None:
    tally = Tally()
    stub = await call(stage.stub(), "echo", tally)
    assert isinstance(stub, RpcStub)
    assert await call(stub, "add", 3) == 3
    assert tally.value == 3


async def test_a_function_is_called_where_it_is(stage: Stage) -> None:
    assert await call(stage.stub(), "apply", lambda number: number + 1, 1) == 2


async def test_a_stub_of_an_object_can_be_handed_on(stage: Stage) -> None:
    other = await call(stage.stub("a"), "echo", stage.stub("b"))
    assert await call(other, "echo", 1) == 1


async def test_a_stub_that_was_handed_on_does_not_tell_its_object(stage: Stage) -> None:
    other = await call(stage.stub("a"), "echo", stage.stub("b"))
    assert other.js_name == "Fetcher"
    assert other.own_properties() == {}


async def test_an_error_keeps_its_class_and_tells_where_it_comes_from(stage: Stage) -> None:
    stub = stage.stub()
    error = await refusal(lambda: call(stub, "fail", "RangeError"))
    assert (error.name, error.message) == ("RangeError", "it failed")
    identity = read(stub, "id").to_string()
    assert error.properties == {"code": 7, "remote": True, "durableObjectId": identity}


async def test_what_the_runtime_refuses_does_not_tell_the_object(stage: Stage) -> None:
    error = await refusal(lambda: call(stage.stub(), "nothing"))
    assert error.properties == {"remote": True}


@pytest.mark.parametrize("name", ["alarm", "webSocketMessage", "dup"])
async def test_what_is_the_runtimes_cannot_be_called(stage: Stage, name: str) -> None:
    error = await refusal(lambda: call(stage.stub(), name))
    assert str(error) == f"TypeError: '{name}' is a reserved method and cannot be called over RPC."
    assert error.properties == {"remote": True}


async def test_a_socket_cannot_be_opened(stage: Stage) -> None:
    error = await refusal(lambda: call(stage.stub(), "connect", "localhost:80"))
    assert error.message.startswith("flarelocal does not emulate connect() of service bindings")


async def test_a_thrown_primitive_becomes_an_error(stage: Stage) -> None:
    assert str(await refusal(lambda: call(stage.stub(), "throw", "text"))) == "Error: text"


async def test_a_thrown_object_arrives_with_its_origin(stage: Stage) -> None:
    with pytest.raises(Thrown) as caught:
        await call(stage.stub(), "throw", {"a": 1})
    assert caught.value.value["a"] == 1
    assert caught.value.value["remote"] is True


@pytest.mark.parametrize("value", [[1, "two"], Map([["a", 1]]), Date(0)])
async def test_other_things_that_are_thrown_arrive_as_copies(stage: Stage, value: Value) -> None:
    with pytest.raises(Thrown) as caught:
        await call(stage.stub(), "throw", value)
    assert type(caught.value.value) is type(value)
    assert serialize(caught.value.value) == serialize(value)


async def test_a_thrown_value_that_cannot_be_copied_is_described(stage: Stage) -> None:
    thrown = await refusal(lambda: call(stage.stub(), "throw", {"a": Tally()}))
    assert str(thrown) == "Error: #<Object>"
    thrown = await refusal(lambda: call(stage.stub(), "throw", Tally()))
    assert str(thrown) == "Error: #<RpcStub>"


async def test_methods_may_be_named_as_those_of_promises(stage: Stage) -> None:
    error = await refusal(lambda: call(stage.stub(), "catch"))
    assert str(error) == 'TypeError: The RPC receiver does not implement the method "catch".'


async def test_what_is_no_object_leads_nowhere(stage: Stage) -> None:
    error = await refusal(lambda: call(read(read(stage.stub(), "table"), "a"), "b", 1))
    assert str(error) == 'TypeError: "table.a.b" is not a function.'
    deeper = read(read(read(read(stage.stub(), "table"), "a"), "b"), "c")
    error = await refusal(lambda: deeper)
    assert str(error) == 'TypeError: The RPC receiver does not implement the method "b".'


async def test_a_message_has_32_mib_at_most(stage: Stage) -> None:
    error = await refusal(lambda: call(stage.stub(), "echo", "x" * (32 * 1024 * 1024)))
    assert error.message.startswith("Serialized RPC arguments or return values are limited to 32Mi")


async def test_a_stub_belongs_to_the_event_that_made_it(stage: Stage) -> None:
    kept: list[HostObject] = []
    refused: list[JsError] = []

    async def make(ctx: HostObject) -> Value:
        kept.append(stage.stub())
        assert await call(kept[0], "echo", 1) == 1

    async def use(ctx: HostObject) -> Value:
        refused.append(await refusal(lambda: call(kept[0], "echo", 1)))

    await stage.worker(make)
    await stage.worker(use)
    assert refused[0].message.startswith("Cannot perform I/O on behalf of a different request.")


async def test_an_object_may_keep_stubs(stage: Stage) -> None:
    kept: list[HostObject] = []

    async def make(ctx: HostObject) -> Value:
        kept.append(stage.stub("b"))

    async def use(ctx: HostObject) -> Value:
        return await call(kept[0], "echo", 1)

    await stage.inside(make)
    assert await stage.inside(use) == 1
