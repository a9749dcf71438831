"""Point-in-time recovery: going back to an earlier state of an object."""

from __future__ import annotations

from collections.abc import Callable

from flarelocal.durable_objects.errors import DurableObjectError
from flarelocal.durable_objects.storage.database import ObjectDatabase
from flarelocal.durable_objects.storage.transaction import Transactions

__all__ = ["Bookmarks"]

_KEPT_MS = 30 * 24 * 3_600_000
_COUNTER_BITS = 16
_HALF_BITS = 32
_REST = f"{0:08x}-{0:032x}"


class Bookmarks:
    """The bookmarks of one object (Cloudflare: SQLite storage API, PITR).

    A bookmark is a text which sorts behind all earlier ones. The state it stands for is kept from
    the moment on in which the bookmark is asked for. Every moment can be gone back to since the
    file of the object was opened; before that only those which had a bookmark, for 30 days. Facets
    go back with the object.

    Args:
        database: of the object.
        transactions: of that database.
        now: the time in ms.

    Attributes:
        restoring: whether the next session begins at a bookmark.
    """

    def __init__(
        self,
        database: ObjectDatabase,
        transactions: Transactions,
        now: Callable[[], int],
    ) -> None:
        self._database = database
        self._transactions = transactions
        self._now = now
        self.restoring = False

    def current(self) -> str:
        """The bookmark of the present state; it sorts behind all others."""
        self._settle()
        known = self._database.snapshots.bookmarks
        position = self._now() << _COUNTER_BITS
        bookmark = _bookmark(max(position, _position(known[-1]) if known else 0) + 1)
        self._database.keep(bookmark)
        oldest = _bookmark(self._now() - _KEPT_MS << _COUNTER_BITS)
        for old in (each for each in known if each < oldest):
            self._database.discard(old)
        return bookmark

    def at(self, when_ms: int) -> str:
        """The bookmark of the state at that time, or of the oldest one which is known."""
        self._settle()
        if when_ms >= self._now():
            return self.current()
        bookmark = _bookmark(when_ms << _COUNTER_BITS)
        earlier = [known for known in self._database.snapshots.bookmarks if known <= bookmark]
        since_ms = self._database.known_since_ms
        if since_ms is not None and (since_ms <= when_ms or not earlier):
            self._database.keep(bookmark, when_ms)
            return bookmark
        return earlier[-1] if earlier else self.current()

    def restore_next(self, bookmark: str) -> str:
        """Have the next session begin at the bookmark; gives one to undo that.

        Raises:
            DurableObjectError: nothing is known of the bookmark.
        """
        if bookmark not in self._database.snapshots.bookmarks:
            raise DurableObjectError(
                f'There is no bookmark "{bookmark}" of this Durable Object: '
                "use one which getCurrentBookmark() or getBookmarkForTime() has given."
            )
        undo = self.current()
        self.restoring = True
        self._database.snapshots.next = bookmark
        return undo

    def _settle(self) -> None:
        self._transactions.require_usable()
        if self._transactions.nested:
            raise DurableObjectError("Cannot use bookmarks within a transaction")
        self._transactions.flush()


def _bookmark(position: int) -> str:
    high, low = position >> _HALF_BITS, position & (1 << _HALF_BITS) - 1
    return f"{high:08x}-{low:08x}-{_REST}"


def _position(bookmark: str) -> int:
    return int(bookmark[:8] + bookmark[9:17], 16)
