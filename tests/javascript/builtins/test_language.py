"""What the language offers to Python code through `js`."""

from __future__ import annotations

import math
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


def plain(js: Any, **properties: Any) -> Any:
    return to_js(properties, dict_converter=js.Object.fromEntries)


# -- Date


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("2024-01-01", 1704067200000),
        ("2024", 1704067200000),
        ("+012024-01-01T00:00:00Z", 317273587200000),
        ("2024-01-01T10:00:00+02:00", 1704096000000),
        ("2024-02-30", 1709251200000),
        ("2024-01-01 10:00", 1704103200000),
        ("Mon, 01 Jan 2024 00:00:00 GMT", 1704067200000),
        ("January 5, 2024 10:00 PM", 1704492000000),
        ("Fri Jan 05 2024 10:11:12 GMT+0200 (CEST)", 1704442272000),
        ("1/2/2024", 1704153600000),
    ],
)
def test_texts_are_dates(js: Any, text: str, ms: int) -> None:
    assert js.Date.parse(text) == js.Date.new(text).getTime() == ms


@pytest.mark.parametrize("text", ["x", "2024-13-01", "20240101", "12:00", "2024-01-01T10Z", ""])
def test_other_texts_are_none(js: Any, text: str) -> None:
    assert math.isnan(js.Date.parse(text))


def test_a_date_takes_parts_beyond_their_ranges(js: Any) -> None:
    date = js.Date.new(js.Date.UTC(2024, 0, 31))
    date.setMonth(1)
    assert date.toISOString() == "2024-03-02T00:00:00.000Z"
    date.setUTCHours(25, -1, 0, 1)
    assert date.toISOString() == "2024-03-03T00:59:00.001Z"
    assert (date.getDay(), date.getUTCDate(), date.getMilliseconds()) == (0, 3, 1)


def test_a_date_reaches_far(js: Any) -> None:
    assert js.Date.new(8.64e15).toISOString() == "+275760-09-13T00:00:00.000Z"
    assert js.Date.new(-62198755200000).toISOString() == "-000001-01-01T00:00:00.000Z"
    assert math.isnan(js.Date.new(8.64e15 + 1).getTime())


def test_a_date_as_text(js: Any) -> None:
    date = js.Date.new(1704460272123)
    assert date.toString() == "Fri Jan 05 2024 13:11:12 GMT+0000 (Coordinated Universal Time)"
    assert date.toUTCString() == date.toGMTString() == "Fri, 05 Jan 2024 13:11:12 GMT"
    assert date.toLocaleString() == "1/5/2024, 1:11:12 PM"
    assert js.Date.new(math.nan).toString() == "Invalid Date"


# -- String


@pytest.mark.parametrize(
    ("name", "text", "arguments", "result"),
    [
        ("at", "abc", (-1,), "c"),
        ("charCodeAt", "😀", (1,), 0xDE00),
        ("codePointAt", "😀", (0,), 0x1F600),
        ("isWellFormed", "\ud800", (), False),
        ("lastIndexOf", "abab", ("ab", 1), 0),
        ("localeCompare", "a", ("B",), -1),
        ("normalize", "é", ("NFD",), "e\u0301"),
        ("padStart", "5", (3, "0"), "005"),
        ("replaceAll", "a.b.c", (".", "$&$&"), "a..b..c"),
        ("slice", "abc", (-2,), "bc"),
        ("substring", "abc", (2, 0), "ab"),
        ("trimEnd", " a\ufeff", (), " a"),
    ],
)
def test_methods_of_texts(
    js: Any, name: str, text: str, arguments: tuple[Any, ...], result: Any
) -> None:
    assert getattr(js.String.prototype, name).call(text, *arguments) == result


def test_texts_and_expressions(js: Any) -> None:
    string, expression = js.String.prototype, js.RegExp.new("(?<word>[a-z])(\\d)?", "g")
    assert string.replace.call("a1 b", expression, "$<word>-$2") == "a-1 b-"
    assert string.replace.call("a1 b", expression, lambda found, *_: found.upper()) == "A1 B"
    assert string.match.call("a1 b", expression).to_py() == ["a1", "b"]
    found = list(string.matchAll.call("a1 b", expression))
    assert [(each[0], each.groups.word) for each in found] == [("a1", "a"), ("b", "b")]
    assert string.search.call("1a", expression) == 1
    assert string.split.call("1a2", js.RegExp.new("[a-z]")).to_py() == ["1", "2"]
    with pytest.raises(JsException, match="replaceAll called with a non-global RegExp argument"):
        string.replaceAll.call("a", js.RegExp.new("a"), "")


# -- numbers


@pytest.mark.parametrize(
    ("number", "name", "arguments", "text"),
    [
        (2.5, "toFixed", (0,), "3"),
        (1.005, "toFixed", (2,), "1.00"),
        (123.456, "toExponential", (), "1.23456e+2"),
        (0, "toExponential", (2,), "0.00e+0"),
        (123.456, "toPrecision", (4,), "123.5"),
        (1e21, "toPrecision", (3,), "1.00e+21"),
        (0.000001, "toPrecision", (2,), "0.0000010"),
        (1234567.891, "toLocaleString", (), "1,234,567.891"),
    ],
)
def test_numbers_with_so_many_digits(
    js: Any, number: float, name: str, arguments: tuple[Any, ...], text: str
) -> None:
    assert getattr(js.Number.new(number), name)(*arguments) == text


