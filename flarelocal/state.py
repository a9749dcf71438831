"""The directory that keeps what outlives the process."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO

__all__ = ["StateDirectory", "StateDirectoryError"]


class StateDirectoryError(Exception):
    """The state directory cannot be used, or another process works on it."""


class StateDirectory:
    """A state directory, held by one process at a time.

    The lock is the operating system's: it ends with the process, however that ends.

    Raises:
        StateDirectoryError: another process holds it, or it cannot be written to.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.mkdir(parents=True, exist_ok=True)
            self._lock: IO[str] = (path / "lock").open("a+", encoding="ascii")
        except OSError as error:
            raise StateDirectoryError(
                f"{path}: not a directory to keep state in ({error.strerror}): "
                "choose another one with --persist-to"
            ) from None
        try:
            _lock(self._lock)
        except OSError:
            self._lock.seek(0)
            holder = self._lock.read().strip() or "unknown"
            self._lock.close()
            raise StateDirectoryError(
                f"{path}: in use by another flarelocal (process {holder}): "
                "stop that one, or choose another directory with --persist-to"
            ) from None
        self._lock.truncate(0)
        self._lock.write(str(os.getpid()))
        self._lock.flush()

    def close(self) -> None:
        """Let go of the directory."""
        self._lock.close()


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[str]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
