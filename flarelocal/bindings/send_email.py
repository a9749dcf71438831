"""Mail that a Worker sends: it is kept in the journal (Cloudflare docs, "Send emails")."""

from __future__ import annotations

import random
import re
import string
from collections.abc import Sequence

from flarelocal.config.bindings import SendEmail
from flarelocal.dataclass import dataclass
from flarelocal.javascript.errors import error, type_error
from flarelocal.javascript.host import HostObject, method
from flarelocal.javascript.signature import properties_of, usv_string
from flarelocal.javascript.values import Value, null
from flarelocal.journal import Event, Journal

__all__ = ["EmailSent", "SendEmailBinding"]

_ADDRESS = re.compile(r"<([^>]+)>$")
_ID_LENGTH = 36


@dataclass(frozen=True, slots=True)
class EmailSent(Event):
    """A mail that would have left."""

    binding: str
    sender: str
    recipients: Sequence[str]
    subject: str
    text: str | None
    html: str | None
    message_id: str


class SendEmailBinding(HostObject, js_name="Fetcher", io=True):
    """Checks addresses as the binding is configured, and remembers the mail."""

    __slots__ = ("_config", "_journal", "_random")

    def __init__(self, config: SendEmail, journal: Journal, random: random.Random) -> None:
        self._config = config
        self._journal = journal
        self._random = random

    @method(promise=True)
    def send(self, message: Value) -> Value:
        """Send a mail that is described by `from`, `to`, `subject`, `text` and `html`."""
        mail = None if message is None or message is null else properties_of(message)
        if not mail:
            raise type_error("send() takes an object with from, to, subject, and text or html.")
        sender = _address(mail.get("from"))
        self._check("from", sender, self._config.allowed_sender_addresses)
        recipients = [
            _address(each) for name in ("to", "cc", "bcc") for each in _several(mail.get(name))
        ]
        for address in map(_address, _several(mail.get("to"))):
            if self._config.destination_address is not None:
                self._check("to", address, (self._config.destination_address,))
            self._check("to", address, self._config.allowed_destination_addresses)
        letters = self._random.choices(string.ascii_letters + string.digits, k=_ID_LENGTH)
        message_id = f"<{''.join(letters)}@{sender.rpartition('@')[2]}>"
        texts = [mail.get(name) for name in ("subject", "text", "html")]
        subject, text, html = (None if each is None else usv_string(each) for each in texts)
        self._journal.record(
            EmailSent(
                self._config.binding, sender, recipients, subject or "", text, html, message_id
            )
        )
        return {"messageId": message_id}

    def _check(self, way: str, address: str, allowed: Sequence[str] | None) -> None:
        if allowed is not None and address not in allowed:
            raise error(f"email {way} {address} not allowed")


def _several(value: Value) -> Sequence[Value]:
    if isinstance(value, list):
        return value
    return () if value is None or value is null else (value,)


def _address(value: Value) -> str:
    fields = properties_of(value)
    text = usv_string((fields or {}).get("email") if fields is not None else value).strip()
    found = _ADDRESS.search(text)
    return found[1].strip() if found else text
