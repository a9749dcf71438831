"""How many rows a statement has read and written, as the service bills them.

The runtime has its own SQLite which counts. Here writes are counted by what changed and by the
indexes of the table. Reads are told from the program SQLite has made of the statement: exactly for
whole tables and for single rows, about for ranges of an index and for joins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import apsw

from flarelocal.durable_objects.storage.authorizer import Request
from flarelocal.durable_objects.storage.program import (
    ENDS,
    EXACT,
    SEEKS,
    STARTS,
    STEPS,
    exact_cursors,
    program_of,
)
from flarelocal.durable_objects.storage.tariff import WRITES, Changes, Target

__all__ = [
    "ChangeCounter",
    "rows_read",
    "schema_cost",
    "target_of",
]

_FULL_SCAN = "SQLITE_STMTSTATUS_FULLSCAN_STEP"


def schema_cost(
    connection: apsw.Connection, query: str, requests: Iterable[Request]
) -> tuple[int, int]:
    """The rows read and written by a statement which changes the schema, before it runs.

    Args:
        requests: what the authorizer was asked for.
    """
    codes = [operation[1] for operation in program_of(connection, query, ())]
    reads = sum(code in STARTS for code in codes)
    if "Destroy" in codes:
        return reads, 0
    indexed = [table for action, _, table in requests if action == apsw.SQLITE_CREATE_INDEX]
    if not indexed or "SorterOpen" not in codes:
        return reads, sum(code in ("Insert", "IdxInsert") for code in codes)
    rows = _count(connection, str(indexed[0]))
    # Each row is read once, and once more when all of them are sorted.
    return reads + (2 * rows if rows > 1 else rows), 1 + rows


def _count(connection: apsw.Connection, table: str) -> int:
    name = table.replace('"', '""')
    [[rows]] = connection.execute(f'SELECT count(*) FROM "{name}"').fetchall()
    return int(str(rows))


def target_of(requests: Iterable[Request]) -> Target | None:
    """What a statement changes, if it does one thing to one table.

    Nobody is asked about the rows that a REPLACE pushes out: they do not count as read.
    """
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
    return total


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
