"""What cannot be cloned, and what is said of it."""

from __future__ import annotations

import asyncio

import pytest

from flarelocal.javascript.binary import ArrayBuffer
from flarelocal.javascript.clone import deserialize, serialize, structured_clone
from flarelocal.javascript.collections import LiteralMap
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.foreign import Foreign
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.instance import Instance
from flarelocal.javascript.values import Symbol, Value


class Plain(Foreign):
    def description(self) -> str:
        return "[object Object]"


class Url(HostObject, js_name="URL"):
    """An object of the API that is no data."""


class Point(Instance):
    """An instance of a program's class."""


def named() -> None: ...


async def a_promise() -> Value:
    return asyncio.get_running_loop().create_future()


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (named, "function named() { [native code] } could not be cloned."),
        (Symbol("x"), "Symbol(x) could not be cloned."),
        (Plain(), "[object Object] could not be cloned."),
        (LiteralMap(), "[object Map] could not be cloned."),
        (
            Url(),
            'Could not serialize object of type "URL". This type does not support serialization.',
        ),
    ],
)
def test_the_error_names_the_value(value: object, message: str) -> None:
    with pytest.raises(JsError) as caught:
        serialize({"a": [value]})
    assert (caught.value.constructor_name, caught.value.name) == ("DOMException", "DataCloneError")
    assert caught.value.message == message


async def test_a_promise_cannot_be_cloned() -> None:
    with pytest.raises(JsError, match=r"#<Promise> could not be cloned\."):
        serialize(await a_promise())


def test_an_instance_of_a_class_becomes_a_plain_object() -> None:
    assert structured_clone(Point({"x": 1})) == {"x": 1}


def test_a_detached_buffer_cannot_be_cloned() -> None:
    buffer = ArrayBuffer(2)
    buffer.detach()
    with pytest.raises(JsError, match="An ArrayBuffer is detached and could not be cloned"):
        serialize(buffer)


def test_a_buffer_can_be_moved() -> None:
    buffer = ArrayBuffer.of(b"ab")
    made = structured_clone({"b": buffer}, [buffer])
    assert bytes(made["b"].data) == b"ab"
    assert buffer.detached


def test_only_buffers_can_be_moved() -> None:
    with pytest.raises(JsError, match="TypeError: Object is not transferable"):
        structured_clone({}, [{}])


class Table:
    """A delegate that keeps what it carries in a list."""

    def __init__(self) -> None:
        self.values: list[Value] = []

    def dump(self, value: Value) -> tuple[int, bytes] | None:
        if isinstance(value, Point):
            return None
        self.values.append(value)
        return 1, bytes([len(self.values) - 1])

    def load(self, tag: int, payload: bytes) -> Value:
        return self.values[payload[0]]


def test_a_delegate_carries_what_is_no_data() -> None:
    table = Table()
    foreign = Plain()
    data = serialize({"f": named, "o": [foreign, foreign]}, delegate=table)
    assert deserialize(data, delegate=table) == {"f": named, "o": [foreign, foreign]}
    assert len(table.values) == 2


def test_a_delegate_may_refuse_an_instance_of_a_class() -> None:
    with pytest.raises(JsError, match='Could not serialize object of type "Point"'):
        serialize(Point({"x": 1}), delegate=Table())
