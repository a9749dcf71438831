"""The encodings of the web platform and the labels by which they go (Encoding Standard)."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Collection
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

__all__ = ["decoder_of"]

_ENCODINGS: dict[str, tuple[str, str]] = {
    "utf-8": ("utf-8", "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf8 x-unicode20utf8"),
    "ibm866": ("cp866", "866 cp866 csibm866"),
    "iso-8859-2": (
        "iso8859-2",
        "csisolatin2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2",
    ),
    "iso-8859-3": (
        "iso8859-3",
        "csisolatin3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3",
    ),
    "iso-8859-4": (
        "iso8859-4",
        "csisolatin4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4",
    ),
    "iso-8859-5": (
        "iso8859-5",
        "csisolatincyrillic cyrillic iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988",
    ),
    "iso-8859-6": (
        "iso8859-6",
        (
            "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6-e"
            " iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987"
        ),
    ),
    "iso-8859-7": (
        "iso8859-7",
        (
            "csisolatingreek ecma-118 elot_928 greek greek8 iso-ir-126 iso8859-7 iso88597"
            " iso_8859-7"
            " iso_8859-7:1987 sun_eu_greek"
        ),
    ),
    "iso-8859-8": (
        "iso8859-8",
        (
            "csiso88598e csisolatinhebrew hebrew iso-8859-8-e iso-ir-138 iso8859-8 iso88598"
            " iso_8859-8"
            " iso_8859-8:1988 visual"
        ),
    ),
    "iso-8859-8-i": ("iso8859-8", "csiso88598i logical"),
    "iso-8859-10": (
        "iso8859-10",
        "csisolatin6 iso-ir-157 iso8859-10 iso885910 l6 latin6",
    ),
    "iso-8859-13": ("iso8859-13", "iso8859-13 iso885913"),
    "iso-8859-14": ("iso8859-14", "iso8859-14 iso885914"),
    "iso-8859-15": (
        "iso8859-15",
        "csisolatin9 iso8859-15 iso885915 iso_8859-15 l9",
    ),
    "iso-8859-16": ("iso8859-16", ""),
    "koi8-r": ("koi8-r", "cskoi8r koi koi8 koi8_r"),
    "koi8-u": ("koi8-u", "koi8-ru"),
    "macintosh": ("mac-roman", "csmacintosh mac x-mac-roman"),
    "windows-874": ("cp874", "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620"),
    "windows-1250": ("cp1250", "cp1250 x-cp1250"),
    "windows-1251": ("cp1251", "cp1251 x-cp1251"),
    "windows-1252": (
        "cp1252",
        (
            "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1"
            " iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii x-cp1252"
        ),
    ),
    "windows-1253": ("cp1253", "cp1253 x-cp1253"),
    "windows-1254": (
        "cp1254",
        (
            "cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9"
            " iso_8859-9:1989 l5"
            " latin5 x-cp1254"
        ),
    ),
    "windows-1255": ("cp1255", "cp1255 x-cp1255"),
    "windows-1256": ("cp1256", "cp1256 x-cp1256"),
    "windows-1257": ("cp1257", "cp1257 x-cp1257"),
    "windows-1258": ("cp1258", "cp1258 x-cp1258"),
    "x-mac-cyrillic": ("mac-cyrillic", "x-mac-ukrainian"),
    "gbk": (
        "gb18030",
        "chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 iso-ir-58 x-gbk",
    ),
    "gb18030": ("gb18030", ""),
    "big5": ("big5hkscs", "big5-hkscs cn-big5 csbig5 x-x-big5"),
    "euc-jp": ("euc-jp", "cseucpkdfmtjapanese x-euc-jp"),
    "iso-2022-jp": ("iso-2022-jp", "csiso2022jp"),
    "shift_jis": (
        "cp932",
        "csshiftjis ms932 ms_kanji shift-jis sjis windows-31j x-sjis",
    ),
    "euc-kr": (
        "cp949",
        (
            "cseuckr csksc56011987 iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601"
            " windows-949"
        ),
    ),
    "x-user-defined": ("", ""),
    "utf-16be": ("utf-16-be", "unicodefffe"),
    "utf-16le": (
        "utf-16-le",
        "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16",
    ),
}

_LABELS = {
    label: name for name, (_, labels) in _ENCODINGS.items() for label in [name, *labels.split()]
}


def decoder_of(label: str) -> tuple[str, Callable[[str], codecs.IncrementalDecoder]] | None:
    """The name of the encoding of a label, and what makes a decoder; None for an unknown label.

    The decoder takes `strict` or `replace` for what cannot be decoded.
    """
    name = _LABELS.get(label.strip(" \t\n\f\r").lower())
    if name is None:
        return None
    codec = _ENCODINGS[name][0]
    if codec.startswith("cp125") or codec == "cp874":
        return name, partial(_WindowsDecoder, codec)
    if name == "shift_jis":
        return name, _ShiftJisDecoder
    if codec == "gb18030":
        return name, _ChineseDecoder
    if name in _LEADS:
        return name, partial(_pair_decoder, name)
    if name == "x-user-defined":
        return name, _UserDefinedDecoder
    return name, codecs.getincrementaldecoder(codec)


class _WindowsDecoder(codecs.IncrementalDecoder):
    """Gives control characters for the bytes 0x80 to 0x9F that Python leaves undefined."""

    def __init__(self, codec: str, errors: str) -> None:
        super().__init__(errors)
        self._table = "".join(_character(byte, codec) for byte in range(256))

    def decode(self, data: ReadableBuffer, final: bool = False) -> str:
        return codecs.charmap_decode(data, self.errors, self._table)[0]


_LEADS = {
    "big5": range(0x81, 0xFF),
    "euc-jp": range(0xA1, 0xFF),
    "euc-kr": range(0x81, 0xFF),
    "gb18030": range(0x81, 0xFF),
    "shift_jis": (*range(0x81, 0xA0), *range(0xE0, 0xFD)),
}
"""Encoding → the bytes that a character of two begins with."""


def _pair_decoder(name: str, errors: str) -> codecs.IncrementalDecoder:
    """Takes both bytes of a pair that means nothing for one mistake, unless the second is ASCII."""
    if errors == "strict":
        return codecs.getincrementaldecoder(_ENCODINGS[name][0])(errors)
    handler = f"flarelocal-{name}"
    codecs.register_error(handler, partial(_replace_pair, _LEADS[name]))
    return codecs.getincrementaldecoder(_ENCODINGS[name][0])(handler)


def _replace_pair(leads: Collection[int], error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    start, data = error.start, error.object
    pair = data[start] in leads and data[start + 1 : start + 2] > b"\x7f"
    return "\ufffd", start + 1 + pair


class _ChineseDecoder(codecs.IncrementalDecoder):
    """Knows the byte 0x80 as the sign of the euro, and the places that characters have by now."""

    _MOVED = str.maketrans(
        "\ue78d\ue78e\ue78f\ue790\ue791\ue792\ue793\ue794\ue795\ue796"
        "\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864",
        "\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16\ufe17\ufe18\ufe19"
        "\u9fb4\u9fb5\u9fb6\u9fb7\u9fb8\u9fb9\u9fba\u9fbb",
    )

    def __init__(self, errors: str) -> None:
        super().__init__(errors)
        handler = f"flarelocal-chinese-{errors}"
        codecs.register_error(handler, partial(_replace_chinese, errors))
        self._decoder = codecs.getincrementaldecoder("gb18030")(handler)

    def decode(self, data: ReadableBuffer, final: bool = False) -> str:
        return self._decoder.decode(data, final).translate(self._MOVED)


def _replace_chinese(errors: str, error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    if error.object[error.start] == 0x80:
        return "\u20ac", error.start + 1
    if errors == "strict":
        raise error
    return _replace_pair(_LEADS["gb18030"], error)


_UNASSIGNED = re.compile("[\uf8f0-\uf8f3]")


class _ShiftJisDecoder(codecs.IncrementalDecoder):
    """Knows that the bytes 0xA0 and 0xFD to 0xFF mean nothing; Python gives them characters."""

    def __init__(self, errors: str) -> None:
        super().__init__(errors)
        self._decoder = _pair_decoder("shift_jis", errors)

    def decode(self, data: ReadableBuffer, final: bool = False) -> str:
        text = self._decoder.decode(data, final)
        if self.errors == "strict" and _UNASSIGNED.search(text):
            raise UnicodeError("the input is no Shift_JIS")
        return _UNASSIGNED.sub("\ufffd", text)


class _UserDefinedDecoder(codecs.IncrementalDecoder):
    """Keeps each byte beyond ASCII in a character of its own (Encoding Standard, 14.5)."""

    def decode(self, data: ReadableBuffer, final: bool = False) -> str:
        return "".join(chr(b if b < 0x80 else 0xF700 + b) for b in bytes(data))


def _character(byte: int, codec: str) -> str:
    text = bytes([byte]).decode(codec, "ignore")
    if text:
        return text
    return chr(byte) if 0x80 <= byte <= 0x9F else "\ufffe"
