from __future__ import annotations

import pytest

from flarelocal.javascript.errors import JsError
from flarelocal.javascript.values import null
from flarelocal.javascript.web.blob import Blob, File
from flarelocal.javascript.web.form_data import FormData
from flarelocal.javascript.web.multipart import decode, encode

PART = b'--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--B--\r\n'
MULTIPART = "multipart/form-data; boundary=B"


def test_texts_and_files() -> None:
    form = FormData()
    form.append("a", 5)
    form.append("b", Blob.of(b"x", "a/b"))
    form.append("c", File.named(b"y", "own.txt", ""))
    form.append("d", Blob.of(b"z"), "given.txt")
    assert form.get("a") == "5"
    assert [form.get(name).name for name in "bcd"] == ["b", "own.txt", "given.txt"]
    assert form.get("e") is null


def test_set_replaces_in_place() -> None:
    form = FormData()
    for name, value in (("a", "1"), ("b", "2"), ("a", "3")):
        form.append(name, value)
    form.set("a", "4")
    assert list(form.iterate()) == [["a", "4"], ["b", "2"]]


def test_multipart_round_trip() -> None:
    form = FormData()
    form.append('quo"ted\n', "two\r\nlines")
    form.append("file", File.named(b"\x00\xff\r\n", "é.bin", "a/b"))
    form.append("empty", "")
    back = decode(encode(form, "B"), MULTIPART).items()
    assert back[0] == ("quo%22ted%0A", "two\r\nlines")
    assert back[2] == ("empty", "")
    file = back[1][1]
    assert isinstance(file, File)
    assert (file.data, file.name, file.type) == (b"\x00\xff\r\n", "é.bin", "a/b")


def test_line_feeds_alone_and_a_preamble_are_fine() -> None:
    data = b"preamble\n" + PART.replace(b"\r\n", b"\n")
    assert decode(data, 'multipart/form-data; boundary="B"').items() == [("a", "1")]


def test_url_encoded() -> None:
    form = decode(b"a=1&a=2&b=%C3%A9+x", "application/x-www-form-urlencoded; charset=utf-8")
    assert form.items() == [("a", "1"), ("a", "2"), ("b", "é x")]


@pytest.mark.parametrize(
    ("data", "content_type", "message"),
    [
        (PART, "text/plain", "Unrecognized Content-Type"),
        (PART, "multipart/form-data", "No boundary string in Content-Type"),
        (b"x", MULTIPART, "No initial boundary string"),
        (b"--Bx", MULTIPART, "was not succeeded by CRLF"),
        (b"--B\r\nx", MULTIPART, "No multipart message header termination"),
        (b"--B\r\nA: b\r\n\r\n--B--", MULTIPART, "No valid Content-Disposition"),
        (PART.replace(b'name="a"', b""), MULTIPART, "Invalid Content-Disposition"),
        (PART.replace(b"name=", b"nom="), MULTIPART, "is missing a name"),
        (PART.replace(b"form-data", b"other"), MULTIPART, 'Got: "other"'),
        (PART[:-10], MULTIPART, "No subsequent boundary string"),
        (b"a=1", "application/x-www-form-urlencoded;charset=x", "Non-utf-8"),
    ],
)
def test_broken_forms(data: bytes, content_type: str, message: str) -> None:
    with pytest.raises(JsError, match=message) as broken:
        decode(data, content_type)
    assert broken.value.name == "TypeError"


def test_a_name_cannot_end_with_a_backslash() -> None:
    form = FormData()
    form.append("a\\", "1")
    with pytest.raises(JsError, match="can't end with backslash"):
        encode(form, "B")


@pytest.mark.parametrize(
    ("sent", "value"), [("%zz", "zz"), ("%4", "\x04"), ("5%x", "5x"), ("%%41", "A"), ("%25", "%")]
)
def test_escapes_with_too_few_digits(sent: str, value: str) -> None:
    form = decode(f"a={sent}".encode(), "application/x-www-form-urlencoded")
    assert form.get("a") == value
