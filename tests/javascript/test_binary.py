"""Typed arrays and DataViews as JavaScript uses them."""

from __future__ import annotations

from typing import Any

import pytest

from flarelocal.javascript.errors import JsError
from flarelocal.javascript.values import BigInt, Value
from flarelocal.javascript.web.global_scope import GlobalScope
from flarelocal.pyodide.boundary import to_python
from flarelocal.pyodide.exception import JsException
from flarelocal.pyodide.to_js import to_js


@pytest.fixture
def js() -> Any:
    """The global object."""
    return to_python(GlobalScope())


def array(js: Any, *members: Value, kind: str = "Uint8Array") -> Any:
    return getattr(js, kind).new(to_js(list(members)))


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("at", (-1,), 2),
        ("every", (lambda member, *_: member > 1,), False),
        ("find", (lambda member, *_: member > 1,), 3),
        ("findIndex", (lambda member, *_: member > 1,), 1),
        ("findLast", (lambda member, *_: member > 1,), 2),
        ("findLastIndex", (lambda member, *_: member > 5,), -1),
        ("includes", (3,), True),
        ("indexOf", (3,), 1),
        ("join", ("-",), "1-3-2"),
        ("lastIndexOf", (1,), 0),
        ("reduce", (lambda sum, member, *_: sum + member,), 6),
        ("reduceRight", (lambda _, member, *__: member,), 1),
        ("some", (lambda member, *_: member > 2,), True),
    ],
)
def test_typed_arrays_and_arrays_have_the_same_methods(
    js: Any, name: str, arguments: tuple[Any, ...], result: Any
) -> None:
    assert getattr(array(js, 1, 3, 2), name)(*arguments) == result
    assert getattr(to_js([1, 3, 2]), name)(*arguments) == result


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("filter", (lambda member, *_: member > 1,), [3, 20]),
        ("map", (lambda member, *_: member + 1,), [4, 2, 21]),
        ("toReversed", (), [20, 1, 3]),
        ("toSorted", (lambda left, right: left - right,), [1, 3, 20]),
        ("with_", (0, 9), [9, 1, 20]),
    ],
)
def test_some_of_them_give_a_copy_of_the_same_kind(
    js: Any, name: str, arguments: tuple[Any, ...], result: list[int]
) -> None:
    for source in (array(js, 3, 1, 20), to_js([3, 1, 20])):
        copy = getattr(source, name)(*arguments)
        assert (copy.constructor.name, list(copy)) == (source.constructor.name, result)
        assert list(source) == [3, 1, 20]


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [("copyWithin", (0, 1), [1, 20, 20]), ("reverse", (), [20, 1, 3])],
)
def test_others_change_it(
    js: Any, name: str, arguments: tuple[Any, ...], result: list[int]
) -> None:
    for source in (array(js, 3, 1, 20), to_js([3, 1, 20])):
        getattr(source, name)(*arguments)
        assert list(source) == result


def test_numbers_are_sorted_as_numbers(js: Any) -> None:
    numbers = array(js, 10, 9, 1)
    numbers.sort()
    assert list(numbers) == [1, 9, 10]
    assert list(to_js([10, 9, 1]).toSorted()) == [1, 10, 9]


def test_an_array_can_be_cut_and_prolonged() -> None:
    members: Any = to_js([1, 2, 3])
    members.length = 1
    assert list(members) == [1]
    members.length = 2
    assert (len(members), list(members)) == (2, [1, None])
    with pytest.raises(IndexError):
        members[1]
    with pytest.raises(JsException, match="Invalid array length"):
        members.length = -1


def test_keys_would_make_dict_take_an_array_for_a_mapping() -> None:
    assert not hasattr(to_js([1]), "keys")


@pytest.mark.parametrize(
    ("kind", "value", "little", "big"),
    [
        ("Int8", -2, b"\xfe", b"\xfe"),
        ("Uint16", 258, b"\x02\x01", b"\x01\x02"),
        ("Int32", -2, b"\xfe\xff\xff\xff", b"\xff\xff\xff\xfe"),
        ("Float32", 1.5, b"\x00\x00\xc0\x3f", b"\x3f\xc0\x00\x00"),
        ("BigUint64", BigInt(2**63), b"\x00" * 7 + b"\x80", b"\x80" + b"\x00" * 7),
    ],
)
def test_a_data_view_reads_and_writes_in_either_order(
    js: Any, kind: str, value: Any, little: bytes, big: bytes
) -> None:
    view = js.DataView.new(js.ArrayBuffer.new(len(little)))
    for little_endian, data in ((True, little), (False, big)):
        getattr(view, f"set{kind}")(0, to_python(value), little_endian)
        assert view.to_bytes() == data
        assert getattr(view, f"get{kind}")(0, little_endian) == value


def test_a_data_view_has_bounds(js: Any) -> None:
    view = js.DataView.new(js.ArrayBuffer.new(2))
    with pytest.raises(JsException, match="Offset is outside the bounds of the DataView"):
        view.getInt16(1)


def test_a_buffer_that_was_transferred_is_detached(js: Any) -> None:
    source = array(js, 1, 2, 3).buffer
    assert source.transfer(2).to_bytes() == b"\x01\x02"
    assert (source.detached, source.byteLength) == (True, 0)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ("x", "SyntaxError: Cannot convert x to a BigInt"),
        (None, "TypeError: Cannot convert undefined to a BigInt"),
        (5, "TypeError: Cannot convert 5 to a BigInt"),
    ],
)
def test_only_integers_without_end_fit_arrays_of_them(js: Any, given: Any, refusal: str) -> None:
    numbers = js.BigInt64Array.new(1)
    numbers[0] = "5"
    assert numbers[0] == 5
    with pytest.raises(JsException) as raised:
        numbers[0] = given
    assert str(raised.value) == refusal


def test_no_big_int_is_made_of_what_is_not_whole(js: Any) -> None:
    for number in (float("nan"), float("inf"), 1.5):
        with pytest.raises((JsException, JsError), match="because it is not an integer"):
            js.BigInt(number)


@pytest.mark.parametrize(
    ("length", "refusal"),
    [
        (1e21, "Invalid typed array length: 1e+21"),
        (-1, "Invalid typed array length: -1"),
        (2**40, "Array buffer allocation failed"),
    ],
)
def test_there_are_no_arrays_of_any_length(js: Any, length: float, refusal: str) -> None:
    with pytest.raises(JsException) as raised:
        js.Uint8Array.new(length)
    assert (raised.value.name, raised.value.message) == ("RangeError", refusal)


def test_a_name_that_python_reserves_ends_with_an_underscore(js: Any) -> None:
    assert list(array(js, 1).with_(0, 2)) == [2]
    with pytest.raises(AttributeError, match=r"^with_$"):
        js.ArrayBuffer.new(1).with_(0, 2)
