"""Whether a Worker has its code."""

from __future__ import annotations

import asyncio

from flarelocal.emulator.errors import StartError

__all__ = ["Readiness"]


class Readiness:
    """What events wait for before they reach a Worker.

    Attributes:
        now: whether the Worker has its code, and it is sound.
    """

    def __init__(self) -> None:
        self.now = False
        self._event = asyncio.Event()
        self._error: StartError | None = None

    def begin(self) -> None:
        """The code is about to be loaded."""
        self.now = False
        self._event.clear()

    def done(self) -> None:
        """The code is loaded."""
        self._error = None
        self.now = True
        self._event.set()

    def fail(self, error: StartError) -> None:
        """The code does not load; only what nobody waits for waits on."""
        self._error = error
        self.now = False

    def stop(self) -> None:
        """Whoever waits for the code to be mended waits in vain."""
        self._event.set()

    async def at_once(self) -> None:
        """Return when the Worker can answer somebody.

        Raises:
            StartError: its code does not load.
        """
        if self._error:
            raise self._error
        await self.at_last()

    async def at_last(self) -> None:
        """Return when the Worker has its code, however long that takes.

        Raises:
            StartError: the emulator stops before it has.
        """
        await self._event.wait()
        if self._error:
            raise self._error
