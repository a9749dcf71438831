"""The module `cloudflare:email` (workerd, types/defines/email.d.ts)."""

from __future__ import annotations

from typing import Annotated

from flarelocal.javascript.function import constructor_of_class
from flarelocal.javascript.host import HostObject, getter
from flarelocal.javascript.signature import USVString
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.response import Response

__all__ = ["CloudflareEmail", "EmailMessage"]


class EmailMessage(HostObject, constructible=True):
    """A mail that a Worker wrote itself, in its envelope.

    Attributes:
        raw: a text, bytes, or a stream of them.
    """

    __slots__ = ("_sender", "_to", "raw")

    def __init__(
        self,
        sender: USVString,
        to: USVString,
        raw: Annotated[Value, "ReadableStream or string"],
    ) -> None:
        self._sender = sender
        self._to = to
        self.raw = raw

    @getter(name="from", own=True)
    def sender(self) -> str:
        return self._sender

    @getter(own=True)
    def to(self) -> str:
        return self._to

    async def read(self) -> bytes:
        """What the mail consists of.

        Raises:
            JsError: TypeError for a stream that was read.
        """
        return await Response(self.raw).read()


class CloudflareEmail(HostObject, js_name="Module"):
    """What the module shows."""

    __slots__ = ()

    @getter(name="EmailMessage", own=True)
    def email_message(self) -> Value:
        return constructor_of_class(EmailMessage)
