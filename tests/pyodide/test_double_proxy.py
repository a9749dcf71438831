"""What `create_proxy` and `create_once_callable` give."""

from __future__ import annotations

import asyncio
import types
from typing import Any

import pytest

from flarelocal.javascript.web.global_scope import GlobalScope
from flarelocal.pyodide import profile
from flarelocal.pyodide.boundary import to_python
from flarelocal.pyodide.double_proxy import JsDoubleProxy, create_once_callable, create_proxy
from flarelocal.pyodide.exception import JsException
from flarelocal.pyodide.future import PyodideFuture
from flarelocal.pyodide.iteration import JsAsyncIterator, JsIterable
from flarelocal.pyodide.properties import JsMap, JsMutableMap
from flarelocal.pyodide.sequence import JsArray
from tests.pyodide.conftest import InEvent


@pytest.fixture
def js() -> Any:
    """The global object."""
    return to_python(GlobalScope())


@pytest.fixture
def older() -> None:
    profile.use(profile.PROFILES["0.28"])


def kinds(value: Any) -> set[type]:
    made = create_proxy(value)
    return {kind for kind in (JsArray, JsMap, JsMutableMap, JsIterable) if isinstance(made, kind)}


def test_the_kinds_are_those_of_the_object() -> None:
    assert kinds({"a": 1}) == {JsArray, JsMap, JsMutableMap, JsIterable}
    assert kinds((1,)) == {JsArray, JsMap, JsIterable}
    assert kinds({1}) == {JsArray, JsIterable}
    assert kinds(5) == set()


@pytest.mark.usefixtures("older")
def test_what_has_a_length_is_no_array_in_older_versions() -> None:
    assert kinds([1]) == {JsMap, JsMutableMap, JsIterable}
    made: Any = create_proxy({"a": 1})
    made["b"] = 2
    assert (made["b"], len(made), "a" in made) == (2, 2, True)
    with pytest.raises(KeyError):
        made["zz"]


def test_a_list_is_iterated_by_its_places() -> None:
    made: Any = create_proxy([5, 6])
    assert (list(made), made[1], len(made), 5 in made) == ([0, 1], 6, 2, True)
    with pytest.raises(IndexError):
        made[9]


def test_the_keys_of_a_dict_are_no_iterator() -> None:
    made: Any = create_proxy({"a": 1})
    with pytest.raises(TypeError, match="iter\\(\\) returned non-iterator of type 'dict_keys'"):
        iter(made)


def test_a_proxy_is_true_even_if_its_object_is_not() -> None:
    assert create_proxy([])


def test_attributes_of_the_object() -> None:
    made = create_proxy(types.SimpleNamespace(x=1))
    made.x = 5
    assert (made.x, made.unwrap().x) == (5, 5)
    assert create_proxy("abc").length == 3
    assert create_proxy([1]).toString() == "[1]"


def test_javascript_gives_the_proxy_back() -> None:
    made = create_proxy([1])
    (back,) = to_python([made._value])
    assert isinstance(back, JsDoubleProxy)
    assert back == made
    (back,) = to_python([create_proxy([1], roundtrip=False)._value])
    assert back == [1]


def test_keyword_arguments_become_an_object() -> None:
    made: Any = create_proxy(lambda *arguments: arguments)
    first, options = made(1, b=2)
    assert (first, options.b) == (1, 2)


def test_a_function_that_can_be_called_once() -> None:
    made = create_once_callable(lambda *arguments: len(arguments))
    assert not isinstance(made, JsDoubleProxy)
    assert (made.name, made.constructor.name) == ("wrapper", "Function")
    assert made(1, 2) == 2
    with pytest.raises(JsException, match="OnceProxy can only be called once"):
        made()


def test_a_function_that_was_destroyed_before_its_call() -> None:
    made = create_once_callable(lambda: 1)
    made.destroy()
    with pytest.raises(JsException, match="OnceProxy can only be called once"):
        made()


def test_javascript_sees_what_is_in_a_dict() -> None:
    js: Any = to_python(GlobalScope())
    given = {"a": 1, 2: {"b": 3}, None: 4, "get": 5}
    assert js.Object.keys(given).to_py() == ["a", "2"]
    assert js.Object.assign(js.Object.new(), given).a == 1
    assert js.Object.hasOwn(given, "a")
    assert js.Reflect.set(given, "c", 6)
    assert js.Reflect.deleteProperty(given, "a")
    assert given == {2: {"b": 3}, None: 4, "get": 5, "c": 6}
    assert js.Reflect.get(given, "c") == 6


@pytest.mark.parametrize("nothing", [[1], (1,), {1}, types.SimpleNamespace(a=1)])
def test_but_nothing_in_anything_else(nothing: Any) -> None:
    assert len(to_python(GlobalScope()).Object.keys(nothing)) == 0


