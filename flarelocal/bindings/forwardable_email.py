"""The argument of `email`: a mail that arrived (workerd, types/defines/email.d.ts)."""

from __future__ import annotations

from flarelocal.bindings.cloudflare_email import EmailMessage
from flarelocal.bindings.mail_fields import fields_of
from flarelocal.javascript.errors import error, type_error
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.promise import run
from flarelocal.javascript.signature import Options, USVString, properties_of
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.headers import Headers
from flarelocal.javascript.web.readable import ReadableStream
from flarelocal.mail.delivery import Delivery
from flarelocal.mail.letter import MailError, compose

__all__ = ["ForwardableEmailMessage"]


class ForwardableEmailMessage(HostObject, io=True):
    """A mail that can be read once, sent on, answered and refused."""

    __slots__ = ("_delivery", "_headers", "_raw")

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery
        letter = delivery.letter
        self._headers = Headers.of([(name.lower(), value) for name, value in letter.headers])
        self._raw = ReadableStream.of_bytes(letter.raw)

    @getter(name="from", own=True)
    def sender(self) -> str:
        return self._delivery.sender

    @getter(own=True)
    def to(self) -> str:
        return self._delivery.recipient

    @getter(own=True)
    def headers(self) -> Headers:
        return self._headers

    @getter(own=True)
    def raw(self) -> ReadableStream:
        return self._raw

    @getter(own=True)
    def raw_size(self) -> int:
        return len(self._delivery.letter.raw)

    @getter(own=True)
    def can_be_forwarded(self) -> bool:
        return True

    @method
    def set_reject(self, reason: USVString) -> None:
        """Refuse the mail."""
        self._delivery.reject(reason)

    @method(promise=True)
    def forward(self, recipient: USVString, headers: Value = None) -> Value:
        """Send the mail on."""
        given = [] if headers is None or headers is null else Headers(headers).combined()
        return {"messageId": self._delivery.forward(recipient, given)}

    @method(promise=True)
    def reply(self, message: Value) -> Value:
        """Answer the mail, with an EmailMessage or a mail that an object describes."""
        if isinstance(message, EmailMessage):
            return run(self._reply(message))
        mail = None if message is None or message is null else properties_of(message)
        if not mail:
            raise type_error(
                "reply() takes an EmailMessage, or an object with from, subject, and text or html: "
                "pass a dict as to_js(…, dict_converter=Object.fromEntries)"
            )
        return self._answer(*self._composed(mail))

    async def _reply(self, message: EmailMessage) -> Value:
        raw = await message.read()
        return self._answer(message.sender, raw)

    def _composed(self, mail: Options) -> tuple[str, bytes]:
        fields = fields_of(mail)
        original = self._delivery.letter
        known = f"{original.message_id} {original.references or ''}".rstrip()
        headers = fields.headers | {
            "To": self._delivery.sender,
            "Message-ID": self._delivery.new_id(),
            "In-Reply-To": original.message_id or "",
            "References": known,
        }
        return fields.sender, compose(headers, fields.text, fields.html, fields.attachments)

    def _answer(self, sender: str, raw: bytes) -> Value:
        try:
            return {"messageId": self._delivery.reply(sender, raw)}
        except MailError as refused:
            raise error(str(refused)) from None
