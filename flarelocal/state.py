"""The directory that keeps what outlives the process."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import IO

from flarelocal.dataclass import dataclass

__all__ = [
    "Holder",
    "StateDirectory",
    "StateDirectoryError",
    "StateInUseError",
    "find_holder",
]


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that works on a state directory."""

    pid: int
    url: str | None = None
    """where it answers; None: nowhere, or not yet"""


class StateDirectoryError(Exception):
    """The state directory cannot be used."""


class StateInUseError(StateDirectoryError):
    """Another process works on the state directory."""

    def __init__(self, path: Path, holder: Holder | None) -> None:
        process = f"process {holder.pid if holder else 'unknown'}"
        where = f", which answers at {holder.url}" if holder and holder.url else ""
        super().__init__(
            f"{path}: in use by another flarelocal ({process}{where}): stop that one, choose "
            "another directory with --persist-to, or run Workers that share their state in one "
            "process, flarelocal dev -c one -c another"
        )
        self.holder = holder


class StateDirectory:
    """A state directory, held by one process at a time.

    The lock is the operating system's: it ends with the process, however that ends.

    Raises:
        StateInUseError: another process holds it.
        StateDirectoryError: it cannot be written to.
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
            with self._lock:
                raise StateInUseError(path, _holder(self._lock)) from None
        self._write(Holder(os.getpid()))

    def announce(self, url: str) -> None:
        """Tell other processes where this one answers."""
        self._write(Holder(os.getpid(), url))

    def close(self) -> None:
        """Let go of the directory."""
        self._lock.close()

    def _write(self, holder: Holder) -> None:
        self._lock.truncate(0)
        self._lock.write(json.dumps(asdict(holder)))
        self._lock.flush()


def find_holder(path: Path) -> Holder | None:
    """The process that works on a state directory; None if there is none, or no directory."""
    try:
        file = (path / "lock").open("a+", encoding="ascii")
    except OSError:
        return None
    with file:
        try:
            _lock(file)
        except OSError:
            return _holder(file)
    return None


def _holder(file: IO[str]) -> Holder | None:
    file.seek(0)
    try:
        return Holder(**json.loads(file.read()))
    except (ValueError, TypeError):
        return None


if sys.platform == "win32":
    import msvcrt

    _LOCKED_BYTE = 1 << 30

    def _lock(file: IO[str]) -> None:
        # Behind the text, which others could not read otherwise.
        file.seek(_LOCKED_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
