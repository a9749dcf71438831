"""TextEncoder, TextDecoder, their streams, `btoa` and `atob`."""

from __future__ import annotations

import base64
import re
from typing import Annotated

from flarelocal.javascript.binary import TypedArray, Uint8Array, bytes_of, is_buffer_source
from flarelocal.javascript.errors import dom_exception, range_error, type_error
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.signature import (
    NO_OPTIONS,
    Options,
    properties_of,
    refused,
    to_boolean,
    usv_string,
)
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.encoding_labels import decoder_of
from flarelocal.javascript.web.transform import (
    HostTransformer,
    TransformStream,
    TransformStreamDefaultController,
)

__all__ = [
    "TextDecoder",
    "TextDecoderStream",
    "TextEncoder",
    "TextEncoderStream",
    "atob",
    "btoa",
]

_NOT_BASE64 = re.compile("[^A-Za-z0-9+/]")


class TextEncoder(HostObject, constructible=True):
    """Texts as UTF-8."""

    __slots__ = ()

    def __init__(self) -> None:
        """There is nothing to choose."""

    @getter
    def encoding(self) -> str:
        return "utf-8"

    @method
    def encode(self, text: Value = "") -> TypedArray:
        data = b"" if text is None else usv_string(text).encode()
        return Uint8Array.of_bytes(bytearray(data))

    @method
    def encode_into(self, text: str, target: Annotated[Value, "Uint8Array"]) -> Value:
        if getattr(target, "js_name", None) != "Uint8Array":
            raise refused("TextEncoder", "encodeInto", 1, "Uint8Array")
        memory = target.writable_memory
        read = written = 0
        for character in usv_string(text):
            data = character.encode()
            if written + len(data) > len(memory):
                break
            memory[written : written + len(data)] = data
            written += len(data)
            read += 2 if len(data) == 4 else 1
        return {"read": read, "written": written}


class _Decoder:
    """Decodes bytes that come piece by piece."""

    __slots__ = ("_decoder", "_fatal", "_ignore_bom", "_make", "_started", "name")

    def __init__(self, label: str, fatal: bool, ignore_bom: bool) -> None:
        found = decoder_of(label)
        if found is None:
            raise range_error(f'"{label}" is not a valid encoding.')
        self.name, self._make = found
        self._fatal, self._ignore_bom = fatal, ignore_bom
        self._restart()

    def _restart(self) -> None:
        errors = "strict" if self._fatal else "replace"
        self._decoder = self._make(errors)
        self._started = False

    def decode(self, data: bytes, *, final: bool) -> str:
        try:
            text = self._decoder.decode(data, final)
        except UnicodeError:
            self._restart()
            raise type_error("Failed to decode input.") from None
        if text and not self._started:
            self._started = True
            if not self._ignore_bom:
                text = text.removeprefix("\ufeff")
        if final:
            self._restart()
        return text


class TextDecoder(HostObject, constructible=True):
    """Bytes as texts (workerd, api/encoding.c++)."""

    __slots__ = ("_decoder", "_fatal", "_ignore_bom")

    def __init__(
        self,
        label: str = "utf-8",
        options: Value = None,
    ) -> None:
        given = _options_of(options, "", "ConstructorOptions")
        self._fatal = to_boolean(given.get("fatal"))
        self._ignore_bom = to_boolean(given.get("ignoreBOM"))
        self._decoder = _Decoder(label, self._fatal, self._ignore_bom)

    @getter
    def encoding(self) -> str:
        return self._decoder.name

    @getter
    def fatal(self) -> bool:
        return self._fatal

    @getter(name="ignoreBOM")
    def ignore_bom(self) -> bool:
        return self._ignore_bom

    @method
    def decode(self, data: Value = None, options: Value = None) -> str:
        if data is not None and not is_buffer_source(data):
            raise refused("TextDecoder", "decode", 0, "Array")
        stream = to_boolean(_options_of(options, "decode", "DecodeOptions").get("stream"))
        return self._decoder.decode(b"" if data is None else bytes_of(data), final=not stream)


