from __future__ import annotations

import pytest

from flarelocal.clock import VirtualClock
from flarelocal.javascript.binary import Uint8Array
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.function import constructor_of_class
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.blob import Blob, File
from tests.javascript.web.reading import collect


def test_parts_are_joined() -> None:
    blob = Blob(["a", Uint8Array.of_bytes(b"b"), Blob(["c"]), 5], {"type": "A/B"})
    assert (blob.data, blob.size, blob.type) == (b"abc5", 4, "a/b")


@pytest.mark.parametrize(
    ("start", "end", "data"),
    [
        (2, 5, b"234"),
        (-3, None, b"789"),
        (5, 2, b""),
        (None, None, b"0123456789"),
        (0, 100, b"0123456789"),
        (-100, -8, b"01"),
    ],
)
def test_slices(start: Value, end: Value, data: bytes) -> None:
    assert Blob(["0123456789"]).slice(start, end).data == data


def test_a_slice_has_its_own_type() -> None:
    blob = Blob(["a"], {"type": "a/b"})
    assert blob.slice().type == ""
    assert blob.slice(0, 1, "c/d").type == "c/d"


async def test_the_stream_of_a_blob() -> None:
    assert [bytes(chunk.memory) for chunk in await collect(Blob(["ab"]).stream())] == [b"ab"]


def test_parts_must_be_an_array() -> None:
    with pytest.raises(JsError, match="constructor parameter 1 is not of type 'Array'"):
        Blob("text")


async def test_files_have_a_name_and_a_time() -> None:
    VirtualClock(5000).make_current()
    file = File(["a"], "n", {"lastModified": 7})
    assert (file.name, file.last_modified) == ("n", 7)
    assert File(["a"], "n").last_modified == 5000
    with pytest.raises(JsError, match="constructor parameter 2 is not of type 'string'"):
        constructor_of_class(File).construct(["a"])


def test_line_ends_cannot_be_chosen() -> None:
    with pytest.raises(JsError, match="'endings' field on 'Options' is not implemented"):
        Blob([], {"endings": "native"})


def test_offsets_have_32_bits() -> None:
    with pytest.raises(JsError, match="Value out of range"):
        Blob(["a"]).slice(0, 2**40)


def test_the_parts_of_a_file_may_be_missing_its_name_not() -> None:
    assert File(None, "n").size == 0
    assert File([], None).name == "undefined"
    with pytest.raises(JsError, match="constructor parameter 2 is not of type 'string'"):
        File([])
