"""The files of a directory by the paths of URLs."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from flarelocal.dataclass import dataclass
from flarelocal.storage.assets.ignore import Ignore
from flarelocal.storage.assets.media_type import media_type
from flarelocal.storage.assets.parsing import HEADERS_FILE, REDIRECTS_FILE
from flarelocal.storage.assets.watched import Watched

__all__ = ["Asset", "AssetDirectory"]

_IGNORE_FILE = ".assetsignore"
_NEVER_SERVED = [f"/{name}" for name in (_IGNORE_FILE, REDIRECTS_FILE, HEADERS_FILE)]
_FORBIDDEN = frozenset({"", ".", ".."})
_FOREIGN = frozenset("\\:" if os.name == "nt" else "") | {"\0"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that can be served."""

    path: Path
    size: int
    """in bytes, when it was found"""
    etag: str
    """without quotes; another one after each change of the file"""
    media_type: str | None


class AssetDirectory:
    """What is served of a directory, which may come into being later.

    Symbolic links are followed as far as they stay in the directory.
    """

    def __init__(self, directory: Path) -> None:
        self._root = os.fspath(directory)
        self._real_root = os.path.realpath(self._root)
        self._ignore = Watched(directory / _IGNORE_FILE, _ignore)

    def find(self, path: str) -> Asset | None:
        """The file of a path that begins with a slash and is decoded; None if there is none."""
        first, *names = path.split("/")
        if first or not _FORBIDDEN.isdisjoint(names) or not _FOREIGN.isdisjoint(path):
            return None
        file = self._root + path
        try:
            found = os.stat(file)
            if not stat.S_ISREG(found.st_mode):
                return None
            real = os.path.realpath(file)
        except (OSError, ValueError):
            return None
        if not self._contains(real) or self._ignore.current().matches(path[1:]):
            return None
        version = f"{file}\0{found.st_mtime_ns}\0{found.st_size}"
        digest = hashlib.sha256(version.encode("utf-8", "surrogateescape")).hexdigest()
        return Asset(Path(real), found.st_size, digest[:32], media_type(names[-1]))

    def _contains(self, real: str) -> bool:
        if not real.startswith(self._real_root + os.sep):
            # The directory itself may have become a link to another one.
            self._real_root = os.path.realpath(self._root)
        return real.startswith(self._real_root + os.sep)


def _ignore(text: str) -> Ignore:
    return Ignore([*_NEVER_SERVED, *text.split("\n")])
