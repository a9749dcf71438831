"""The WebSocket protocol, by the `websockets` library; closes are left to the program."""

from __future__ import annotations

from collections.abc import Generator

from websockets.client import ClientProtocol
from websockets.exceptions import PayloadTooBig
from websockets.extensions.permessage_deflate import (
    ClientPerMessageDeflateFactory,
    ServerPerMessageDeflateFactory,
)
from websockets.frames import Close as CloseFrame
from websockets.frames import CloseCode, Frame, Opcode
from websockets.protocol import OPEN, Protocol, State
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol
from websockets.uri import WebSocketURI

from flarelocal.sockets.connection import NO_STATUS, Broken, Close

__all__ = ["ClientCodec", "Codec", "ServerCodec"]


class Codec(Protocol):
    """One side of a connection, of which each direction is closed by itself.

    The library answers a close at once; in the runtime that is up to the program (workerd,
    api/web-socket.c++).
    """

    def recv_frame(self, frame: Frame) -> None:
        """Take a frame from the network."""
        if frame.opcode is not Opcode.CLOSE or self.state is not OPEN:
            super().recv_frame(frame)
            return
        self.close_rcvd = CloseFrame.parse(bytes(frame.data))
        self.parser = self._ignore()
        next(self.parser)
        self.events.append(frame)

    def _ignore(self) -> Generator[None, None, None]:
        """Drop what comes after a close."""
        while not (yield from self.reader.at_eof()):
            self.reader.discard()
        yield

    def fail(self, code: CloseCode | int, reason: str = "") -> None:
        """End the connection because the other side violated the protocol."""
        super().fail(code, "Message is too large" if code == CloseCode.MESSAGE_TOO_BIG else reason)

    def close(self, close: Close) -> None:
        """Send a close, be it the first one or the answer to one."""
        if self.state is not OPEN:
            return
        sent = CloseFrame(close.code, close.reason)
        self.send_frame(Frame(Opcode.CLOSE, b"" if close.code == NO_STATUS else sent.serialize()))
        self.close_sent = sent
        self.state = State.CLOSING

    @property
    def closed(self) -> bool:
        """Whether both sides have sent a close."""
        return self.close_sent is not None and self.close_rcvd is not None

    @property
    def violation(self) -> Broken | None:
        """How the other side violated the protocol, if it did."""
        failure = self.parser_exc
        if failure is None or isinstance(failure, EOFError):
            return None
        code = self.close_sent.code if self.close_sent else CloseCode.PROTOCOL_ERROR
        text = str(failure)
        if isinstance(failure, PayloadTooBig):
            text = "Message is too large"
            if failure.size is not None:
                text += f": {failure.size + (failure.current_size or 0)} > {failure.max_size}"
        return Broken(
            f"WebSocket protocol error; protocolError.statusCode = {int(code)}; "
            f"protocolError.description = {text}"
        )


class ServerCodec(Codec, ServerProtocol):
    """The side that was connected to."""

    def __init__(self, *, largest: int, compress: bool) -> None:
        extensions = [ServerPerMessageDeflateFactory()] if compress else None
        ServerProtocol.__init__(self, extensions=extensions, max_size=largest)


class ClientCodec(Codec, ClientProtocol):
    """The side that connects."""

    def __init__(
        self, uri: WebSocketURI, protocols: list[str], *, largest: int, compress: bool
    ) -> None:
        ClientProtocol.__init__(
            self,
            uri,
            extensions=[ClientPerMessageDeflateFactory()] if compress else None,
            subprotocols=[Subprotocol(name) for name in protocols] or None,
            max_size=largest,
        )
