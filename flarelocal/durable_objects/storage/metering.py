"""How many rows a statement has read and written, as the service bills them.

The runtime has its own SQLite which counts. Here writes are counted by what changed and by the
indexes of the table. Reads are told from the program SQLite has made of the statement: exactly for
whole tables and for single rows, about for ranges of an index and for joins.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import apsw

from flarelocal.durable_objects.storage.authorizer import Request
from flarelocal.durable_objects.storage.program import (
    ENDS,
    EXACT,
    SEEKS,
    STARTS,
    STEPS,
    Program,
    exact_cursors,
    program_of,
)
from flarelocal.durable_objects.storage.tariff import WRITES, Changes, Target, rows_of

__all__ = [
    "ChangeCounter",
    "rows_read",
    "schema_cost",
    "target_of",
]

_REINDEX = apsw.SQLITE_REINDEX
_DROPS = frozenset(
    {
        apsw.SQLITE_DROP_INDEX,
        apsw.SQLITE_DROP_TABLE,
        apsw.SQLITE_DROP_TRIGGER,
        apsw.SQLITE_DROP_VIEW,
    }
)
_SCHEMA_ROWS = (
    "SELECT count(*), count(*) FILTER (WHERE tbl_name = ? AND type IN ('table', 'index'))"
    " FROM sqlite_schema"
)
_INDEXED = (
    "SELECT s.name FROM sqlite_schema AS s, pragma_index_list(s.name) AS i"
    " WHERE s.type = 'table' AND i.name = ?"
)
_COUNTED = (
    "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ? AND sql LIKE '%autoincrement%'"
)
_FILLED = (
    r"""(?i)\s*CREATE\s+TABLE\s+(IF\s+NOT\s+EXISTS\s+)?(\w+|"[^"]*"|`[^`]*`|\[[^]]*\])\s+AS\b"""
)
_FULL_SCAN = "SQLITE_STMTSTATUS_FULLSCAN_STEP"


def schema_cost(
    connection: apsw.Connection, query: str, requests: Iterable[Request]
) -> tuple[int, int]:
    """The rows read and written by a statement which changes the schema, before it runs.

    Args:
        requests: what the authorizer was asked for.
    """
    requests = list(requests)
    dropped = [each for each in requests if each[0] in _DROPS]
    if dropped:
        return sum(_cost_of_drop(connection, *each[:2]) for each in dropped), 0
    codes = list(_straight(program_of(connection, query, ())))
    filled = re.match(_FILLED, query)
    if filled and "CreateBtree" in codes:
        reads, rows = _read_and_given(connection, query[filled.end() :], (), None)
        return 1 + reads, 2 + rows
    reads = sum(code in STARTS for code in codes)
    if "SorterOpen" not in codes:
        return reads, sum(code in ("Insert", "IdxInsert") for code in codes)
    made = [str(table) for action, _, table in requests if action == apsw.SQLITE_CREATE_INDEX]
    # A new index is asked for as if it were renewed, too.
    renewed = [name for action, name, _ in requests if action == _REINDEX and not made]
    tables = [*made, *(_table_of(connection, name) for name in renewed)]
    sizes = [rows_of(connection, table) for table in tables]
    # Each row is read once, and once more when all of them are sorted.
    reads += sum(2 * rows if rows > 1 else rows for rows in sizes)
    return reads, len(made) + sum(sizes)


def _straight(program: Program) -> Iterator[str]:
    """The codes of a program that is run once, without what it leaps over."""
    address, code, passed = 0, "", set[int]()
    while code != "Halt" and address not in passed:
        passed.add(address)
        code, leap = program[address][1], program[address][3]
        yield code
        address = leap if code in ("Init", "Goto") else address + 1


def _cost_of_drop(connection: apsw.Connection, action: int, name: str | None) -> int:
    """The rows read to take something out of the schema: all of it, and what goes once more."""
    [(rows, own)] = connection.execute(_SCHEMA_ROWS, (name,)).fetchall()
    gone = {apsw.SQLITE_DROP_TABLE: own, apsw.SQLITE_DROP_INDEX: 1}.get(action, 0)
    counters = 0
    if connection.execute(_COUNTED, (name,)).fetchall():
        counters = max(1, rows_of(connection, "sqlite_sequence"))
    return int(str(rows)) + int(str(gone)) + counters


def _table_of(connection: apsw.Connection, index: str | None) -> str:
    [(table,)] = connection.execute(_INDEXED, (index,)).fetchall()
    return str(table)


def target_of(requests: Iterable[Request]) -> Target | None:
    """What a statement changes, if it does one thing to one table."""
    targets = {(action, table or "") for action, table, _ in requests if action in WRITES}
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
        self._changes: Counter[Target] = Counter()
        self._pushed_out: int | None = None
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
        if update.opcode == apsw.SQLITE_DELETE:
            self._pushed_out = update.rowid
        elif update.opcode == apsw.SQLITE_INSERT and update.rowid_new == self._pushed_out:
            # The row of the same number is found without looking for it.
            self._changes[apsw.SQLITE_DELETE, update.table_name] -= 1


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
    return _read_and_given(connection, query, bindings, fetched)[0]


def _read_and_given(
    connection: apsw.Connection, query: str, bindings: Sequence[Any], fetched: int | None
) -> tuple[int, int]:
    scanned, given = _run_again(connection, query, bindings, fetched)
    total, loops = scanned, 0
    program = program_of(connection, query, bindings)
    exact = exact_cursors(program)
    stepped = {operation[2] for operation in program if operation[1] in STEPS}
    for operation in program:
        code, cursor = operation[1], operation[2]
        if code in STARTS:
            if not loops and not given and code in EXACT and cursor in exact:
                continue
            total += scanned + 1 if loops and code in SEEKS else 1
        elif code == "Count":
            total += _entries(connection, query, bindings)
        elif code in STEPS and not operation[6]:
            total += max(0, given - 1)
        elif code in ENDS and cursor in stepped:
            total += int(given > 0 and fetched is None)
        loops += code == "Rewind"
    return total, given


def _entries(connection: apsw.Connection, query: str, bindings: Sequence[Any]) -> int:
    [row] = connection.execute(query, tuple(bindings)).fetchall()
    return max((value for value in row if isinstance(value, int)), default=0)


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
