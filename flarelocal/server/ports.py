"""Finding a port to listen on, by wrangler's rules."""

from __future__ import annotations

import errno
import socket

from flarelocal.emulator import StartError

__all__ = ["listen"]

_DEFAULT = 8787
_PROBED = range(_DEFAULT, _DEFAULT + 11)


def listen(ip: str, port: int | None) -> socket.socket:
    """A bound socket: on `port`, or where none is asked for on the first free one from 8787.

    Raises:
        StartError: the port is in use, or the address is not one of this machine.
    """
    if port is not None:
        return _bind(ip, port)
    for candidate in _PROBED:
        try:
            return _bind(ip, candidate)
        except StartError:
            continue
    return _bind(ip, 0)


def _bind(ip: str, port: int) -> socket.socket:
    host = "0.0.0.0" if ip == "*" else ip
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host.encode(), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        made = socket.socket(family, kind, protocol)
    except OSError as error:
        raise StartError(f"{ip}: not an address to listen on ({error}): correct --ip") from error
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(2048)
    except OSError as error:
        made.close()
        if error.errno == errno.EADDRINUSE:
            raise StartError(
                f"Address already in use ({ip}:{port}). Please check that you are not already "
                "running a server on this address or specify a different port with --port."
            ) from error
        raise StartError(
            f"{ip}:{port}: cannot listen there ({error}): correct --ip or --port"
        ) from error
    return made
