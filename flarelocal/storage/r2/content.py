"""The content of objects: small ones are in the index, others in files named by their SHA-256."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import threading
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from pathlib import Path
from typing import IO, NamedTuple

__all__ = ["ALGORITHMS", "Blobs", "Draft", "Piece", "Reading", "dump_pieces", "load_pieces"]

ALGORITHMS = {
    "md5": "MD5",
    "sha1": "SHA-1",
    "sha256": "SHA-256",
    "sha384": "SHA-384",
    "sha512": "SHA-512",
}
"""how the API calls each, and how its messages do"""

SMALL_BYTES = 64 * 1024
_CHUNK_BYTES = 256 * 1024


class Piece(NamedTuple):
    """A file with some of the content of an object."""

    sha256: str
    size: int


def dump_pieces(pieces: Iterable[Piece]) -> str:
    """Pieces as the index keeps them."""
    return json.dumps(list(pieces))


def load_pieces(text: str) -> list[Piece]:
    """What `dump_pieces` was given."""
    return [Piece(*each) for each in json.loads(text)]


class Blobs:
    """Files that never change, and those that are being written.

    A file may be removed once the index counts no use of it, unless it is held: because it is
    about to get into the index, or is being read.

    Args:
        directory: None: a temporary one.

    Attributes:
        crowded: there may be blobs to be removed.
    """

    def __init__(self, directory: Path | None) -> None:
        self.crowded = False
        self._put_off = False
        self._directory = directory
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._held: Counter[str] = Counter()
        self._lock = threading.Lock()

    def draft(self) -> IO[bytes]:
        """A new file to write to."""
        # The file outlives this call: a Draft closes it.
        return tempfile.NamedTemporaryFile(dir=self._place("drafts"), delete=False)

    def adopt(self, path: Path, sha256: str) -> None:
        """Make a finished draft a blob, and hold that."""
        self.hold([sha256])
        path.replace(self.path(sha256))

    def path(self, sha256: str) -> Path:
        """Where a blob is, or will be."""
        return self._place(f"blobs/{sha256[:2]}") / sha256

    def hold(self, names: Iterable[str]) -> None:
        """Keep blobs until they are released; any thread may ask for that."""
        with self._lock:
            self._held.update(names)

    def release(self, names: Iterable[str]) -> None:
        """Undo one `hold`."""
        with self._lock:
            self._held.subtract(names)
            self._held = +self._held
            self.crowded |= self._put_off
            self._put_off = False

    def remove(self, sha256: str) -> bool:
        """Remove a blob that nothing uses; whether it is gone."""
        with self._lock:
            if sha256 in self._held:
                self._put_off = True
                return False
            try:
                self.path(sha256).unlink(missing_ok=True)
            except PermissionError:
                # Windows keeps files that somebody has open.
                return False
            return True

    def sweep(self, known: set[str]) -> None:
        """Remove what a process left that was killed: drafts, and blobs of no object."""
        if self._directory is None or not self._directory.exists():
            return
        shutil.rmtree(self._directory / "drafts", ignore_errors=True)
        for path in self._directory.glob("blobs/*/*"):
            if path.name not in known:
                path.unlink(missing_ok=True)

    def close(self) -> None:
        """Remove the directory if it is a temporary one."""
        if self._temporary:
            self._temporary.cleanup()

    def _place(self, name: str) -> Path:
        if self._directory is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="flarelocal-r2-")
            self._directory = Path(self._temporary.name)
        place = self._directory / name
        place.mkdir(parents=True, exist_ok=True)
        return place


class Draft:
    """Content on its way in: in memory while it is small, then in a file.

    Args:
        algorithm: a digest that is wanted besides the MD5.
        small_bytes: how much is kept in memory.
    """

    def __init__(
        self, blobs: Blobs, algorithm: str | None = None, small_bytes: int = SMALL_BYTES
    ) -> None:
        self.size = 0
        self._blobs = blobs
        self._small_bytes = small_bytes
        self._chunks: list[bytes] = []
        self._file: IO[bytes] | None = None
        self._name = hashlib.sha256()
        self._digests = {
            name: hashlib.new(name, usedforsecurity=False) for name in {"md5", algorithm or "md5"}
        }

    def write(self, data: bytes) -> None:
        """Append bytes."""
        self.size += len(data)
        for digest in self._digests.values():
            digest.update(data)
        if self._file is None and self.size <= self._small_bytes:
            self._chunks.append(data)
        else:
            self._to_file(data)

    def _to_file(self, data: bytes) -> None:
        if self._file is None:
            self._file = self._blobs.draft()
            chunks, self._chunks = self._chunks, []
            for chunk in chunks:
                self._to_file(chunk)
        self._name.update(data)
        self._file.write(data)

    def digest(self, algorithm: str) -> str:
        """The digest of all that was written, in hex."""
        return self._digests[algorithm].hexdigest()

    def finish(self) -> bytes | Piece:
        """What was written: a small content itself, else the blob with it, which is held."""
        if self._file is None and self._small_bytes:
            return b"".join(self._chunks)
        self._to_file(b"")
        assert self._file is not None
        self._file.close()
        piece = Piece(self._name.hexdigest(), self.size)
        self._blobs.adopt(Path(self._file.name), piece.sha256)
        return piece

    def discard(self) -> None:
        """Forget what was written and not finished."""
        if self._file is not None:
            self._file.close()
            Path(self._file.name).unlink(missing_ok=True)


class Reading:
    """Some of the content of an object; it can be read once, also after the object is gone."""

    def __init__(self, blobs: Blobs, pieces: Sequence[Piece], offset: int, length: int) -> None:
        self._blobs = blobs
        self._pieces = pieces
        self._offset = offset
        self._length = length
        blobs.hold(piece.sha256 for piece in pieces)

    def __del__(self) -> None:
        self._blobs.release(piece.sha256 for piece in self._pieces)

    def part(self, start: int, end: int) -> Reading:
        """The bytes from `start` up to and without `end`, counted from where this begins."""
        return Reading(self._blobs, self._pieces, self._offset + start, end - start)

    async def chunks(self) -> AsyncIterator[bytes]:
        """The bytes, some at a time."""
        start, left = self._offset, self._length
        for piece in self._pieces:
            if start >= piece.size:
                start -= piece.size
                continue
            with self._blobs.path(piece.sha256).open("rb") as file:
                file.seek(start)
                start = 0
                while left and (chunk := file.read(min(left, _CHUNK_BYTES))):
                    left -= len(chunk)
                    yield chunk
