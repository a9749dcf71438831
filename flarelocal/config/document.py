"""One configuration file: its values, and the way back from a value to its line."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from flarelocal.config import jsonc
from flarelocal.config.diagnostics import ConfigError, Diagnostic, shown
from flarelocal.config.tree import Keys, Spot, SyntaxFault, Tree

__all__ = ["Document", "Position", "read_document"]

_MARKS = {
    b"\x00\x00\xfe\xff": "UTF-32 BE",
    b"\xff\xfe\x00\x00": "UTF-32 LE",
    b"\xfe\xff": "UTF-16 BE",
    b"\xff\xfe": "UTF-16 LE",
}


class Position(NamedTuple):
    """A place in a file; lines and columns count from 1."""

    file: Path
    line: int
    column: int

    def __str__(self) -> str:
        return f"{shown(self.file)}:{self.line}:{self.column}"


class Document:
    """A file that was parsed; `root` is its outermost object."""

    def __init__(
        self,
        path: Path,
        text: str,
        root: dict[str, object],
        spots: Mapping[Keys, Spot],
        repeated: tuple[Keys, ...] = (),
    ) -> None:
        self.path = path
        self.root = root
        self.repeated = repeated
        self._spots = spots
        self._lines = _line_starts(text)

    def where(self, keys: Keys) -> Position:
        """Where the value stands; of what is not in the file, the closest thing around it."""
        return _position(self.path, self._lines, self._spot(keys).value)

    def where_key(self, keys: Keys) -> Position:
        """Where the key of the value stands."""
        return _position(self.path, self._lines, self._spot(keys).key)

    def _spot(self, keys: Keys) -> Spot:
        while keys not in self._spots:
            keys = keys[:-1]
        return self._spots[keys]


def read_document(path: Path) -> Document:
    """Read and parse a configuration file, JSONC or TOML by its suffix.

    Raises:
        ConfigError: it cannot be read, is not of its format, or is not an object.
    """
    text = _read(path)
    try:
        tree = _parse_toml(text) if path.suffix == ".toml" else jsonc.parse(text)
    except SyntaxFault as fault:
        at = _position(path, _line_starts(text), fault.offset)
        raise ConfigError(
            [Diagnostic(fault.message, fault.fix, path, at.line, at.column)]
        ) from None
    if not isinstance(tree.value, dict):
        message = "A configuration is an object, but this file holds another value"
        raise ConfigError([Diagnostic(message, "wrap it in { and }", path, 1, 1)])
    return Document(path, text, tree.value, tree.spots, tree.repeated)


def _parse_toml(text: str) -> Tree:
    from flarelocal.config import toml

    return toml.parse(text)


def _read(path: Path) -> str:
    if path.suffix not in {".json", ".jsonc", ".toml"}:
        message = f'"{shown(path)}" is not a configuration file'
        raise ConfigError([Diagnostic(message, "name a .jsonc, .json or .toml file")])
    try:
        content = path.read_bytes()
    except OSError as error:
        message = f"Could not read file: {shown(path)} ({error.strerror})"
        raise ConfigError([Diagnostic(message, "check the path")]) from None
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            message = f"Configuration file contains {encoding} byte order marker"
            fix = "save the file as UTF-8 without BOM"
            raise ConfigError([Diagnostic(message, fix, path, 1, 1)])
    return content.decode("utf-8-sig", errors="replace")


def _line_starts(text: str) -> list[int]:
    starts = [0]
    while found := text.find("\n", starts[-1]) + 1:
        starts.append(found)
    return starts


def _position(path: Path, lines: list[int], offset: int) -> Position:
    line = bisect_right(lines, offset)
    return Position(path, line, offset - lines[line - 1] + 1)
