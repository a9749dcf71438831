"""What the event loop of a Worker refuses: there are no processes, signals, pipes or servers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flarelocal.clock import Clock

__all__ = ["without_what_workers_lack"]

L = TypeVar("L", bound=type)

_DESCRIPTORS = "lack of POSIX file descriptors"
_SOCKETS = "restricted raw socket access"
_UNIX = "absence of Unix domain sockets"
_PIPES = "absence of OS pipes"
_PROCESSES = "absence of OS process APIs"
_SIGNALS = "lack of POSIX signals"

_REASONS = {
    "add_reader": _DESCRIPTORS,
    "add_signal_handler": _SIGNALS,
    "add_writer": _DESCRIPTORS,
    "connect_accepted_socket": _SOCKETS,
    "connect_read_pipe": _PIPES,
    "connect_write_pipe": _PIPES,
    "create_datagram_endpoint": _SOCKETS,
    "create_server": _SOCKETS,
    "create_unix_connection": _UNIX,
    "create_unix_server": _UNIX,
    "remove_reader": _DESCRIPTORS,
    "remove_signal_handler": _SIGNALS,
    "remove_writer": _DESCRIPTORS,
    "sendfile": "missing OS file descriptors and zero-copy facilities",
    "sock_accept": _SOCKETS,
    "sock_recvfrom": _SOCKETS,
    "sock_recvfrom_into": _SOCKETS,
    "sock_sendfile": "missing OS file descriptors and zero-copy facilities",
    "sock_sendto": _SOCKETS,
    "subprocess_exec": _PROCESSES,
    "subprocess_shell": _PROCESSES,
}
"""Method → why there is none of it (Pyodide 314, `webloop.py`; older versions give no reason)."""


def without_what_workers_lack(loop: L) -> L:
    """Have these methods of a loop raise NotImplementedError within an invocation."""
    for name, reason in _REASONS.items():
        setattr(loop, name, _refusing(getattr(loop, name), name, reason))
    return loop


def _refusing(usual: Callable[..., Any], name: str, reason: str) -> Callable[..., Any]:
    def method(loop: Any, *arguments: Any, **options: Any) -> Any:
        if Clock.current() is None:
            return usual(loop, *arguments, **options)
        raise NotImplementedError(
            f"{name}() is not available in browser environments due to {reason}."
        )

    method.__name__ = name
    return method
