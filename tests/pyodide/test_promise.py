"""Promises that are no results of calls, and what becomes of Python's exceptions in promises."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from flarelocal.javascript.web.global_scope import GlobalScope
from flarelocal.pyodide import profile
from flarelocal.pyodide.boundary import to_python
from flarelocal.pyodide.double_proxy import create_proxy
from flarelocal.pyodide.exception import JsException
from flarelocal.pyodide.iteration import JsIterable
from flarelocal.pyodide.promise import JsPromise
from flarelocal.pyodide.proxy import JsProxy
from flarelocal.pyodide.to_js import to_js


@pytest.fixture
def js() -> Any:
    """The global object."""
    return to_python(GlobalScope())


async def raising(error: Exception) -> None:
    raise error


def missing(*_: Any) -> None:
    raise KeyError("key")


def kinds(value: Any) -> tuple[type, ...]:
    return type(value).__mro__


async def one() -> int:
    return 1


async def test_a_promise_as_a_property_is_no_future(js: Any) -> None:
    deferred = js.Promise.withResolvers()
    promise = deferred.promise
    assert {JsPromise, asyncio.Future, JsIterable}.intersection(kinds(promise)) == {JsPromise}
    assert (promise.constructor.name, str(promise)) == ("Promise", "[object Promise]")
    deferred.resolve(5)
    assert [await promise, await promise] == [5, 5]


async def test_new_gives_the_promise_itself(js: Any) -> None:
    promise = js.Promise.new(create_proxy(lambda resolve, reject: resolve(5)))
    assert JsPromise in kinds(promise)
    assert await promise == 5


async def test_then_loses_what_its_function_returns(js: Any) -> None:
    resolved = js.Promise.withResolvers()
    resolved.resolve(5)
    seen: list[int] = []
    assert await resolved.promise.then(create_proxy(seen.append)) == 0
    assert await resolved.promise.then(create_proxy(lambda value: value / 0)) == -1
    assert await resolved.promise.then() is None
    assert seen == [5]


async def test_then_kept_it_in_older_versions(js: Any) -> None:
    profile.use(profile.PROFILES["0.26"])
    resolved = js.Promise.withResolvers()
    resolved.resolve(5)
    assert await resolved.promise.then(create_proxy(lambda value: value + 1)) == 6


async def test_catch_and_finally_give_promises(js: Any) -> None:
    rejected = js.Promise.withResolvers()
    rejected.reject(js.TypeError.new("bad"))
    caught = rejected.promise.catch(create_proxy(lambda error: error.name))
    assert JsPromise in kinds(caught)
    assert await caught == "TypeError"
    assert await caught.finally_(create_proxy(lambda: None)) == "TypeError"


@pytest.mark.parametrize("several", ["all", "race"])
async def test_a_list_gives_javascript_proxies_that_die_when_it_is_read(
    js: Any, several: str
) -> None:
    with pytest.raises(JsException, match="destroyed when an iterator was exhausted"):
        await getattr(js.Promise, several)([js.Promise.resolve(1)])


async def test_what_to_js_made_of_a_list_and_generators_give_such_as_stay(js: Any) -> None:
    assert (await js.Promise.all(to_js([one(), 2]))).to_py() == [1, 2]
    assert (await js.Promise.all(made for made in [one(), 2])).to_py() == [1, 2]


async def test_what_is_not_iterable_is_a_rejection(js: Any) -> None:
    with pytest.raises(JsException, match=r"^TypeError: number 5 is not iterable"):
        await js.Promise.all(5)


def rejections(js: Any) -> list[Coroutine[Any, Any, Any]]:
    async def by_new() -> None:
        await js.Promise.new(create_proxy(missing))

    async def by_all() -> None:
        await js.Promise.all(to_js([raising(KeyError("key"))]))

    async def by_resolve() -> None:
        await js.Promise.resolve(raising(KeyError("key")))

    async def by_stream() -> None:
        source = to_js({"pull": missing}, dict_converter=js.Object.fromEntries)
        await js.ReadableStream.new(source).getReader().read()

    return [by_new(), by_all(), by_resolve(), by_stream()]


async def test_an_exception_that_a_promise_carries_becomes_a_python_error(js: Any) -> None:
    for rejection in rejections(js):
        with pytest.raises(JsException) as raised:
            await rejection
        assert (raised.value.name, raised.value.type) == ("PythonError", "KeyError")
        assert raised.value.message.startswith("Traceback (most recent call last):\n")
        assert raised.value.message.endswith("KeyError: 'key'\n")


async def test_so_does_the_reason_of_what_is_settled(js: Any) -> None:
    outcomes = await js.Promise.allSettled(to_js([raising(KeyError("key"))]))
    assert isinstance(outcomes[0].reason, JsProxy)
    assert outcomes[0].reason.name == "PythonError"
    assert outcomes[0].reason.constructor.name == "PythonError"


def test_an_exception_stays_what_it_is_where_nothing_is_waited_for(js: Any) -> None:
    with pytest.raises(ZeroDivisionError):
        js.Array.of(1).map(lambda *_: 1 / 0)


async def test_any_gives_the_first_of_those_that_are_fulfilled(js: Any) -> None:
    assert await js.Promise.any("text") == "t"
    rejected = js.Promise.reject(js.Error.new("no"))
    assert await js.Promise.any(to_js([rejected, js.Promise.resolve(1), 2])) == 1


async def test_any_tells_all_reasons_in_the_order_of_the_promises(js: Any) -> None:
    waiting = js.Promise.resolve(raising(KeyError("first")))
    with pytest.raises(JsException, match="All promises were rejected") as raised:
        await js.Promise.any(to_js([waiting, js.Promise.reject(js.Error.new("second"))]))
    first, second = raised.value.errors
    assert "KeyError: 'first'" in first.message
    assert "Error: second" in second.message


async def test_an_outcome_without_a_function_gets_lost(js: Any) -> None:
    def failed() -> Any:
        return js.Promise.new(create_proxy(lambda _, reject: reject(js.Error.new("no"))))

    done = js.Promise.new(create_proxy(lambda resolve, _: resolve(5)))
    assert await failed().then(lambda _: 1) is None
    assert await failed().then(lambda _: 1, lambda error: error.message) == "no"
    assert await failed().catch(lambda error: error.message) == "no"
    assert await done.catch(lambda _: 1) is None
    assert await done.finally_(lambda: 1) == 5


async def test_a_function_that_could_not_begin_has_no_traceback(js: Any) -> None:
    with pytest.raises(JsException) as raised:
        await js.Promise.new(lambda: None)
    assert raised.value.message.startswith("TypeError: ")