def test_an_array_is_made_of_a_list_while_its_proxies_live() -> None:
    js: Any = to_python(GlobalScope())
    assert js.Array.from_([[1], [2, 3]], lambda member, _: len(member)).to_py() == [1, 2]
    assert js.Object.fromEntries([["a", [1]]]).a == [1]
    assert js.Map.new([["a", [1]]]).get("a") == [1]
    with pytest.raises(JsException, match="destroyed when an iterator was exhausted"):
        js.Array.from_([[1]])[0]


def given(*arguments: Any, **options: Any) -> list[Any]:
    return [*arguments, *options.items()]


def test_a_function_is_called_as_one_of_javascript(js: Any) -> None:
    function: Any = create_proxy(given)
    assert function.call(None, 1, 2) == [1, 2]
    assert function.apply(None, js.Array.of(1, 2)) == [1, 2]
    assert function.bind(None, 1)(2) == [1, 2]
    assert function.callKwargs(1, js.Object.new(k=2)) == [1, ("k", 2)]
    with pytest.raises(JsException, match="kwargs argument is not an object"):
        function.callKwargs(1)


async def test_a_function_is_called_for_a_promise() -> None:
    function: Any = create_proxy(len)
    assert await function.callPromising(create_proxy([1, 2])) == 2


def test_a_function_gets_the_object_that_it_is_called_on() -> None:
    for function in (create_proxy(given, capture_this=True), create_proxy(given).captureThis()):
        made: Any = function
        assert made(1) == [None, 1]
        assert made.call(5, 1) == [5, 1]


def test_a_proxy_of_a_proxy() -> None:
    inner: Any = create_proxy([1])
    outer: Any = create_proxy(inner)
    assert outer.unwrap() == inner
    outer.destroy()
    assert inner.unwrap() == [1]


def test_a_generator_is_an_iterator_of_javascript() -> None:
    def numbers() -> Any:
        yield (yield 1)
        return 3

    made: Any = create_proxy(numbers())
    assert made.next().value == 1
    assert made.send(2) == 2
    last = made.next()
    assert (last.value, last.done) == (3, True)
    made = create_proxy(numbers())
    assert (next(made), made.return_(5).value, list(made)) == (1, 5, [])


async def test_an_async_generator_is_an_async_iterator_of_javascript(js: Any) -> None:
    async def numbers() -> Any:
        yield 1
        yield 2
        yield 3

    made: Any = create_proxy(numbers())
    assert isinstance(made, JsAsyncIterator)
    assert (await made.next()).value == 1
    assert [number async for number in made] == [2, 3]
    assert (await made.next()).done
    stream = js.ReadableStream.from_(create_proxy(numbers()))
    assert [number async for number in stream] == [1, 2, 3]


async def test_a_borrowed_async_generator_dies_with_the_call(js: Any) -> None:
    async def numbers() -> Any:
        yield 1

    stream = js.ReadableStream.from_(numbers())
    with pytest.raises(JsException, match="automatically destroyed"):
        await anext(aiter(stream))


def test_the_memory_of_a_buffer() -> None:
    made: Any = create_proxy(memoryview(bytes(6)).cast("B", (2, 3)))
    view = made.getBuffer()
    assert (view.format, view.itemsize, view.ndim, view.nbytes) == ("B", 1, 2, 6)
    assert (view.shape.to_py(), view.strides.to_py(), view.readonly) == ([2, 3], [3, 1], 1)
    assert (view.c_contiguous, view.f_contiguous, view.offset) == (1, 0, 0)
    assert made.getBuffer("u16").data.constructor.name == "Uint16Array"
    assert made.getBuffer("dataview").data.byteLength == 6
    with pytest.raises(JsException, match="Unknown type no"):
        made.getBuffer("no")
    assert not hasattr(create_proxy([1]), "getBuffer")


async def test_an_async_function_runs_as_soon_as_it_is_called(in_event: InEvent) -> None:
    steps: list[int] = []

    async def function() -> int:
        steps.append(1)
        await asyncio.sleep(0)
        return 2

    async def refuse() -> None:
        raise ValueError("no")

    async def handler() -> None:
        made: Any = create_proxy(function)
        promise = made()
        assert isinstance(promise, PyodideFuture)
        assert (await promise, steps) == (2, [1])
        refusing: Any = create_proxy(refuse)
        with pytest.raises(JsException, match="ValueError: no"):
            await refusing()

    await in_event(handler())


def test_the_attributes_of_a_proxy_are_those_of_the_object() -> None:
    assert {"append", "destroy"} <= set(dir(create_proxy([1])))
