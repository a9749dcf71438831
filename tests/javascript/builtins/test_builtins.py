from __future__ import annotations

import asyncio
import math

import pytest

from flarelocal.javascript.builtins import BUILTINS, builtin
from flarelocal.javascript.builtins.math_namespace import Math
from flarelocal.javascript.builtins.namespaces import Json, Reflect
from flarelocal.javascript.collections import Map
from flarelocal.javascript.errors import JsError, error
from flarelocal.javascript.function import Constructor, constructor_of_class, members_of
from flarelocal.javascript.promise import settle
from flarelocal.javascript.values import BigInt, Boxed, Symbol, Value, hole, null


def new(name: str) -> Constructor:
    return constructor_of_class(builtin(name))


def static(name: str, member: str, *arguments: Value) -> Value:
    return new(name).statics[member].function(*arguments)


def call(value: Value, member: str, *arguments: Value) -> Value:
    return members_of(value)[member].function(value, *arguments)


@pytest.mark.parametrize("name", BUILTINS)
def test_each_carries_its_name(name: str) -> None:
    assert new(name).name == name


# -- Object


def test_keys_values_and_entries() -> None:
    value = {"b": 1, "2": 2, "a": 3, "1": 4}
    assert static("Object", "keys", value) == ["1", "2", "b", "a"]
    assert static("Object", "values", [5, 6]) == [5, 6]
    assert static("Object", "entries", "ab") == [["0", "a"], ["1", "b"]]
    with pytest.raises(JsError, match="Cannot convert undefined or null to object"):
        static("Object", "keys", null)


def test_from_entries_puts_indices_first_and_names_all_keys() -> None:
    made = static("Object", "fromEntries", [["b", 1], [2, 2], [1, 3], [None, 4]])
    assert list(made.items()) == [("1", 3), ("2", 2), ("b", 1), ("undefined", 4)]
    assert static("Object", "fromEntries", Map([["a", 1]])) == {"a": 1}
    with pytest.raises(JsError, match="Iterator value 5 is not an entry object"):
        static("Object", "fromEntries", [5])


def test_assign() -> None:
    target: dict[str, Value] = {"a": 1}
    assert static("Object", "assign", target, {"b": 2}, null, [3]) is target
    assert target == {"a": 1, "b": 2, "0": 3}


def test_is() -> None:
    assert static("Object", "is", math.nan, math.nan)
    assert not static("Object", "is", 0, -0.0)
    assert not static("Object", "is", 1, True)
    assert not static("Object", "is", {}, {})


# -- Array


def test_arrays_are_made_of_members_or_a_length() -> None:
    assert new("Array").construct(1, 2) == [1, 2]
    assert new("Array").construct(2) == [hole, hole]
    assert new("Array").construct("2") == ["2"]
    with pytest.raises(JsError, match="Invalid array length"):
        new("Array").construct(-1)


def test_array_from() -> None:
    assert static("Array", "from", "ab", lambda m, i: m * i) == ["", "b"]
    assert static("Array", "from", {"length": 2, "1": "x"}) == [None, "x"]


def test_arrays_change_in_place() -> None:
    array = [3, 1]
    assert call(array, "push", 2) == 3
    assert call(array, "sort") is array
    assert call(array, "shift") == 1
    assert call(array, "splice", 0, 1, "a", "b") == [2]
    assert array == ["a", "b", 3]


def test_sorting() -> None:
    assert call([10, 9, None, 1], "sort") == [1, 10, 9, None]
    assert call([10, 9, 1], "sort", lambda a, b: a - b) == [1, 9, 10]


def test_array_functions() -> None:
    array = [1, 2, 3]
    assert call(array, "map", lambda m, i, a: m + i) == [1, 3, 5]
    assert call(array, "filter", lambda m, i, a: m > 1) == [2, 3]
    assert call(array, "reduce", lambda r, m, i, a: r + m) == 6
    assert call(array, "find", lambda m, i, a: m == 2) == 2
    assert call(array, "indexOf", 3) == 2
    assert call([math.nan], "includes", math.nan)
    assert call([[1, [2]]], "flat", 1) == [1, [2]]
    assert call([1, None, null, [2, 3]], "join", "-") == "1---2,3"
    assert call(array, "slice", -2) == [2, 3]
    with pytest.raises(JsError, match="5 is not a function"):
        call(array, "map", 5)
    with pytest.raises(JsError, match="Reduce of empty array"):
        call([], "reduce", lambda *_: None)


# -- Number, Boolean, BigInt, String


@pytest.mark.parametrize(
    ("value", "result"), [("", 0), (" 12 ", 12), ("0x1f", 31), (null, 0), (True, 1), ([5], 5)]
)
def test_numbers_of_values(value: Value, result: float) -> None:
    assert new("Number")(value) == result


def test_number_predicates() -> None:
    assert static("Number", "isInteger", 5)
    assert not static("Number", "isInteger", "5")
    assert not static("Number", "isInteger", 5.5)
    assert static("Number", "isSafeInteger", 2**53 - 1)
    assert not static("Number", "isSafeInteger", 2.0**53)
    assert static("Number", "isNaN", math.nan)


@pytest.mark.parametrize(
    ("text", "radix", "result"),
    [("12px", None, 12), ("0xff", None, 255), ("101", 2, 5), ("-7", None, -7), ("z", 36, 35)],
)
def test_parse_int(text: str, radix: Value, result: int) -> None:
    assert static("Number", "parseInt", text, radix) == result


