"""What is written is read again, by us and by the `v8serialize` package."""

from __future__ import annotations

import math
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from v8serialize import loads
from v8serialize.jstypes import JSArray, JSObject, JSUndefined

from flarelocal.javascript.clone import deserialize, serialize, structured_clone
from flarelocal.javascript.collections import Map, Set
from flarelocal.javascript.date import Date
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.numbers import number
from flarelocal.javascript.values import BigInt, Boxed, null
from tests.conformance.values import encode

text = st.text(st.characters(exclude_categories=()), max_size=20)
numbers = st.floats().map(number) | st.integers(-(2**53) + 1, 2**53 - 1)
own_names = text.filter(lambda name: name not in {"name", "message", "cause", "stack"})
primitives = st.none() | st.just(null) | st.booleans() | numbers | text
plain = st.recursive(
    st.none() | st.just(null) | st.booleans() | numbers | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
)
values = st.recursive(
    primitives
    | st.integers().map(BigInt)
    | st.integers(-(10**14), 10**14).map(Date)
    | st.booleans().map(Boxed)
    | st.builds(JsError, text, name=text, properties=st.dictionaries(own_names, primitives)),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(text, inner, max_size=4)
        | st.lists(st.tuples(inner, inner), max_size=4).map(Map.of)
        | st.lists(inner, max_size=4).map(Set)
    ),
)


@given(values)
def test_a_clone_is_the_same(value: Any) -> None:
    assert encode(structured_clone(value)) == encode(value)


@given(plain)
def test_another_reader_understands_the_bytes(value: Any) -> None:
    read = loads(serialize(value))
    assert _theirs(read) == _ours(value)


@given(st.binary(max_size=40))
def test_no_bytes_crash_the_reader(data: bytes) -> None:
    with suppress(JsError):
        deserialize(b"\xff\x0f" + data)


def test_identity_is_kept() -> None:
    shared = {"n": 1}
    value: dict[str, Any] = {"a": shared, "b": [shared]}
    value["self"] = value
    made = structured_clone(value)
    assert made["a"] is made["b"][0]
    assert made["self"] is made
    assert made["a"] is not shared


def test_a_deep_value_ends_in_a_range_error() -> None:
    value: list[Any] = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(JsError, match="RangeError: Maximum call stack size exceeded"):
        serialize(value)


def _ours(value: Any) -> Any:
    if value is None or value is null:
        return "undefined" if value is None else "null"
    if isinstance(value, list):
        return [_ours(member) for member in value]
    if isinstance(value, dict):
        return {key: _ours(member) for key, member in value.items()}
    return _number(value)


def _theirs(value: Any) -> Any:
    if value is None or value is JSUndefined:
        return "null" if value is None else "undefined"
    if isinstance(value, JSArray):
        return [_theirs(member) for member in value.array]
    if isinstance(value, JSObject):
        return {str(key): _theirs(member) for key, member in value.items()}
    return _number(value)


def _number(value: Any) -> Any:
    if isinstance(value, bool | str):
        return value
    return "NaN" if math.isnan(value) else float(value)