def _options_of(value: Value, member: str, name: str) -> Options:
    """The options of a member of TextDecoder, whose type has no optional members."""
    if value is None:
        return NO_OPTIONS
    if value is null:
        raise type_error(
            f"Cannot initialize N7workerd3api11TextDecoder{len(name)}{name}E with required members"
            " from an undefined or null value."
        )
    options = properties_of(value)
    if options is None:
        raise refused("TextDecoder", member, 1, name)
    return options


class _Encoding(HostTransformer):
    """Texts in, UTF-8 out; a surrogate pair may be cut in two."""

    __slots__ = ("_high",)

    def __init__(self) -> None:
        self._high = ""

    def transform(self, chunk: Value, controller: TransformStreamDefaultController) -> Value:
        text = self._high + to_string(chunk)
        self._high = ""
        if text and "\ud800" <= text[-1] <= "\udbff":
            text, self._high = text[:-1], text[-1]
        if text:
            controller.enqueue(Uint8Array.of_bytes(usv_string(text).encode()))
        return None

    def flush(self, controller: TransformStreamDefaultController) -> Value:
        if self._high:
            controller.enqueue(Uint8Array.of_bytes("\ufffd".encode()))
        return None


class TextEncoderStream(TransformStream, constructible=True):
    """Texts in, UTF-8 out."""

    __slots__ = ()

    def __init__(self) -> None:
        self._connect(_Encoding())

    @getter
    def encoding(self) -> str:
        return "utf-8"


class _Decoding(HostTransformer):
    """Bytes in, texts out."""

    __slots__ = ("_decoder",)

    def __init__(self, decoder: _Decoder) -> None:
        self._decoder = decoder

    def transform(self, chunk: Value, controller: TransformStreamDefaultController) -> Value:
        if not is_buffer_source(chunk):
            raise type_error(
                "This TransformStream is being used as a byte stream, but received a value that is"
                " not a BufferSource."
            )
        text = self._decoder.decode(bytes_of(chunk), final=False)
        if text:
            controller.enqueue(text)
        return None

    def flush(self, controller: TransformStreamDefaultController) -> Value:
        text = self._decoder.decode(b"", final=True)
        if text:
            controller.enqueue(text)
        return None


class TextDecoderStream(TransformStream, constructible=True):
    """Bytes in, texts out."""

    __slots__ = ("_decoder", "_fatal", "_ignore_bom")

    def __init__(self, label: str = "utf-8", options: Options = NO_OPTIONS) -> None:
        self._fatal = to_boolean(options.get("fatal"))
        self._ignore_bom = to_boolean(options.get("ignoreBOM"))
        self._decoder = _Decoder(label, self._fatal, self._ignore_bom)
        self._connect(_Decoding(self._decoder))

    @getter
    def encoding(self) -> str:
        return self._decoder.name

    @getter
    def fatal(self) -> bool:
        return self._fatal

    @getter(name="ignoreBOM")
    def ignore_bom(self) -> bool:
        return self._ignore_bom


def btoa(value: Value) -> str:
    """The base64 of a text of Latin-1 characters.

    Raises:
        JsError: InvalidCharacterError for any other character.
    """
    try:
        data = to_string(value).encode("latin-1")
    except UnicodeEncodeError:
        raise dom_exception(
            "btoa() can only operate on characters in the Latin1 (ISO/IEC 8859-1) range.",
            "InvalidCharacterError",
        ) from None
    return base64.b64encode(data).decode()


def atob(value: Value) -> str:
    """The text of Latin-1 characters of a base64.

    Raises:
        JsError: InvalidCharacterError where it is no base64.
    """
    text = re.sub("[ \t\n\f\r]", "", "null" if value is null else to_string(value))
    if len(text) % 4 == 0:
        text = text.removesuffix("=").removesuffix("=")
    if len(text) % 4 == 1 or _NOT_BASE64.search(text):
        raise dom_exception(
            "atob() called with invalid base64-encoded data. (Only whitespace, '+', '/',"
            " alphanumeric ASCII, and up to two terminal '=' signs when the input data length is"
            " divisible by 4 are allowed.)",
            "InvalidCharacterError",
        )
    return base64.b64decode(text + "=" * (-len(text) % 4)).decode("latin-1")
