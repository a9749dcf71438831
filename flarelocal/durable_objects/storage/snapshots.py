"""States of one object which were kept, by their bookmarks."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["Snapshots"]

_SUFFIX = ".snapshot"
_NEXT = "next"


class Snapshots:
    """Whole databases as bytes, and which of them the object has to go back to.

    Args:
        directory: where they are kept, or None to keep them in memory.
    """

    def __init__(self, directory: Path | None) -> None:
        self._directory = directory
        self._images: dict[str, bytes] = {}
        self._next: str | None = None

    @property
    def bookmarks(self) -> list[str]:
        """All bookmarks, the oldest first."""
        if self._directory is None:
            return sorted(self._images)
        if not self._directory.exists():
            return []
        return sorted(path.stem for path in self._directory.glob(f"*{_SUFFIX}"))

    def save(self, bookmark: str, image: bytes) -> None:
        """Keep a state."""
        if self._directory is None:
            self._images[bookmark] = image
        else:
            self._write(f"{bookmark}{_SUFFIX}", image)

    def load(self, bookmark: str) -> bytes:
        """A state which was kept.

        Raises:
            KeyError: there is none.
        """
        if self._directory is None:
            return self._images[bookmark]
        try:
            return (self._directory / f"{bookmark}{_SUFFIX}").read_bytes()
        except FileNotFoundError:
            raise KeyError(bookmark) from None

    def discard(self, bookmark: str) -> None:
        """Forget a state."""
        self._images.pop(bookmark, None)
        if self._directory is not None:
            (self._directory / f"{bookmark}{_SUFFIX}").unlink(missing_ok=True)

    @property
    def next(self) -> str | None:
        """The bookmark at which the next session begins; None: where this one ends."""
        if self._directory is None:
            return self._next
        try:
            return (self._directory / _NEXT).read_text()
        except FileNotFoundError:
            return None

    @next.setter
    def next(self, bookmark: str | None) -> None:
        self._next = bookmark
        if self._directory is not None and bookmark is not None:
            self._write(_NEXT, bookmark.encode())
        elif self._directory is not None:
            (self._directory / _NEXT).unlink(missing_ok=True)

    def clear(self) -> None:
        """Forget all states."""
        self._images.clear()
        self._next = None
        if self._directory is not None and self._directory.exists():
            for path in self._directory.iterdir():
                path.unlink()
            self._directory.rmdir()

    def _write(self, name: str, content: bytes) -> None:
        assert self._directory is not None
        self._directory.mkdir(parents=True, exist_ok=True)
        new = self._directory / f"{name}.new"
        new.write_bytes(content)
        os.replace(new, self._directory / name)