def test_what_is_no_number() -> None:
    assert math.isnan(static("Number", "parseInt", "x"))
    assert math.isnan(static("Number", "parseFloat", "x"))


def test_numbers_as_texts() -> None:
    assert call(255, "toString", 16) == "ff"
    assert call(-2.5, "toString", 2) == "-10.1"
    assert call(0.1, "toString", 3) == "0.0022002200220022002200220022002201"
    assert call(1.005, "toFixed", 1) == "1.0"
    assert call(1e21, "toFixed", 1) == "1e+21"


def test_boxes() -> None:
    assert call(new("Number").construct("5"), "valueOf") == 5
    assert isinstance(new("Boolean").construct(0), Boxed)
    assert new("Boolean")("") is False
    assert new("Boolean")([]) is True


def test_big_integers() -> None:
    assert new("BigInt")("0x10") == BigInt(16)
    with pytest.raises(JsError, match="because it is not an integer"):
        new("BigInt")(1.5)
    with pytest.raises(JsError, match="BigInt is not a constructor"):
        new("BigInt").construct(1)


def test_strings() -> None:
    assert new("String")(None) == "undefined"
    assert static("String", "fromCharCode", 0xD83D, 0xDE00) == "😀"


# -- Error


def test_errors() -> None:
    made = new("RangeError").construct("m", {"cause": 5})
    assert (made.name, made.message, made.cause) == ("RangeError", "m", 5)
    assert new("Error")().message == ""
    assert new("Error").expando["stackTraceLimit"] == 10


def test_dom_exceptions_have_a_code() -> None:
    made = new("DOMException").construct("m", "AbortError")
    assert call(made, "code") == 20
    assert call(new("DOMException").construct(), "code") == 0


def test_code_cannot_be_made_of_text() -> None:
    with pytest.raises(JsError, match="Code generation from strings disallowed"):
        new("Function").construct("return 1")


# -- Promise


async def test_an_executor_settles_its_promise() -> None:
    promise = new("Promise").construct(lambda resolve, reject: resolve(5))
    assert await promise == 5
    failed = new("Promise").construct(lambda resolve, reject: reject(error("no")))
    with pytest.raises(JsError, match="no"):
        await failed


async def test_a_promise_adopts_another() -> None:
    inner = static("Promise", "withResolvers")
    outer = new("Promise").construct(lambda resolve, reject: resolve(inner["promise"]))
    inner["resolve"]("done")
    assert await outer == "done"


async def test_combinators() -> None:
    fine = static("Promise", "resolve", 1)
    failed = static("Promise", "reject", error("no"))
    assert await static("Promise", "all", [fine, 2]) == [1, 2]
    assert await static("Promise", "any", [failed, fine]) == 1
    assert await static("Promise", "race", [fine, asyncio.get_running_loop().create_future()]) == 1
    outcomes = await static("Promise", "allSettled", [fine, failed])
    assert [outcome["status"] for outcome in outcomes] == ["fulfilled", "rejected"]
    with pytest.raises(JsError, match="All promises were rejected"):
        await static("Promise", "any", [failed])


async def test_then_catch_and_finally() -> None:
    failed = static("Promise", "reject", error("no"))
    assert await call(failed, "catch", lambda reason: reason.message) == "no"
    calls: list[str] = []
    fine = static("Promise", "resolve", 1)
    assert await call(fine, "finally", lambda: calls.append("done")) == 1
    assert await call(fine, "then", lambda value: value + 1) == 2
    assert calls == ["done"]
    assert await settle(fine) == 1


# -- namespaces


def test_math() -> None:
    functions = {name: member.function for name, member in Math.members.items()}
    assert functions["max"](None, 1, "5") == 5
    assert functions["max"](None) == -math.inf
    assert functions["round"](None, 2.5) == 3
    assert functions["floor"](None, -1.5) == -2
    assert functions["PI"](None) == math.pi
    assert functions["cbrt"](None, 27) == 3
    assert math.isnan(functions["sqrt"](None, -1))
    assert math.isnan(functions["abs"](None))
    assert functions["log"](None, 0) == -math.inf


def test_json_with_a_reviver() -> None:
    def revive(key: str, value: Value) -> Value:
        return None if key == "drop" else value

    assert Json().parse('{"keep":1,"drop":2}', revive) == {"keep": 1}


def test_reflect() -> None:
    assert Reflect().own_keys({"a": 1}) == ["a"]
    assert Reflect().construct(new("Array"), [1, 2]) == [1, 2]


def test_symbols_know_the_key_that_they_are_shared_by() -> None:
    shared = static("Symbol", "for", "app")
    assert static("Symbol", "keyFor", shared) == "app"
    assert static("Symbol", "keyFor", Symbol("app")) is None
    with pytest.raises(JsError, match="5 is not a symbol"):
        static("Symbol", "keyFor", 5)


@pytest.mark.parametrize(
    ("bits", "value", "signed", "unsigned"),
    [(8, 255, -1, 255), (8, -1, -1, 255), (8, 127, 127, 127), (8, 128, -128, 128), (0, 5, 0, 0)],
)
def test_big_integers_wrap_around(bits: int, value: int, signed: int, unsigned: int) -> None:
    assert static("BigInt", "asIntN", bits, BigInt(value)) == signed
    assert static("BigInt", "asUintN", bits, BigInt(value)) == unsigned


def test_exceptions_of_the_platform_have_codes() -> None:
    constants = new("DOMException").expando
    assert (constants["ABORT_ERR"], constants["DATA_CLONE_ERR"]) == (20, 25)