def test_functions_of_the_language_look_at_their_own_arguments_only(js: Any) -> None:
    assert js.Array.of(1.5, 2.5).map(js.Math.floor).to_py() == [1, 2]
    # The second argument is the index: a radix that only the first member can do with.
    assert js.Array.of("7", "3").map(js.parseInt).to_py()[0] == 7
    assert js.Array.of("7", "3").map(js.Number.parseInt).to_py()[0] == 7
    assert js.Math.clz32(1) == 31
    assert js.Math.fround(1.1) == 1.100000023841858
    assert js.Math.sumPrecise(to_js([1e20, 0.1, -1e20])) == 0.1


# -- collections


def test_sets_are_combined(js: Any) -> None:
    left, right = js.Set.new(to_js([1, 2, 3])), js.Set.new(to_js([3, 4]))
    assert left.union(right).to_py() == {1, 2, 3, 4}
    assert left.intersection(right).to_py() == {3}
    assert left.difference(right).to_py() == {1, 2}
    assert left.symmetricDifference(right).to_py() == {1, 2, 4}
    assert js.Set.new(to_js([3])).isSubsetOf(left)
    assert left.isSupersetOf(js.Set.new())
    assert not left.isDisjointFrom(right)
    with pytest.raises(JsException, match=r"The \.size property is NaN"):
        left.union(to_js([1]))


def test_members_are_grouped(js: Any) -> None:
    grouped = js.Map.groupBy(to_js([1, 2, 3]), create_proxy(lambda member, _: member % 2))
    assert grouped.to_py() == {1: [1, 3], 0: [2]}


async def test_an_array_of_promises(js: Any) -> None:
    doubled = await js.Array.fromAsync(to_js([1, 2]), create_proxy(lambda each, _: each * 2))
    assert doubled.to_py() == [2, 4]


async def test_a_promise_of_a_call(js: Any) -> None:
    assert await js.Promise.try_(create_proxy(lambda *given: len(given)), 1, 2) == 2
    with pytest.raises(JsException, match="number 5 is not a function"):
        await js.Promise.try_(5)


def test_a_finalization_registry_remembers_its_tokens(js: Any) -> None:
    registry, token = js.FinalizationRegistry.new(create_proxy(print)), plain(js)
    registry.register(plain(js), 1, token)
    assert (registry.unregister(token), registry.unregister(token)) == (True, False)


# -- bytes


def test_bytes_as_text(js: Any) -> None:
    made = js.Uint8Array.fromBase64("AQL/")
    assert (bytes(made.to_py()), made.toHex(), made.toBase64()) == (b"\1\2\xff", "0102ff", "AQL/")
    assert bytes(js.Uint8Array.fromHex("01ff").to_py()) == b"\1\xff"
    room = js.Uint8Array.new(2)
    assert room.setFromHex("010203").to_py() == {"read": 4, "written": 2}
    with pytest.raises(JsException, match="cannot be part of a valid base64 string"):
        js.Uint8Array.fromBase64("!")


def test_a_buffer_can_grow(js: Any) -> None:
    buffer = js.ArrayBuffer.new(2, plain(js, maxByteLength=4))
    buffer.resize(4)
    assert (buffer.byteLength, buffer.maxByteLength, buffer.resizable) == (4, 4, True)
    with pytest.raises(JsException, match="resize: Invalid length parameter"):
        buffer.resize(5)


# -- objects


def test_an_object_can_be_given_another_prototype(js: Any) -> None:
    made = js.Object.setPrototypeOf(plain(js, a=1), plain(js, b=2))
    assert (made.a, made.b, list(js.Object.keys(made))) == (1, 2, ["a"])
    with pytest.raises(JsException, match="#<Object> is not extensible"):
        js.Object.setPrototypeOf(js.Object.freeze(plain(js)), plain(js))


def test_an_object_can_be_without_a_prototype(js: Any) -> None:
    made = js.Object.groupBy(to_js([1, 2]), create_proxy(lambda member, _: f"{member % 2}"))
    assert made.to_py() == {"0": [2], "1": [1]}
    assert js.JSON.stringify(made) == '{"0":[2],"1":[1]}'
    assert not hasattr(made, "constructor")
    assert not hasattr(made, "toString")


def test_well_known_symbols_name_members(js: Any) -> None:
    assert js.Reflect.get(js.Map.new(), js.Symbol.toStringTag) == "Map"
    values = js.Reflect.get(js.Array.of(4, 5), js.Symbol.iterator)
    assert list(js.Reflect.apply(values, js.Array.of(4, 5), to_js([]))) == [4, 5]
    assert str(js.Symbol("a")) == "Symbol(a)"


def test_all_can_be_imported(js: Any) -> None:
    assert {"Array", "Object", "fetch", "console", "undefined"} <= set(js.__all__)
