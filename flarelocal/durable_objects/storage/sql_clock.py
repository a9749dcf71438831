"""The time that SQL shows."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

import apsw

if TYPE_CHECKING:
    from ctypes import c_void_p

__all__ = ["SqlClock"]

_UNIX_EPOCH_MS = 210_866_760_000_000
# One thread has the connection: without locks it is faster.
_FLAGS = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_NOMUTEX


class SqlClock(apsw.VFS):
    """What SQLite asks for the time, for `CURRENT_TIMESTAMP`, `datetime('now')` and the like.

    It asks when a statement first wants to know, and keeps the answer while it computes a row, or
    runs a statement that gives none.

    Args:
        now: the time in ms since 1970.
    """

    def __init__(self, now: Callable[[], int]) -> None:
        self.now = now
        self._name = f"flarelocal-{id(self)}"
        super().__init__(self._name, "")

    def xCurrentTimeInt64(self) -> int:
        """The time in ms since the beginning of Julian days."""
        return self.now() + _UNIX_EPOCH_MS

    def open(self, path: str | None) -> apsw.Connection:
        """A connection whose statements show this time, all its databases included.

        Args:
            path: of the file, or None for a database in memory.
        """
        if path is None or self._address is None:
            return apsw.Connection(path or ":memory:", _FLAGS, self._name)
        # Files are read and written without us: through Python that takes some percent longer.
        connection = _Connection(path, _FLAGS)
        connection.clock = self
        _file_system(connection).value = self._address
        return connection

    @cached_property
    def _address(self) -> int | None:
        """Where SQLite knows this from; None: its connections are not made as we think."""
        from ctypes import addressof, c_void_p

        told = c_void_p()
        connection = apsw.Connection(":memory:", _FLAGS, self._name)
        connection.file_control("main", apsw.SQLITE_FCNTL_VFS_POINTER, addressof(told))
        return told.value if told.value == _file_system(connection).value else None


class _Connection(apsw.Connection):
    """Keeps the clock for as long as SQLite may ask it."""

    clock: SqlClock


def _file_system(connection: apsw.Connection) -> c_void_p:
    """The first field of SQLite's `struct sqlite3`, which says whom it asks for the time."""
    from ctypes import c_void_p

    return c_void_p.from_address(connection.sqlite3_pointer())
