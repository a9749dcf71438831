"""flarelocal's own settings: `[tool.flarelocal]` in the pyproject.toml beside the configuration."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import field
from enum import StrEnum
from pathlib import Path

from flarelocal.config.checks import suggestion
from flarelocal.config.diagnostics import ConfigError, Diagnostic
from flarelocal.config.document import Document, read_document
from flarelocal.config.tree import Keys
from flarelocal.dataclass import dataclass

__all__ = ["Leniency", "OwnSettings", "read_own_settings"]


class Leniency(StrEnum):
    """What a Worker may do here though production refuses it."""

    DERIVATION_LIMITS = "derivation-limits"
    """Keys derived by PBKDF2 with more than 100,000 iterations."""
    ENVIRONMENT = "environment"
    """The environment variables of the machine."""
    OBJECT_LIMITS = "object-limits"
    """Durable Objects: rows of more than 2 MB, calls with more than 128 keys; without SQLite, keys
    of more than 2 KiB and values of more than 128 KiB. workerd's own limits stay."""
    QUEUE_LIMITS = "queue-limits"
    """Messages of more than 128 kB, batches of more than 100 messages or 256 kB."""
    STARTUP_RANDOMNESS = "startup-randomness"
    """Random numbers and the present time while the Worker's modules are imported."""


@dataclass(frozen=True, slots=True)
class OwnSettings:
    """What the table says.

    Attributes:
        bindings: what stands in: by the name of a binding, a file of the project and a name in it.
        lenient: the checks that are switched off.
        files: what was read.
    """

    bindings: Mapping[str, str] = field(default_factory=dict)
    lenient: frozenset[Leniency] = frozenset()
    files: tuple[Path, ...] = ()


def read_own_settings(directory: Path) -> OwnSettings:
    """The settings of a project; the defaults where there is no such table.

    Raises:
        ConfigError: the table is not as it should be, or the file that has it is no TOML.
    """
    path = directory / "pyproject.toml"
    try:
        state = path.stat()
    except OSError:
        return OwnSettings()
    return _read(path, state.st_mtime_ns, state.st_size)


_TABLE: Keys = ("tool", "flarelocal")
_KEYS = ("bindings", "lenient")


@functools.lru_cache(maxsize=16)
def _read(path: Path, *_version: int) -> OwnSettings:
    try:
        content = path.read_bytes()
    except OSError:
        return OwnSettings()
    if b"flarelocal" not in content:
        return OwnSettings()
    try:
        document = read_document(path)
    except ConfigError:
        if b"[tool.flarelocal" in content:
            raise
        # What is wrong with it is told by the tools whose file it is.
        return OwnSettings()
    tool = document.root.get("tool")
    table = tool.get("flarelocal", {}) if isinstance(tool, dict) else {}
    found = list(_faults(document, table))
    if found:
        raise ConfigError(found)
    lenient = table.get("lenient", False)
    names = lenient if isinstance(lenient, list) else list(Leniency) if lenient else []
    return OwnSettings(dict(table.get("bindings", {})), frozenset(map(Leniency, names)), (path,))


def _faults(document: Document, table: object) -> Iterator[Diagnostic]:
    if not isinstance(table, dict):
        yield _fault(document, (), "is no table", "write [tool.flarelocal] and keys below it")
        return
    for key in table:
        if key not in _KEYS:
            fix = suggestion([key], _KEYS, f"remove it; there are {' and '.join(_KEYS)}")
            yield _fault(document, (key,), "is not known", fix)
    yield from _faults_of_bindings(document, table.get("bindings", {}))
    yield from _faults_of_lenient(document, table.get("lenient", False))


def _faults_of_bindings(document: Document, bindings: object) -> Iterator[Diagnostic]:
    if not isinstance(bindings, dict):
        yield _fault(document, ("bindings",), "is no table", 'write NAME = "file.py:Name" below it')
        return
    for name, place in bindings.items():
        if not isinstance(place, str) or ":" not in place:
            yield _fault(
                document,
                ("bindings", name),
                'is not of the form "file.py:Name"',
                "write the file and the class or object in it",
            )


def _faults_of_lenient(document: Document, lenient: object) -> Iterator[Diagnostic]:
    known = [str(each) for each in Leniency]
    there_are = f"there are {', '.join(known)}"
    if isinstance(lenient, bool):
        return
    if not isinstance(lenient, list):
        fix = f"write true, or a list of names; {there_are}"
        yield _fault(document, ("lenient",), "is no list", fix)
        return
    for index, name in enumerate(lenient):
        if name not in known:
            fix = suggestion([str(name)], known, there_are)
            yield _fault(document, ("lenient", index), f"is {name!r}, which is not known", fix)


def _fault(document: Document, keys: Keys, what: str, fix: str) -> Diagnostic:
    at = document.where_key((*_TABLE, *keys))
    name = ".".join(map(str, (*_TABLE, *keys)))
    return Diagnostic(f'"{name}" {what}', fix, at.file, at.line, at.column)
