"""How many rows a statement has read and written, as the service bills them.

The runtime has its own SQLite which counts. Here writes are counted by what changed and by the
indexes of the table. Reads are told from the program SQLite has made of the statement: exactly for
whole tables and for single rows, about for ranges of an index and for joins.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import apsw

from flarelocal.durable_objects.storage.authorizer import Request

__all__ = [
    "ChangeCounter",
    "Changes",
    "Target",
    "Tariff",
    "rows_read",
    "schema_cost",
    "target_of",
]

Target = tuple[int, str]
"""The code of an action (insert, update, delete) and a table."""

Changes = Counter[Target]

_WRITES = (apsw.SQLITE_INSERT, apsw.SQLITE_UPDATE, apsw.SQLITE_DELETE)
_SEEKS = frozenset({"SeekGE", "SeekGT", "SeekLE", "SeekLT", "SeekRowid", "NotExists"})
_STARTS = _SEEKS | {"Rewind", "Last", "Sort", "SorterSort"}
_STEPS = frozenset({"Next", "Prev", "SorterNext"})
_ENDS = frozenset({"IdxGT", "IdxGE", "IdxLT", "IdxLE"})
_LITERAL = re.compile(r"[xX]?'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/", re.DOTALL)
_COUNTERS = "SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'"
_FULL_SCAN = "SQLITE_STMTSTATUS_FULLSCAN_STEP"


def schema_cost(connection: apsw.Connection, query: str) -> tuple[int, int]:
    """The rows read and written by a statement which changes the schema, before it runs."""
    codes = [operation[1] for operation in _program(connection, query, ())]
    reads = sum(code in _STARTS for code in codes)
    return reads, sum(code in ("Insert", "IdxInsert") for code in codes)


def target_of(requests: Iterable[Request]) -> Target | None:
    """What a statement changes, if it does one thing to one table."""
    targets = {(action, table or "") for action, table, _ in requests if action in _WRITES}
    return targets.pop() if len(targets) == 1 else None


class ChangeCounter:
    """Counts what one statement changes, by kind and table.

    Args:
        connection: of the database.
        target: what it changes, if that is one table only: counting is cheaper then.
    """

    def __init__(self, connection: apsw.Connection, target: Target | None) -> None:
        self._connection = connection
        self._target = target
        self._before = connection.total_changes()
        self._changes: Changes = Counter()
        if target is None:
            connection.preupdate_hook(self._changed)

    def stop(self) -> Changes:
        """Count no more."""
        if self._target is None:
            self._connection.preupdate_hook(None)
        else:
            self._changes[self._target] = self._connection.total_changes() - self._before
        return self._changes

    def _changed(self, update: apsw.PreUpdate) -> None:
        self._changes[update.opcode, update.table_name] += 1


def rows_read(
    connection: apsw.Connection, query: str, bindings: Sequence[Any], fetched: int | None
) -> int:
    """The rows read by a statement which only reads, by running it once more.

    Args:
        connection: of the database.
        query: one statement.
        bindings: of its parameters.
        fetched: how many rows were had; None: all.
    """
    scanned, given = _run_again(connection, query, bindings, fetched)
    total, loops = scanned, 0
    for operation in _program(connection, query, bindings):
        code = operation[1]
        if code in _STARTS:
            total += scanned + 1 if loops and code in _SEEKS else 1
        elif code == "Count":
            total += _entries(connection, query, bindings)
        elif code in _STEPS and not operation[6]:
            total += max(0, given - 1)
        elif code in _ENDS:
            total += int(given > 0 and fetched is None)
        loops += code == "Rewind"
    return total


class Tariff:
    """What the changes of one statement cost, worked out once for as long as the schema stays.

    Args:
        requests: what the authorizer was asked for.
    """

    __slots__ = ("_counters", "_reads", "_requests", "_weights")

    def __init__(self, requests: Iterable[Request]) -> None:
        self._requests = [request for request in requests if request[0] in _WRITES]
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
        reads = self._reads or _reads_of(_program(connection, query, bindings))
        if not reads.further:
            # What loops may do so in another way for other values.
            self._reads = reads
        count = sum(changes.values())
        return reads.once + reads.each * count + reads.further * max(0, count - 1)

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


class _Reads(NamedTuple):
    """How many rows a program reads: at all, per change, and per change behind the first."""

    once: int
    each: int
    further: int


def _reads_of(program: Iterable[Sequence[Any]]) -> _Reads:
    codes = [operation[1] for operation in program]
    return _Reads(
        sum(code in _STARTS and code != "NotExists" for code in codes),
        codes.count("NotExists"),
        sum(code in _STEPS for code in codes),
    )


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


def _entries(connection: apsw.Connection, query: str, bindings: Sequence[Any]) -> int:
    [row] = connection.execute(query, tuple(bindings)).fetchall()
    return max((value for value in row if isinstance(value, int)), default=0)


def _program(
    connection: apsw.Connection, query: str, bindings: Sequence[Any]
) -> list[tuple[Any, ...]]:
    def explained(query: str) -> list[tuple[Any, ...]]:
        # SQLite crashes when a kept EXPLAIN is prepared anew because the schema has changed.
        cursor = connection.cursor()
        return cursor.execute(query, tuple(bindings), explain=1, can_cache=False).fetchall()

    try:
        return explained(query)
    except UnicodeDecodeError:
        # The program shows BLOB literals as text. Without their bytes it is the same program.
        return explained(
            _LITERAL.sub(lambda found: "x''" if found[0][0] in "xX" else found[0], query)
        )


def _run_again(
    connection: apsw.Connection, query: str, bindings: Sequence[Any], fetched: int | None
) -> tuple[int, int]:
    scanned = given = 0

    def profiled(event: dict[str, Any]) -> None:
        nonlocal scanned
        if event["sql"] == query:
            scanned = event["stmt_status"][_FULL_SCAN]

    connection.trace_v2(apsw.SQLITE_TRACE_PROFILE, profiled, id=profiled)
    try:
        rows = connection.cursor().execute(query, tuple(bindings), can_cache=False)
        for _ in rows:
            given += 1
            if given == fetched:
                break
        rows.close(True)
    finally:
        connection.trace_v2(0, None, id=profiled)
    return scanned, given
