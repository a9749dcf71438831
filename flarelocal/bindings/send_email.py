"""Mail that a Worker sends: it is kept in the journal (Cloudflare docs, "Send emails")."""

from __future__ import annotations

import random
from collections.abc import Sequence

from flarelocal.bindings.cloudflare_email import EmailMessage
from flarelocal.bindings.mail_fields import address_of, addresses_of, fields_of
from flarelocal.config.bindings import SendEmail
from flarelocal.javascript.errors import error, type_error
from flarelocal.javascript.host import HostObject, method
from flarelocal.javascript.promise import run
from flarelocal.javascript.signature import Options, properties_of
from flarelocal.javascript.values import Value, null
from flarelocal.journal import Journal
from flarelocal.mail.events import EmailSent

__all__ = ["SendEmailBinding"]


class SendEmailBinding(HostObject, js_name="Fetcher", io=True):
    """Checks addresses as the binding is configured, and remembers the mail."""

    __slots__ = ("_config", "_journal", "_random")

    def __init__(self, config: SendEmail, journal: Journal, random: random.Random) -> None:
        self._config = config
        self._journal = journal
        self._random = random

    @method(promise=True)
    def send(self, message: Value) -> Value:
        """Send an EmailMessage, or a mail that an object describes."""
        if isinstance(message, EmailMessage):
            self._check(message.sender, [message.to])
            return run(self._send_raw(message))
        mail = None if message is None or message is null else properties_of(message)
        if not mail:
            raise type_error("send() takes an object with from, to, subject, and text or html.")
        return self._send_described(mail)

    def _send_described(self, mail: Options) -> Value:
        self._check(address_of(mail.get("from")), list(addresses_of(mail, "to")))
        fields = fields_of(mail)
        recipients = [each for name in ("to", "cc", "bcc") for each in addresses_of(mail, name)]
        message_id = self._new_id(fields.sender)
        self._journal.record(
            EmailSent(
                self._config.binding,
                fields.sender,
                recipients,
                fields.subject,
                fields.text,
                fields.html,
                message_id,
                [name for name, _, _ in fields.attachments],
            )
        )
        return {"messageId": message_id}

    async def _send_raw(self, message: EmailMessage) -> Value:
        from flarelocal.mail.letter import MailError
        from flarelocal.mail.reply import check_outgoing

        sender, recipient = message.sender, message.to
        raw = await message.read()
        try:
            letter = check_outgoing(sender, raw)
        except MailError as refused:
            raise error(str(refused)) from None
        message_id = self._new_id(sender)
        self._journal.record(
            EmailSent(
                self._config.binding,
                sender,
                [recipient],
                letter.subject,
                letter.text,
                letter.html,
                message_id,
                letter.attachments,
                raw.decode("utf-8", "replace"),
            )
        )
        return {"messageId": message_id}

    def _check(self, sender: str, recipients: Sequence[str]) -> None:
        config = self._config
        _require("from", sender, config.allowed_sender_addresses)
        for address in recipients:
            if config.destination_address is not None:
                _require("to", address, (config.destination_address,))
            _require("to", address, config.allowed_destination_addresses)

    def _new_id(self, sender: str) -> str:
        from flarelocal.mail.delivery import new_message_id

        return new_message_id(sender, self._random)


def _require(way: str, address: str, allowed: Sequence[str] | None) -> None:
    if allowed is not None and address not in allowed:
        raise error(f"email {way} {address} not allowed")
