"""Objects on disk, without the code that they belong to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from contextvars import Context
from pathlib import Path
from random import SystemRandom
from typing import Any, NoReturn

from flarelocal.clock import SystemClock
from flarelocal.durable_objects.actor import Actor
from flarelocal.durable_objects.alarm_info import AlarmInfo
from flarelocal.durable_objects.errors import DurableObjectError
from flarelocal.durable_objects.limits import Limits
from flarelocal.durable_objects.namespace import Namespace
from flarelocal.durable_objects.sockets import HibernatableSocket
from flarelocal.journal import Journal
from flarelocal.sockets.connection import Frame

__all__ = ["dormant_namespaces"]


@asynccontextmanager
async def dormant_namespaces(directory: Path) -> AsyncIterator[list[Namespace]]:
    """The namespaces of a state directory: their storage can be used, and no object is made.

    Args:
        directory: has one directory for each namespace, named by its unique key.

    Raises:
        CorruptStateError: one of them cannot be read.
    """
    clock = SystemClock()
    journal = Journal(clock)
    namespaces = [
        Namespace(
            path.name,
            _Absent(path.name),
            directory=path,
            clock=clock,
            journal=journal,
            random=SystemRandom(),
            limits=Limits.local(),
        )
        for path in _subdirectories(directory)
    ]
    try:
        yield namespaces
    finally:
        for namespace in namespaces:
            await namespace.close(grace_ms=0)


def _subdirectories(directory: Path) -> list[Path]:
    return sorted(path for path in directory.glob("*") if path.is_dir())


class _Absent:
    """Stands for a class whose code is not loaded.

    Args:
        unique_key: of its namespace; the class is named behind the last hyphen.
    """

    def __init__(self, unique_key: str) -> None:
        self.name = unique_key.rpartition("-")[2]

    def context(self) -> Context:
        return Context()

    def construct(self, actor: Actor) -> NoReturn:
        raise DurableObjectError(f"The code of {self.name} is not loaded: run `flarelocal dev`.")

    def has_alarm(self, instance: Any) -> bool:
        return True

    def alarm(self, instance: Any, info: AlarmInfo) -> NoReturn:
        self.construct(instance)

    def socket_event(
        self, instance: Any, socket: HibernatableSocket, frame: Frame
    ) -> Awaitable[object]:
        return self.construct(instance)
