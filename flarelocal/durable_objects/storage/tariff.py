"""What the changes of a statement cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import apsw

from flarelocal.durable_objects.storage.authorizer import Request
from flarelocal.durable_objects.storage.program import (
    ENDS,
    EXACT,
    STARTS,
    STEPS,
    Program,
    exact_cursors,
    program_of,
)

__all__ = ["WRITES", "Changes", "Target", "Tariff", "rows_of"]

Target = tuple[int, str]
"""The code of an action (insert, update, delete) and a table."""

Changes = Mapping[Target, int]
"""How many rows a statement has inserted, updated and deleted."""

WRITES = (apsw.SQLITE_INSERT, apsw.SQLITE_UPDATE, apsw.SQLITE_DELETE)
_OPENS = frozenset({"OpenRead", "OpenWrite"})
_TABLE_AT = "SELECT tbl_name FROM sqlite_schema WHERE rootpage = ?"
_COUNTERS = "SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'"


class Tariff:
    """What the changes of one statement cost, worked out once for as long as the schema stays.

    Args:
        requests: what the authorizer was asked for.
    """

    __slots__ = ("_counters", "_reads", "_requests", "_weights")

    def __init__(self, requests: Iterable[Request]) -> None:
        self._requests = [request for request in requests if request[0] in WRITES]
        self._reads: _Reads | None = None
        self._weights: dict[Target, int] = {}
        self._counters: bool | None = None

    def rows_read(
        self,
        connection: apsw.Connection,
        query: str,
        bindings: Sequence[Any],
        changes: Changes,
    ) -> int:
        """The rows read, told from how many were changed."""
        reads = self._reads or _reads_of(program_of(connection, query, bindings))
        if not reads.further:
            # What loops may do so in another way for other values.
            self._reads = reads
        total = reads.total(changes)
        for page in reads.scans:
            name = connection.execute(_TABLE_AT, (page,)).fetchall()
            table = str(name[0][0]) if name else "sqlite_schema"
            if table == "sqlite_sequence":
                # The search for a counter ends where it is found, mostly at once.
                continue
            rows = rows_of(connection, table) + changes.get((apsw.SQLITE_DELETE, table), 0)
            total += max(0, rows - changes.get((apsw.SQLITE_INSERT, table), 0) - 1)
        return total

    def rows_written(self, connection: apsw.Connection, changes: Changes) -> int:
        """The rows written, those of indexes included."""
        total = 0
        for target, count in changes.items():
            weight = self._weights.get(target)
            if weight is None:
                weight = self._weights[target] = _weight(connection, *target, self._requests)
            total += count * weight
            if target[0] == apsw.SQLITE_INSERT and count > 0:
                total += self._moved_on(connection, target[1])
        return total

    def _moved_on(self, connection: apsw.Connection, table: str) -> bool:
        """Whether the last row was the newest of an AUTOINCREMENT table: its counter is a row."""
        if self._counters is None:
            self._counters = bool(connection.execute(_COUNTERS).fetchall())
        if not self._counters:
            return False
        counter = "SELECT seq FROM sqlite_sequence WHERE name = ?"
        return connection.execute(counter, (table,)).fetchall() == [
            (connection.last_insert_rowid(),)
        ]


def rows_of(connection: apsw.Connection, table: str) -> int:
    """How many rows a table has."""
    name = table.replace('"', '""')
    [[rows]] = connection.execute(f'SELECT count(*) FROM "{name}"').fetchall()
    return int(str(rows))


class _Reads(NamedTuple):
    """How many rows a program reads."""

    once: int
    each: int
    """per change"""
    further: int
    """per change behind the first"""
    found: int
    """if there is any change: a search for one key reads nothing where it is missing"""
    conflicts: int
    """per row that an INSERT changes or removes instead"""
    scans: tuple[int, ...]
    """the first pages of tables that are read from the beginning to the end"""

    def total(self, changes: Changes) -> int:
        total, count, others = self.once, 0, 0
        for (action, _), rows in changes.items():
            count += rows
            if action != apsw.SQLITE_INSERT:
                others += rows
        if count:
            total += self.found + self.further * (count - 1)
            total += self.each * (count - others or count) + self.conflicts * others
        return total


def _reads_of(program: Program) -> _Reads:
    exact = exact_cursors(program)
    once = each = further = found = conflicts = 0
    pages = {operation[2]: operation[3] for operation in program if operation[1] in _OPENS}
    rewound = {operation[2] for operation in program if operation[1] == "Rewind"} & pages.keys()
    stepped = {operation[2] for operation in program if operation[1] in STEPS}
    scans = []
    before = ""
    for operation in program:
        code, cursor = operation[1], operation[2]
        if before == "IdxRowid" and code in ("NotExists", "SeekRowid"):
            conflicts = 1
        elif code == "NotExists":
            each += 1
        elif code in STARTS:
            if code in EXACT and cursor in exact:
                found += 1
            else:
                once += 1
        elif code in ENDS and cursor in stepped:
            # Behind the last row that is meant, another one is looked at.
            found += 1
        elif code in STEPS and cursor in rewound:
            scans.append(pages[cursor])
        elif code in STEPS:
            further += 1
        before = code
    return _Reads(once, each, further, found, conflicts, tuple(scans))


def _weight(connection: apsw.Connection, action: int, table: str, requests: list[Request]) -> int:
    if action == apsw.SQLITE_DELETE:
        # Rows which a REPLACE pushes out do not count.
        return int(any(request[:2] == (action, table) for request in requests))
    indexes = connection.execute("SELECT name, origin FROM pragma_index_list(?)", (table,))
    own = [(str(name), origin) for name, origin in indexes.fetchall()]
    rowless = connection.execute("SELECT 1 FROM pragma_table_list(?) WHERE wr", (table,)).fetchall()
    others = [name for name, origin in own if not (rowless and origin == "pk")]
    if action == apsw.SQLITE_INSERT:
        return 1 + len(others)
    columns = {
        column for kind, name, column in requests if (kind, name) == (apsw.SQLITE_UPDATE, table)
    }
    return 1 + sum(bool(columns & _columns(connection, name)) for name in others)


def _columns(connection: apsw.Connection, index: str) -> set[str | None]:
    rows = connection.execute("SELECT name FROM pragma_index_info(?)", (index,)).fetchall()
    return {None if name is None else str(name) for (name,) in rows}
