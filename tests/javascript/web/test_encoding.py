from __future__ import annotations

import pytest

from flarelocal.javascript.binary import VIEW_TYPES, ArrayBuffer, Uint8Array
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.values import null
from flarelocal.javascript.web.encoding import (
    TextDecoder,
    TextDecoderStream,
    TextEncoder,
    TextEncoderStream,
    atob,
    btoa,
)
from flarelocal.javascript.web.readable import ReadableStream
from tests.javascript.web.reading import collect


def array(data: bytes) -> Uint8Array:  # type: ignore[valid-type]
    return Uint8Array.of_bytes(bytearray(data))


def test_encode() -> None:
    assert bytes(TextEncoder().encode("é\ud800").memory) == b"\xc3\xa9\xef\xbf\xbd"


def test_encode_into_stops_at_a_whole_character() -> None:
    target = array(b"\0\0\0")
    assert TextEncoder().encode_into("aéé", target) == {"read": 2, "written": 3}
    assert TextEncoder().encode_into("😀", array(b"\0\0\0\0")) == {"read": 2, "written": 4}


def test_pieces_of_a_character() -> None:
    decoder = TextDecoder()
    assert decoder.decode(array(b"\xe2\x82"), {"stream": True}) == ""
    assert decoder.decode(array(b"\xac")) == "€"
    assert decoder.decode(array(b"\xe2")) == "\ufffd"


def test_the_byte_order_mark() -> None:
    marked = array(b"\xef\xbb\xbfa")
    assert TextDecoder().decode(marked) == "a"
    assert TextDecoder("utf-8", {"ignoreBOM": True}).decode(marked) == "\ufeffa"


def test_fatal() -> None:
    with pytest.raises(JsError, match="Failed to decode input"):
        TextDecoder("utf-8", {"fatal": True}).decode(array(b"\xff"))


@pytest.mark.parametrize(
    ("label", "name", "data", "text"),
    [
        ("latin1", "windows-1252", b"\xe9\x80\x81", "é€\x81"),
        ("utf-16", "utf-16le", b"a\0", "a"),
        (" SJIS ", "shift_jis", b"\x82\xa0", "あ"),
        ("gb2312", "gbk", b"\xc4\xe3", "你"),
        ("koi8-r", "koi8-r", b"\xc1", "а"),
    ],
)
def test_labels(label: str, name: str, data: bytes, text: str) -> None:
    decoder = TextDecoder(label)
    assert decoder.encoding == name
    assert decoder.decode(array(data)) == text


def test_an_unknown_label() -> None:
    with pytest.raises(JsError, match='"nope" is not a valid encoding') as refused:
        TextDecoder("nope")
    assert refused.value.name == "RangeError"


async def test_streams() -> None:
    texts = ReadableStream.from_(["a", "\ud83d", "\ude00"])
    encoded = texts.pipe_through(TextEncoderStream())
    assert await collect(encoded.pipe_through(TextDecoderStream())) == ["a", "😀"]


def test_base64() -> None:
    assert btoa("é") == "6Q=="
    assert atob(" 6Q== ") == atob("6Q") == "é"
    assert atob(null) == "\x9eée"


@pytest.mark.parametrize("text", ["a", "a===", "*", "aGVsbG8=="])
def test_what_is_no_base64(text: str) -> None:
    with pytest.raises(JsError, match="invalid base64-encoded data") as refused:
        atob(text)
    assert refused.value.name == "InvalidCharacterError"


def test_what_is_no_latin_1() -> None:
    with pytest.raises(JsError, match="Latin1"):
        btoa("中")


@pytest.mark.parametrize(
    ("label", "data", "text"),
    [
        ("shift_jis", b"\xa0\xff\x80", "\ufffd\ufffd\x80"),
        ("shift_jis", b"\x83\x41", "ア"),
        ("x-user-defined", b"a\x80\xff", "a\uf780\uf7ff"),
        ("gbk", b"\xc4\xe3\xba\xc3", "你好"),
    ],
)
def test_bytes_that_python_decodes_otherwise(label: str, data: bytes, text: str) -> None:
    assert TextDecoder(label).decode(Uint8Array.of_bytes(data)) == text


def test_a_strict_decoder_refuses_bytes_that_mean_nothing() -> None:
    with pytest.raises(JsError, match="Failed to decode input"):
        TextDecoder("shift_jis", {"fatal": True}).decode(Uint8Array.of_bytes(b"\xff"))


def test_only_a_uint8_array_can_be_encoded_into() -> None:
    with pytest.raises(JsError, match="parameter 2 is not of type 'Uint8Array'"):
        TextEncoder().encode_into("a", VIEW_TYPES["Uint16Array"](ArrayBuffer(4)))


@pytest.mark.parametrize(
    ("label", "data", "text"),
    [
        ("gbk", b"\x80\x81\x40", "€丂"),
        ("gb18030", b"\xfe\x61", "\u9fb5"),
        ("gb18030", b"\xa6\xd9", "\ufe10"),
        ("big5", b"\xc0\x80a", "\ufffda"),
        ("big5", b"\xc0 a", "\ufffd a"),
        ("shift_jis", b"\xef\xbb\xbfx", "\ufffd\uff7fx"),
        ("euc-kr", b"\x80a", "\ufffda"),
    ],
)
def test_pairs_of_bytes_that_mean_nothing_are_one_mistake(
    label: str, data: bytes, text: str
) -> None:
    assert TextDecoder(label).decode(Uint8Array.of_bytes(data)) == text


def test_the_sign_of_the_euro_is_no_mistake() -> None:
    assert TextDecoder("gbk", {"fatal": True}).decode(Uint8Array.of_bytes(b"\x80")) == "€"


def test_options_are_not_null() -> None:
    with pytest.raises(JsError, match="Cannot initialize N7workerd3api11TextDecoder18Constructor"):
        TextDecoder("utf-8", null)
    with pytest.raises(JsError, match="Cannot initialize N7workerd3api11TextDecoder13DecodeOption"):
        TextDecoder().decode(None, null)
