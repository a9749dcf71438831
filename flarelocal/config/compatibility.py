"""Which behaviours of the runtime a Worker gets, by its compatibility date and flags."""

import datetime
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple

__all__ = ["DEFAULT_COMPATIBILITY_DATE", "Compatibility", "PyodideVersion"]

DEFAULT_COMPATIBILITY_DATE = datetime.date(2026, 11, 17)
"""The newest date whose behaviour flarelocal knows; a Worker without a date gets it."""

PyodideVersion = Literal["0.26", "0.28", "314"]

_PYODIDE_314 = (
    "python_workers_314",
    "python_workers_20260610",
    "python_workers_20260817",
    "python_workers_development",
)


class _Flag(NamedTuple):
    name: str
    opposite: str
    since: str
    implied_since: str
    implied_by: tuple[str, ...]


class Compatibility:
    """The flags that are on for a Worker.

    A flag is on when it is named, or from its date on unless its opposite is named, or from a date
    on when a flag that implies it is on. Source: workerd, src/workerd/io/compatibility-date.c++.
    """

    def __init__(self, date: datetime.date, flags: Iterable[str] = ()) -> None:
        self.date = date
        self.named = frozenset(flags)
        self._flags: Mapping[str, bool] | None = None

    def enabled(self, flag: str) -> bool:
        """Whether a flag, called by the name that turns it on, is on; False for unknown ones."""
        return (self._flags or self.flags).get(flag, False)

    @property
    def flags(self) -> Mapping[str, bool]:
        """Every flag of the runtime by the name that turns it on."""
        if self._flags is None:
            self._flags = _resolve(self.date, self.named)
        return self._flags

    @property
    def pyodide(self) -> PyodideVersion:
        """The Pyodide that the runtime would use: Python 3.12, 3.13 or 3.14."""
        if any(self.enabled(flag) for flag in _PYODIDE_314):
            return "314"
        return "0.28" if self.enabled("python_workers_20250116") else "0.26"

    def contradictions(self) -> list[tuple[str, str]]:
        """Pairs of named flags that exclude each other."""
        return [
            (flag.name, flag.opposite)
            for flag in _table()
            if flag.name in self.named and flag.opposite in self.named
        ]

    def unknown(self) -> list[str]:
        """Named flags that the runtime does not have."""
        known = {name for flag in _table() for name in (flag.name, flag.opposite)}
        return sorted(self.named - known)

    def experimental(self) -> list[str]:
        """Named flags that Cloudflare does not accept in a deployment."""
        return [flag.name for flag in _table() if flag.since == "!" and flag.name in self.named]

    def __repr__(self) -> str:
        return f"Compatibility({self.date.isoformat()}, {sorted(self.named)})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Compatibility):
            return NotImplemented
        return (self.date, self.named) == (other.date, other.named)

    def __hash__(self) -> int:
        return hash((self.date, self.named))


@cache
def _table() -> tuple[_Flag, ...]:
    lines = Path(__file__).with_name("compatibility_flags.txt").read_text("utf-8").splitlines()
    table = []
    for line in lines:
        if not line.startswith("#"):
            name, opposite, since, *implied = line.split(" ")
            implied_since, *implied_by = implied[0].split("+") if implied else ("-",)
            table.append(_Flag(name, opposite, since, implied_since, tuple(implied_by)))
    return tuple(table)


@cache
def _resolve(date: datetime.date, named: frozenset[str]) -> Mapping[str, bool]:
    def reached(since: str) -> bool:
        return since == "*" or (since[0].isdigit() and since <= date.isoformat())

    flags = {
        flag.name: flag.name in named or (reached(flag.since) and flag.opposite not in named)
        for flag in _table()
    }
    for flag in _table():
        if reached(flag.implied_since) and flag.opposite not in named:
            flags[flag.name] |= any(flags[name] for name in flag.implied_by)
    return MappingProxyType(flags)
