"""What requests can be sent by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flarelocal.javascript.host import HostObject

if TYPE_CHECKING:
    from flarelocal.javascript.web.request import Request
    from flarelocal.javascript.web.response import Response

__all__ = ["Sender"]


class Sender(HostObject):
    """Base of the objects that requests can be sent by: service bindings and stubs."""

    __slots__ = ()

    async def send(self, request: Request) -> Response:
        """Have the other side answer; follow redirects."""
        raise NotImplementedError
