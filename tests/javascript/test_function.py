from __future__ import annotations

import asyncio

import pytest

from flarelocal.javascript.array_buffer import ArrayBuffer
from flarelocal.javascript.binary import Uint8Array
from flarelocal.javascript.collections import Map
from flarelocal.javascript.date import Date
from flarelocal.javascript.errors import JsError, dom_exception, type_error
from flarelocal.javascript.function import (
    HostFunction,
    constructor_of,
    constructor_of_class,
    members_of,
)
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.promise import settle
from flarelocal.javascript.text import to_string, typeof
from flarelocal.javascript.values import BigInt, Boxed, Symbol, Value, null
from flarelocal.javascript.weak import WeakMap
from flarelocal.javascript.web.headers import Headers
from flarelocal.javascript.web.response import Response


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ({}, "Object"),
        ([], "Array"),
        ("x", "String"),
        (5, "Number"),
        (1.5, "Number"),
        (True, "Boolean"),
        (BigInt(5), "BigInt"),
        (Symbol(), "Symbol"),
        (Boxed("x"), "String"),
        (len, "Function"),
        (type_error("x"), "TypeError"),
        (dom_exception("x", "AbortError"), "DOMException"),
        (Headers(), "Headers"),
        (constructor_of_class(Response), "Function"),
    ],
)
def test_every_value_has_a_class(value: Value, name: str) -> None:
    constructor = constructor_of(value)
    assert constructor is not None
    assert constructor.name == name


@pytest.mark.parametrize("value", [None, null])
def test_undefined_and_null_have_none(value: Value) -> None:
    assert constructor_of(value) is None
    assert not members_of(value)


async def test_promises_have_a_class() -> None:
    constructor = constructor_of(asyncio.get_running_loop().create_future())
    assert constructor is not None
    assert constructor.name == "Promise"


def test_a_class_is_a_function_that_needs_new() -> None:
    constructor = constructor_of_class(Response)
    assert constructor is constructor_of_class(Response)
    assert typeof(constructor) == "function"
    assert to_string(constructor) == "function Response() { [native code] }"
    assert constructor.construct("x").status == 200
    with pytest.raises(JsError, match="Please use the 'new' operator"):
        constructor("x")


@pytest.mark.parametrize("kind", [ArrayBuffer, Map, Uint8Array, WeakMap])
def test_the_classes_of_the_language_have_words_of_their_own(kind: type[HostObject]) -> None:
    with pytest.raises(JsError, match=f"Constructor {kind.js_name} requires 'new'"):
        constructor_of_class(kind)()


def test_a_date_without_new_is_a_text() -> None:
    assert "GMT" in constructor_of_class(Date)()


def test_some_classes_cannot_be_constructed() -> None:
    from flarelocal.javascript.web.crypto.key import CryptoKey

    with pytest.raises(JsError, match="Illegal constructor"):
        constructor_of_class(CryptoKey).construct()


async def test_a_function_with_a_promise_rejects() -> None:
    def fail() -> None:
        raise type_error("no")

    promise = HostFunction("fail", fail, promise=True)()
    with pytest.raises(JsError, match="no"):
        await promise
    assert await settle(HostFunction("five", lambda: 5, promise=True)()) == 5
    assert HostFunction("five", lambda: 5)() == 5
