"""Arrays and typed arrays as Python sequences."""

from __future__ import annotations

import array
from collections.abc import Hashable, MutableSequence
from pathlib import Path
from typing import Any

import pytest

from flarelocal.javascript.binary import VIEW_TYPES, ArrayBuffer
from flarelocal.javascript.values import hole
from flarelocal.pyodide.boundary import to_python
from flarelocal.pyodide.exception import JsException


def proxy(*members: Any) -> Any:
    return to_python(list(members))


def octets(*members: int, kind: str = "Uint8Array") -> Any:
    made: Any = VIEW_TYPES[kind]
    return to_python(made(list(members)))


@pytest.mark.parametrize("index", ["a", None, 1.0, (1, 2)])
@pytest.mark.parametrize("sequence", [proxy(1), octets(1)])
def test_an_index_is_a_number(sequence: Any, index: Any) -> None:
    with pytest.raises(TypeError, match="list indices must be integers or slices, not"):
        sequence[index]
    with pytest.raises(TypeError, match="list indices must be integers or slices, not"):
        sequence[index] = 1


@pytest.mark.parametrize("sequence", [proxy(1), octets(1)])
def test_a_sequence_is_one_for_python(sequence: Any) -> None:
    assert isinstance(sequence, MutableSequence)
    assert not isinstance(sequence, Hashable)
    with pytest.raises(TypeError, match=r"unhashable type: 'pyodide.ffi.JsProxy'"):
        hash(sequence)
    assert list(reversed(sequence)) == [1]
    assert (sequence.index(1), sequence.count(1)) == (0, 1)
    with pytest.raises(ValueError, match="5 is not in list"):
        sequence.index(5)


def test_an_array_repeats_and_grows() -> None:
    assert list(proxy(1, 2) * 2) == [1, 2, 1, 2] == list(2 * proxy(1, 2))
    grown = proxy(1)
    grown *= 3
    grown += (4,)
    assert list(grown) == [1, 1, 1, 4]
    with pytest.raises(TypeError, match="can't multiply sequence by non-int of type 'str'"):
        proxy(1) * "a"


def test_what_is_put_beyond_the_end_leaves_holes() -> None:
    members = [1]
    to_python(members)[3] = 9
    assert members == [1, hole, hole, 9]
    to_python(members)[-9] = 9
    assert len(members) == 4


def test_slices_of_an_array() -> None:
    members = [1, 2, 3, 4]
    with pytest.raises(ValueError, match="attempt to assign sequence of size 1 to extended slice"):
        to_python(members)[::2] = [9]
    with pytest.raises(TypeError, match="must assign iterable to extended slice"):
        to_python(members)[1:2] = 5
    del to_python(members)[::2]
    assert members == [2, 4]


def test_a_typed_array_has_no_slices_and_keeps_its_length() -> None:
    view = octets(1, 2)
    with pytest.raises(NotImplementedError, match="Slice subscripting isn't implemented"):
        view[0:1]
    with pytest.raises(NotImplementedError, match="Slice assignment isn't implemented"):
        view[0:1] = [1]
    with pytest.raises(TypeError, match="object doesn't support item deletion"):
        del view[0]
    view[-1] = 7
    view[9] = 1
    view.reverse()
    assert list(view) == [7, 1]


def test_a_typed_array_of_other_numbers_refuses_them() -> None:
    with pytest.raises(JsException, match="Cannot convert 5 to a BigInt"):
        to_python(VIEW_TYPES["BigInt64Array"](ArrayBuffer(8)))[0] = 5


def test_memory_that_does_not_fit() -> None:
    view = octets(0, 0, kind="Uint16Array")
    with pytest.raises(ValueError, match="to TypedArray of length 3 from buffer of length 4"):
        view.assign(b"abc")
    with pytest.raises(ValueError, match="from TypedArray of length 4 to buffer of length 3"):
        view.assign_to(bytearray(3))
    with pytest.raises(ValueError, match="incompatible formats"):
        view.assign(b"abcd")
    with pytest.raises(BufferError, match="Object is not writable"):
        view.assign_to(array.array("H", [1, 2]).tobytes())
    with pytest.raises(TypeError, match=r"^a bytes-like object is required, not 'list'"):
        view.assign([1, 2])
    view.assign(array.array("H", [1, 2]))
    assert list(view) == [1, 2]


def test_a_buffer_as_text() -> None:
    assert octets(0xEF, 0xBB, 0xBF, 97).to_string() == "\ufeffa"
    with pytest.raises(ValueError, match="Failed to decode Javascript TypedArray as utf8"):
        octets(255).to_string()
    with pytest.raises(JsException, match="RangeError"):
        octets(97).to_string("no-such-encoding")


def test_a_buffer_and_a_file_of_the_system(tmp_path: Path) -> None:
    path = tmp_path / "bytes"
    with path.open("wb") as file:
        octets(97, 98).to_file(file)
    view = octets(0, 0, 0)
    with path.open("rb") as file:
        view.from_file(file)
    assert view.to_bytes() == b"ab\0"
