"""Calls from Python into JavaScript, and the proxies that live as long as they."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from flarelocal.clock import EventClock, VirtualClock
from flarelocal.javascript.function import constructor_of_class
from flarelocal.javascript.host import HostObject, method, static
from flarelocal.javascript.startup import StartupClock
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.global_scope import GlobalScope
from flarelocal.pyodide.boundary import to_python
from flarelocal.pyodide.double_proxy import create_once_callable, create_proxy
from flarelocal.pyodide.exception import JsException
from flarelocal.pyodide.to_js import to_js
from tests.pyodide.conftest import InEvent


class Counted(HostObject):
    __slots__ = ()

    @staticmethod
    @static
    def count() -> int:
        return 1


class Keeper(HostObject, io=True):
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.kept: Value = None
        self.gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @method
    def keep(self, value: Value = None) -> None:
        self.kept = value

    @method
    async def use_later(self, function: Callable[..., Value]) -> Value:
        await self.gate
        return function()

    @method
    async def answer(self) -> Value:
        return "answer"


@pytest.fixture
async def keeper() -> Keeper:
    return Keeper()


async def test_keyword_arguments_become_one_object(keeper: Keeper) -> None:
    to_python(keeper).keep(a=1, b="x")
    assert keeper.kept == {"a": 1, "b": "x"}


async def test_a_function_is_borrowed_for_the_call(keeper: Keeper) -> None:
    to_python(keeper).keep(lambda: 1)
    with pytest.raises(Exception, match="This borrowed proxy was automatically destroyed"):
        keeper.kept()


async def test_a_function_is_borrowed_until_the_promise_is_settled(keeper: Keeper) -> None:
    promise = to_python(keeper).useLater(lambda: "called")
    keeper.gate.set_result(None)
    assert await promise == "called"


async def test_a_proxy_lives_until_it_is_destroyed(keeper: Keeper) -> None:
    proxy = create_proxy(lambda: 1)
    to_python(keeper).keep(proxy)
    assert keeper.kept() == 1
    proxy.destroy()
    with pytest.raises(Exception, match="Object has already been destroyed"):
        keeper.kept()


async def test_a_once_callable_can_be_called_once(keeper: Keeper) -> None:
    to_python(keeper).keep(create_once_callable(lambda: 1))
    assert keeper.kept() == 1
    with pytest.raises(Exception, match="OnceProxy can only be called once"):
        keeper.kept()


async def test_the_same_object_is_equal_but_not_identical(keeper: Keeper) -> None:
    one, other = to_python(keeper), to_python(keeper)
    assert one == other
    assert one is not other
    with pytest.raises(TypeError, match="unhashable"):
        hash(one)


async def test_a_proxy_of_python_names_its_class() -> None:
    proxy: Any = create_proxy([])
    assert type(proxy).__name__ == "JsProxy"
    assert proxy.constructor.name == "PyProxy"


async def test_the_outside_cannot_be_reached_at_startup(in_event: InEvent, keeper: Keeper) -> None:
    async def handler() -> None:
        to_python(keeper).answer()

    with pytest.raises(JsException, match="Disallowed operation called within global scope"):
        await in_event(handler(), StartupClock())


async def test_an_ended_event_reaches_nothing(in_event: InEvent, keeper: Keeper) -> None:
    clock = EventClock(VirtualClock())
    clock.stop()

    async def handler() -> asyncio.Future[Value]:
        promise: asyncio.Future[Value] = to_python(keeper).answer()
        return promise

    promise = await in_event(handler(), clock)
    await asyncio.sleep(0)
    assert not promise.done()


def test_a_static_method_is_the_one_that_was_assigned_last() -> None:
    seen = to_python(constructor_of_class(Counted))
    assert [seen.count(), seen.count()] == [1, 1]
    seen.count = lambda: 2
    assert seen.count() == 2
    assert to_python(constructor_of_class(Counted)).count() == 2


def test_a_function_has_the_methods_of_functions() -> None:
    biggest: Any = to_python(GlobalScope()).Math.max
    assert biggest.call(None, 1, 2) == 2
    assert biggest.apply(None, to_js([1, 2])) == 2
    assert biggest.apply(None, [1, 2]) == 2
    assert biggest.bind(None, 5)(1) == 5


def test_what_is_no_class_cannot_be_made_new() -> None:
    with pytest.raises(JsException, match=r"function max\(\) \{ \[native code\] \} is not a con"):
        to_python(GlobalScope()).Math.max.new()


@pytest.mark.parametrize("arguments", [5, "text", None])
def test_only_objects_are_lists_of_arguments(arguments: Any) -> None:
    js: Any = to_python(GlobalScope())
    with pytest.raises(JsException, match="CreateListFromArrayLike called on non-object"):
        js.Reflect.apply(js.Math.max, None, arguments)
    with pytest.raises(JsException, match="CreateListFromArrayLike called on non-object"):
        js.Reflect.construct(js.Array, arguments)
