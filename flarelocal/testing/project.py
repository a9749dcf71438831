"""What all tests of a run have in common: the Worker's configuration and its code."""

from __future__ import annotations

import random
import sys
import zlib

from flarelocal.config import WorkerConfig
from flarelocal.emulator import Program
from flarelocal.memory import Memory

__all__ = ["Project"]


class Project:
    """The Worker under test; its code is loaded once, for the first test that needs it.

    Args:
        seed: of a run to be repeated; None: a new one.
        against: the server to test in place of an emulator.
        shared: whether tests import the Worker's modules; else they are seen by itself alone.

    Raises:
        SdkNotFoundError: there is no SDK.
    """

    def __init__(
        self,
        config: WorkerConfig,
        *,
        seed: int | None = None,
        against: str | None = None,
        shared: bool = True,
    ) -> None:
        self.config = config
        self.against = against
        self.seed = random.SystemRandom().getrandbits(32) if seed is None else seed
        self.program = Program(config, shared=shared)
        self.program.open()
        self.memory = Memory()
        # Last, so that the Worker's modules hide none that others need.
        self._path = str(config.main.parent) if config.main and shared else None
        if self._path and self._path not in sys.path:
            sys.path.append(self._path)
        else:
            self._path = None

    def seed_of(self, test: str) -> int:
        """The seed of one test: whatever else runs, it stays the same."""
        return zlib.crc32(test.encode(), self.seed)

    def close(self) -> None:
        """Take the Worker's modules away again."""
        self.program.close()
        self.memory.close()
        if self._path in sys.path:
            sys.path.remove(self._path)
