"""What SQLite does for a statement, step by step (sqlite.org, "The SQLite Bytecode Engine")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import apsw

__all__ = ["ENDS", "EXACT", "SEEKS", "STARTS", "STEPS", "Program", "exact_cursors", "program_of"]

Program = Sequence[Sequence[Any]]
"""Of each operation: address, code, P1 (often a cursor), P2, P3, P4, P5, comment."""

SEEKS = frozenset({"SeekGE", "SeekGT", "SeekLE", "SeekLT", "SeekRowid", "NotExists"})
STARTS = SEEKS | {"Rewind", "Last", "Sort", "SorterSort"}
STEPS = frozenset({"Next", "Prev", "SorterNext"})
EXACT = frozenset({"SeekGE", "SeekLE"})
_SEEK_EQUAL = 0x02
"""SQLite, vdbe.h: OPFLAG_SEEKEQ"""
ENDS = frozenset({"IdxGT", "IdxGE", "IdxLT", "IdxLE"})
_LITERAL = r"(?s)[xX]?'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/"


def program_of(connection: apsw.Connection, query: str, bindings: Sequence[Any]) -> Program:
    def explained(query: str) -> Program:
        # SQLite crashes when a kept EXPLAIN is prepared anew because the schema has changed.
        cursor = connection.cursor()
        return cursor.execute(query, tuple(bindings), explain=1, can_cache=False).fetchall()

    try:
        return explained(query)
    except UnicodeDecodeError:
        # The program shows BLOB literals as text. Without their bytes it is the same program.
        return explained(
            re.sub(_LITERAL, lambda found: "x''" if found[0][0] in "xX" else found[0], query)
        )


def exact_cursors(program: Program) -> set[int]:
    """The cursors which only look for keys that equal what is sought."""
    return {
        operation[2]
        for operation in program
        if operation[1] in ("OpenRead", "OpenWrite") and operation[6] & _SEEK_EQUAL
    }
