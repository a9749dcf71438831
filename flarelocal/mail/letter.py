"""A mail as it is sent: headers, texts and what is attached."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from email.utils import getaddresses

from flarelocal.dataclass import dataclass

__all__ = ["Letter", "MailError", "compose", "parse"]

_FOLD = re.compile(r"\r?\n[ \t]*")


class MailError(Exception):
    """A mail is refused; the text is that of Email Routing."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that was read.

    Attributes:
        headers: each with its value in one line, not decoded.
        sender: the address of From, "" for none.
        recipients: the addresses of To.
        message_id: with its angle brackets, as are the other ids; None for none.
        attachments: the names of the files.
    """

    raw: bytes
    headers: Sequence[tuple[str, str]]
    sender: str
    recipients: Sequence[str]
    subject: str
    text: str | None
    html: str | None
    message_id: str | None
    in_reply_to: str | None
    references: str | None
    attachments: Sequence[str]

    def header(self, name: str) -> str | None:
        """The first header of a name; None for none."""
        return next((value for key, value in self.headers if key.lower() == name), None)


def parse(raw: bytes) -> Letter:
    """Read a mail.

    Raises:
        MailError: it has no headers.
    """
    read = email.message_from_bytes(raw, EmailMessage, policy=email.policy.default)
    headers = [(name, _FOLD.sub(" ", value).strip()) for name, value in read.raw_items()]
    if not headers:
        raise MailError("there are no headers")
    first = dict(reversed([(name.lower(), value) for name, value in headers]))
    senders = _addresses(first.get("from"))
    return Letter(
        raw,
        headers,
        senders[0] if senders else "",
        _addresses(first.get("to")),
        str(read["subject"] or ""),
        _text(read, "plain"),
        _text(read, "html"),
        first.get("message-id") or None,
        first.get("in-reply-to") or None,
        first.get("references") or None,
        [part.get_filename() or "" for part in read.iter_attachments()],
    )


def compose(
    headers: Mapping[str, str],
    text: str | None,
    html: str | None = None,
    attachments: Sequence[tuple[str, str, bytes]] = (),
) -> bytes:
    """Write a mail.

    Args:
        attachments: name, media type and content of each.

    Raises:
        MailError: a header cannot be written.
    """
    made = EmailMessage(policy=email.policy.SMTP)
    try:
        for name, value in headers.items():
            made[name] = value
    except ValueError as wrong:
        raise MailError(f"a header cannot be written: {wrong}") from None
    if text is not None or html is None:
        made.set_content(text or "")
    if html is not None:
        if text is None:
            made.set_content(html, subtype="html")
        else:
            made.add_alternative(html, subtype="html")
    for name, kind, content in attachments:
        main, _, sub = kind.partition("/")
        made.add_attachment(content, maintype=main, subtype=sub or "octet-stream", filename=name)
    return made.as_bytes()


def _addresses(value: str | None) -> list[str]:
    return [] if value is None else [address for _, address in getaddresses([value]) if address]


def _text(read: EmailMessage, kind: str) -> str | None:
    body = read.get_body((kind,))
    if body is None:
        return None
    try:
        return str(body.get_content())
    except LookupError:
        # Of a character set that Python does not know.
        return str(body.get_payload())
