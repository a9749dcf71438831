"""Iterators of JavaScript as Python code sees them."""

from __future__ import annotations

from typing import Any

import pytest

from flarelocal.javascript.web.global_scope import GlobalScope
from flarelocal.pyodide.double_proxy import create_proxy
from flarelocal.pyodide.exception import JsException
from flarelocal.pyodide.modules import GlobalProxy
from flarelocal.pyodide.to_js import to_js


@pytest.fixture
def js() -> Any:
    return GlobalProxy._of(GlobalScope())


@pytest.mark.parametrize(
    ("make", "text", "constructor"),
    [
        (lambda js: js.Array.of(1).values(), "Array Iterator", "Iterator"),
        (lambda js: js.Uint8Array.new(1).values(), "Array Iterator", "Iterator"),
        (lambda js: js.Map.prototype.keys.call(js.Map.new()), "Map Iterator", "Iterator"),
        (lambda js: js.Set.new().entries(), "Set Iterator", "Iterator"),
        (lambda js: js.Array.of(1).values().take(1), "Iterator Helper", "Iterator"),
        (lambda js: js.Headers.new().keys(), "KeyIterator", "KeyIterator"),
        (lambda js: js.FormData.new().values(), "ValueIterator", "ValueIterator"),
        (lambda js: js.URLSearchParams.new("").entries(), "EntryIterator", "EntryIterator"),
    ],
)
def test_they_have_names(js: Any, make: Any, text: str, constructor: str) -> None:
    iterator = make(js)
    assert str(iterator) == f"[object {text}]"
    assert iterator.constructor.name == constructor


def test_they_are_not_cloned(js: Any) -> None:
    with pytest.raises(JsException, match=r"\[object Map Iterator\] could not be cloned\."):
        js.structuredClone(js.Map.prototype.keys.call(js.Map.new()))


def test_they_pass_members_on(js: Any) -> None:
    def numbers() -> Any:
        return to_js([1, 2, 3, 4]).values()

    double = create_proxy(lambda n, _: n * 2)
    assert numbers().map(double).toArray().to_py() == [2, 4, 6, 8]
    assert list(numbers().filter(create_proxy(lambda n, _: n % 2))) == [1, 3]
    twice = create_proxy(lambda n, _: to_js([n] * 2))
    assert list(numbers().flatMap(twice).take(3)) == [1, 1, 2]
    assert list(numbers().drop(3)) == [4]
    assert numbers().reduce(lambda a, b, _: a + b) == 10
    assert numbers().reduce(lambda a, b, _: a + b, 5) == 15
    assert numbers().some(lambda n, _: n > 3)
    assert not numbers().every(lambda n, _: n > 3)
    assert numbers().find(lambda n, _: n > 2) == 3


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda it: it.map(5), "number 5 is not a function"),
        (lambda it: it.take(-1), "-1 must be positive"),
        (lambda it: it.drop("x"), "x must be positive"),
        (lambda it: it.drop(9).reduce(max), "Reduce of a done iterator with no initial value"),
    ],
)
def test_they_say_what_is_wrong(js: Any, call: Any, message: str) -> None:
    with pytest.raises(JsException, match=message):
        call(js.Array.of(1).values())


def test_none_is_made_of_the_class(js: Any) -> None:
    with pytest.raises(JsException, match="Abstract class Iterator not directly constructable"):
        js.Iterator.new()
    assert list(getattr(js.Iterator, "from")(to_js([1]))) == [1]
