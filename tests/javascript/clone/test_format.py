"""The bytes: those that V8 and workerd write."""

from __future__ import annotations

import math

import pytest

from flarelocal.javascript.binary import VIEW_TYPES, ArrayBuffer, DataView, Uint8Array
from flarelocal.javascript.clone import deserialize, serialize
from flarelocal.javascript.collections import Map, Set
from flarelocal.javascript.date import Date
from flarelocal.javascript.errors import JsError, dom_exception, range_error, type_error
from flarelocal.javascript.regexp import RegExp
from flarelocal.javascript.values import BigInt, Boxed, hole, null
from flarelocal.javascript.web.blob import Blob
from flarelocal.javascript.web.headers import Headers

V8 = [
    (None, b"_"),
    (null, b"0"),
    (True, b"T"),
    (5, b"I\x0a"),
    (-1, b"I\x01"),
    (2**31 - 1, b"I\xfe\xff\xff\xff\x0f"),
    (2**31, b"N\x00\x00\x00\x00\x00\x00\xe0A"),
    (-0.0, b"N\x00\x00\x00\x00\x00\x00\x00\x80"),
    (BigInt(-1), b"Z\x11\x01\x00\x00\x00\x00\x00\x00\x00"),
    ("text", b'"\x04text'),
    ("é", b'"\x01\xe9'),
    ("中", b"c\x02-N"),
    ({"ab": "中"}, b'o"\x02ab\x00c\x02-N{\x01'),
    ([1, "a"], b'A\x02I\x02"\x01a$\x00\x02'),
    ({"a": None}, b'o"\x01a_{\x01'),
    ({"b": 1, "9": 2}, b'oI\x12I\x04"\x01bI\x02{\x02'),
    (Date(5), b"D\x00\x00\x00\x00\x00\x00\x14@"),
    (RegExp("a", "gi"), b'R"\x01a\x03'),
    (Boxed(True), b"y"),
    (Boxed("s"), b's"\x01s'),
    (Map.of([("a", 1)]), b';"\x01aI\x02:\x02'),
    (Set([1]), b"'I\x02,\x01"),
    (ArrayBuffer.of(b"ab"), b"B\x02ab"),
    (Uint8Array.of_bytes(b"ab"), b"B\x02abVB\x00\x02\x00"),
    (DataView(ArrayBuffer.of(b"abcd"), 1, 2), b"B\x04abcdV?\x01\x02\x00"),
]


@pytest.mark.parametrize(("value", "data"), V8)
def test_values_are_written_as_v8_does(value: object, data: bytes) -> None:
    assert serialize(value) == b"\xff\x0f" + data


@pytest.mark.parametrize(
    ("error", "data"),
    [
        (type_error("m"), b'\\\x0a\x02"\x01mo{\x00'),
        (
            JsError("m", name="Mine", properties={"code": 1}),
            b'\\\x0a\x00"\x04Mine"\x01mo"\x04codeI\x02{\x01',
        ),
        (JsError("m", cause=null), b'\\\x0a\x01"\x01mo"\x05cause0{\x01'),
        (dom_exception("m", "AbortError"), b"\\\x08\x0aAbortError\x01m\x00"),
    ],
)
def test_errors_are_written_as_workerd_does(error: JsError, data: bytes) -> None:
    assert serialize(error) == b"\xff\x0f" + data


def test_before_enhanced_errors_only_v8s_part_of_an_error_is_kept() -> None:
    error = JsError("m", name="Mine", cause="why", properties={"code": 1})
    data = serialize(error, enhanced_errors=False)
    assert data == b'\xff\x0frm"\x01mc"\x03why.'
    again = deserialize(data)
    assert (again.name, again.message, again.cause, again.properties) == ("Error", "m", "why", {})
    assert deserialize(serialize(range_error("r"), enhanced_errors=False)).name == "RangeError"


def test_views_of_one_buffer_share_it() -> None:
    buffer = ArrayBuffer.of(b"abcdefgh")
    kinds = VIEW_TYPES["Uint8Array"], VIEW_TYPES["Int16Array"]
    data = serialize([kinds[0](buffer, 2, 3), kinds[1](buffer), buffer])
    assert data == (b"\xff\x0fA\x03B\x08abcdefghVB\x02\x03\x00^\x01Vw\x00\x08\x00^\x01$\x00\x03")
    first, second, third = deserialize(data)
    assert first.buffer is second.buffer is third
    assert bytes(first.memory) == b"cde"


def test_a_sparse_array_is_read() -> None:
    array = deserialize(b'\xff\x0fa\x03I\x02I\x02"\x01xI\x04@\x02\x03')
    assert array == [hole, 1, hole]


def test_a_dense_array_may_have_holes() -> None:
    assert deserialize(serialize([hole, 1])) == [hole, 1]


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b'"\x01a', "a"),
        (b"\xff\x0dI\x02", 1),
        (b"\xff\x0eI\x02", 1),
        (b"\xff\x0fS\x02\xc3\xa9", "é"),
        (b"\xff\x0fU\xff\xff\xff\xff\x0f", 2**32 - 1),
        (b"\xff\x0f\x00\x00I\x02", 1),
        (b"\xff\x0fN\x00\x00\x00\x00\x00\x00\xf0?", 1),
    ],
)
def test_other_forms_are_read(data: bytes, value: object) -> None:
    assert deserialize(data) == value


def test_a_view_of_version_13_has_no_flags() -> None:
    view = deserialize(b"B\x02abVB\x00\x02")
    assert bytes(view.memory) == b"ab"


def test_an_invalid_date_stays_invalid() -> None:
    assert math.isnan(deserialize(serialize(Date(math.nan))).time_ms)


@pytest.mark.parametrize("data", [b"\xff\x0f", b"\xff\x0f?", b'\xff\x0f"\x05ab', b"\xff\x0fo{\x01"])
def test_damaged_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(JsError, match=r"^Error: Unable to deserialize cloned data\.$"):
        deserialize(data)


def test_a_later_version_is_refused() -> None:
    with pytest.raises(JsError, match="unsupported version"):
        deserialize(b"\xff\x10I\x02")


def test_headers_are_written_as_workerd_does() -> None:
    data = serialize(Headers([["age", "5"], ["x-a", "b"]]))
    assert data == b"\xff\x0f\\\x04\x03\x02\x07\x015\x00\x03x-a\x01b"
    assert deserialize(data).raw() == [("age", "5"), ("x-a", "b")]


def test_a_blob_is_written_as_workerd_does() -> None:
    data = serialize(Blob.of(b"ab", "a/b"))
    assert data == b"\xff\x0f\\\x0f\x03a/b\x02ab"
    made = deserialize(data)
    assert (made.data, made.type) == (b"ab", "a/b")
