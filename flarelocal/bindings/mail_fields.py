"""The fields by which programs describe a mail (workerd, types/defines/email.d.ts)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from flarelocal.dataclass import dataclass
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.signature import Options, properties_of, usv_string
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.source import as_bytes

__all__ = ["MailFields", "address_of", "addresses_of", "fields_of"]

_ADDRESS = re.compile(r"<([^>]+)>$")
_PLAIN = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class MailFields:
    """What is said of a mail besides who gets it.

    Attributes:
        headers: those that the program asks for, and the ones that the fields stand for.
        attachments: name, media type and content of each.
    """

    sender: str
    subject: str
    text: str | None
    html: str | None
    headers: dict[str, str]
    attachments: Sequence[tuple[str, str, bytes]]


def fields_of(mail: Options) -> MailFields:
    """The fields of a mail.

    Raises:
        JsError: TypeError; one is not what it should be.
    """
    subject, text, html = (_text(mail.get(name)) for name in ("subject", "text", "html"))
    given = properties_of(mail.get("headers")) or {}
    headers = {"From": _shown(mail.get("from")), "Subject": subject or ""}
    if (reply_to := mail.get("replyTo")) is not None:
        headers["Reply-To"] = _shown(reply_to)
    headers |= {name: usv_string(value) for name, value in given.items()}
    return MailFields(
        address_of(mail.get("from")),
        subject or "",
        text,
        html,
        headers,
        [_attachment(each) for each in _several(mail.get("attachments"))],
    )


def addresses_of(mail: Options, name: str) -> Iterator[str]:
    """The addresses in a field."""
    return map(address_of, _several(mail.get(name)))


def address_of(value: Value) -> str:
    """The bare address of `"Name" <address>`, `address`, or an object with `email`."""
    fields = None if value is None or value is null else properties_of(value)
    text = usv_string(value if fields is None else fields.get("email")).strip()
    found = _ADDRESS.search(text)
    return found[1].strip() if found else text


def _shown(value: Value) -> str:
    fields = None if value is None or value is null else properties_of(value)
    if fields is None:
        return usv_string(value)
    address = usv_string(fields.get("email"))
    name = _text(fields.get("name"))
    return f'"{name}" <{address}>' if name else address


def _attachment(value: Value) -> tuple[str, str, bytes]:
    fields = properties_of(value)
    if not fields:
        raise type_error("An attachment is an object with filename, type and content.")
    content = fields.get("content")
    data = content.encode() if isinstance(content, str) else as_bytes(content)
    kind = _text(fields.get("type")) or _PLAIN
    return _text(fields.get("filename")) or "", kind, data


def _text(value: Value) -> str | None:
    return None if value is None or value is null else usv_string(value)


def _several(value: Value) -> Sequence[Value]:
    if isinstance(value, list):
        return value
    return () if value is None or value is null else (value,)
