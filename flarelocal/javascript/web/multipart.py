"""A FormData as a body: `multipart/form-data` both ways, and the url-encoded form."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from flarelocal.javascript.errors import JsError, type_error
from flarelocal.javascript.web.blob import File
from flarelocal.javascript.web.decoding import decode_utf8
from flarelocal.javascript.web.form_data import Entry, FormData
from flarelocal.javascript.web.media_type import MediaType
from flarelocal.javascript.web.url_search_params import form_decode

__all__ = ["decode", "encode", "new_boundary"]

_HEADER_END = re.compile(rb"\r?\n\r?\n")
_DISPOSITION = re.compile(r'\s*([\w-]+)\s*((?:;\s*[\w*-]+\s*=\s*"(?:[^"\n\\]|\\[^\n])+"\s*)*)$')
_PARAMETER = re.compile(r';\s*([\w*-]+)\s*=\s*"((?:[^"\n\\]|\\[^\n])+)"')
_INCOMPLETE = re.compile(rb"%(?![0-9A-Fa-f]{2})([0-9A-Fa-f]?)")
_UTF8 = frozenset({"utf-8", "utf8", "unicode-1-1-utf-8"})
_URL_ENCODED = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"


def _completed(escape: re.Match[bytes]) -> bytes:
    """An escape with less than two digits, as the runtime reads it in a form."""
    return b"%0" + escape[1] if escape[1] else b""


def new_boundary() -> str:
    """A boundary that will not occur in any part."""
    return os.urandom(16).hex()


def encode(form: FormData, boundary: str) -> bytes:
    """The form as `multipart/form-data`.

    Raises:
        JsError: TypeError for a name that ends with a backslash.
    """
    parts: list[bytes] = []
    for name, value in form.items():
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{_escaped(name)}"'
        if isinstance(value, File):
            media_type = value.type or "application/octet-stream"
            head += f'; filename="{_escaped(value.name)}"\r\nContent-Type: {media_type}'
            data = value.data
        else:
            data = value.encode("utf-8", "replace")
        parts += (head.encode("utf-8", "replace"), b"\r\n\r\n", data, b"\r\n")
    return b"".join([*parts, f"--{boundary}--\r\n".encode()])


def _escaped(text: str) -> str:
    if text.endswith("\\"):
        raise type_error("Name or filename can't end with backslash")
    return text.replace("\\", "\\\\").replace('"', "%22").replace("\n", "%0A")


def decode(data: bytes, content_type: str) -> FormData:
    """The form of a body.

    Raises:
        JsError: TypeError for another media type than the two of forms, and for broken parts.
    """
    media_type = MediaType.parse(content_type)
    if media_type and media_type.essence == _MULTIPART:
        boundary = media_type.parameters.get("boundary")
        if boundary is None:
            raise type_error(
                "No boundary string in Content-Type header. The multipart/form-data MIME type"
                " requires a boundary parameter, e.g. 'Content-Type: multipart/form-data;"
                ' boundary="abcd"\'. See RFC 7578, section 4.'
            )
        return FormData.of(list(_parts(data, boundary.encode())))
    if media_type and media_type.essence == _URL_ENCODED:
        if media_type.parameters.get("charset", "utf-8").lower() not in _UTF8:
            raise type_error("Non-utf-8 application/x-www-form-urlencoded body.")
        text = decode_utf8(_INCOMPLETE.sub(_completed, data))
        return FormData.of([(name, value) for name, value in form_decode(text)])
    raise type_error(
        "Unrecognized Content-Type header value. FormData can only parse the following MIME types:"
        f" {_MULTIPART}, {_URL_ENCODED}"
    )


def _parts(data: bytes, boundary: bytes) -> Iterator[tuple[str, Entry]]:
    delimiter = b"\n--" + boundary
    at = data.find(delimiter[1:])
    if at < 0 or at + len(delimiter) - 1 >= len(data):
        raise type_error("No initial boundary string (or you have a truncated message).")
    at += len(delimiter) - 1
    while (start := _after_boundary(data, at)) is not None:
        headers_end = _HEADER_END.search(data, start)
        if headers_end is None:
            raise type_error("No multipart message header termination found.")
        headers = _headers(data[start : headers_end.start()])
        body = headers_end.end()
        # The line feed before the delimiter may be that of the header's end: an empty part.
        end = data.find(delimiter, body)
        if data.startswith(delimiter[1:], body):
            end = body - 1
        if end < 0:
            raise type_error("No subsequent boundary string after multipart message.")
        at = end + len(delimiter)
        content = data[body : max(body, end)]
        yield _entry(headers, content[:-1] if content.endswith(b"\r") else content)


def _after_boundary(data: bytes, at: int) -> int | None:
    """Where the next part begins; None after the last boundary."""
    if data.startswith(b"\n", at):
        return at + 1
    if data.startswith(b"\r\n", at):
        return at + 2
    if data.startswith(b"--", at):
        return None
    raise type_error("Boundary string was not succeeded by CRLF, LF, or '--'.")


def _headers(data: bytes) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in data.decode("utf-8", "replace").splitlines():
        name, colon, value = line.partition(":")
        if not colon:
            raise type_error("FormData part had invalid headers.")
        headers[name.strip().lower()] = value.strip()
    return headers


def _entry(headers: dict[str, str], content: bytes) -> tuple[str, Entry]:
    disposition = headers.get("content-disposition")
    if disposition is None:
        raise type_error("No valid Content-Disposition header found in FormData part.")
    found = _DISPOSITION.match(disposition)
    if found is None:
        raise type_error("Invalid Content-Disposition header found in FormData part.")
    if found[1] != "form-data":
        raise _other_disposition(found[1])
    parameters = {
        name: re.sub(r"\\(.)", r"\1", value) for name, value in _PARAMETER.findall(found[2])
    }
    name, filename = parameters.get("name"), parameters.get("filename")
    if name is None:
        raise type_error("Content-Disposition header in FormData part is missing a name.")
    if filename is None:
        return name, content.decode("utf-8", "replace")
    return name, File.named(content, filename, headers.get("content-type", ""))


def _other_disposition(found: str) -> JsError:
    return type_error(
        'Content-Disposition header for FormData part must have the value "form-data", possibly'
        f' followed by parameters. Got: "{found}"'
    )
