"""Where in the write-ahead log each moment of the present session is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import apsw

from flarelocal.durable_objects.storage.seed import Seed, image_from

__all__ = ["History"]

_MOST_FRAMES = 4000
_HEADER_BYTES = 32
_FRAME_HEADER_BYTES = 24
_PAGE_BYTES = slice(16, 18)


class History:
    """The commits to one file since it was opened, or since its log was last emptied.

    SQLite appends each commit to the log; cut off behind a commit, the log gives back the
    database as it was then.

    Args:
        now: the time in ms.
    """

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self._times: list[int] = []
        self._frames: list[int] = []
        self._log_since_ms: int | None = None
        self._images: list[tuple[int, bytes | Seed]] = []

    @property
    def since_ms(self) -> int | None:
        """From when on moments are known."""
        return self._images[0][0] if self._images else self._log_since_ms

    def remember(self, content: bytes | Seed) -> None:
        """Note the content, from now on, of a database which has no log yet."""
        self._images.append((self._now(), content))

    def attach(self, connection: apsw.Connection) -> None:
        """Follow the commits of a connection which was just opened."""
        self._begin_log()
        connection.set_wal_hook(self._committed)

    def detach(self) -> None:
        """The connection is closed, its log merged into the file."""
        self._times.clear()
        self._frames.clear()
        self._images.clear()
        self._log_since_ms = None

    def image_at(self, path: Path, when_ms: int) -> bytes:
        """The content of the database as it was at that time, or at `since_ms` if that is later."""
        if self._images and (self._log_since_ms is None or when_ms < self._log_since_ms):
            earlier = [image for time_ms, image in self._images if time_ms <= when_ms]
            return image_from(earlier[-1] if earlier else self._images[0][1])
        position = bisect_right(self._times, when_ms)
        frames = self._frames[position - 1] if position else 0
        log = path.with_name(path.name + "-wal")
        with TemporaryDirectory() as scratch:
            copy = Path(scratch) / "copy.sqlite"
            content = path.read_bytes()
            copy.write_bytes(content)
            if frames:
                # SQLite writes 1 for the largest page.
                page_bytes = int.from_bytes(content[_PAGE_BYTES])
                frame_bytes = _FRAME_HEADER_BYTES + (65_536 if page_bytes == 1 else page_bytes)
                kept = log.read_bytes()[: _HEADER_BYTES + frames * frame_bytes]
                copy.with_name("copy.sqlite-wal").write_bytes(kept)
            connection = apsw.Connection(str(copy))
            try:
                return bytes(connection.serialize("main"))
            finally:
                connection.close()

    def _begin_log(self) -> None:
        self._times.clear()
        self._frames.clear()
        self._log_since_ms = self._now()

    def _begin(self) -> None:
        self._begin_log()
        self._images.clear()

    def _committed(self, connection: apsw.Connection, name: str, frames: int) -> int:
        if self._frames and frames < self._frames[-1]:
            self._begin()
        now = self._now()
        if self._times and self._times[-1] == now:
            self._frames[-1] = frames
        else:
            self._times.append(now)
            self._frames.append(frames)
        if frames > _MOST_FRAMES:
            connection.wal_checkpoint()
            self._begin()
        return apsw.SQLITE_OK
