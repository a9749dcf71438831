"""`UPDATE … LIMIT` and `DELETE … LIMIT`, which SQLite knows only if it was built for them.

The runtime's SQLite was, and turns them into what is written here (SQLite: update.c,
sqlite3LimitWhere).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from flarelocal.dataclass import dataclass
from flarelocal.durable_objects.errors import DurableObjectError

__all__ = ["Limited", "limited"]

_SUSPECT = re.compile(r"\b(?:update|delete)\b.*\b(?:limit|order)\b", re.IGNORECASE | re.DOTALL)
_TOKEN = re.compile(
    r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`(?:[^`]|``)*`|\[[^\]]*\]"
    r"|--[^\n]*|/\*.*?(?:\*/|\Z)|[^\0-@\[-^`{-\x7f][\w$]*|[()?]",
    re.DOTALL,
)
_NAME = re.compile(r"\s*(\"(?:[^\"]|\"\")*\"|`(?:[^`]|``)*`|\[[^\]]*\]|[\w$]+)")
_CONFLICT = re.compile(r"\s*OR\s+\w+", re.IGNORECASE)
_STATEMENTS = frozenset({"UPDATE", "DELETE", "INSERT", "REPLACE", "SELECT"})
_CLAUSES = frozenset({"SET", "FROM", "WHERE", "RETURNING", "ORDER", "LIMIT"})


@dataclass(frozen=True, slots=True)
class Limited:
    """A statement which changes some of the rows that it selects.

    Attributes:
        table: whose rows they are, without quotes.
        head: all before the condition.
        selection: what behind `SELECT …` gives these rows.
        tail: the RETURNING clause.
    """

    table: str
    head: str
    selection: str
    tail: str

    def text(self, key: Sequence[str]) -> str:
        """The statement without LIMIT.

        Args:
            key: the columns which tell the rows of the table apart.
        """
        columns = ", ".join(key)
        wanted = f"({columns})" if len(key) > 1 else columns
        return (
            f"{self.head} WHERE {wanted} IN (SELECT {columns} FROM {self.selection}\n) {self.tail}"
        )


@lru_cache(256)
def limited(statement: str) -> Limited | None:
    """What a statement with such a LIMIT consists of; None for all others.

    Raises:
        DurableObjectError: it has an order, but no limit.
    """
    if not _SUSPECT.search(statement):
        return None
    clauses = _clauses(statement)
    kind = next((word for word in ("UPDATE", "DELETE") if word in clauses), None)
    if kind is None or not clauses.keys() & {"ORDER", "LIMIT"}:
        return None
    if "LIMIT" not in clauses:
        raise DurableObjectError(f"ORDER BY without LIMIT on {kind}: SQLITE_ERROR")
    if kind == "UPDATE" and ("SET" not in clauses or "FROM" in clauses):
        return None
    return _taken_apart(statement.rstrip().removesuffix(";"), kind, clauses)


def _taken_apart(statement: str, kind: str, clauses: dict[str, int]) -> Limited | None:
    def upto(start: int, *names: str) -> int:
        behind = [clauses[name] for name in names if clauses.get(name, -1) >= start]
        return min(behind, default=len(statement))

    if kind == "UPDATE":
        begin, end = clauses["UPDATE"] + len("UPDATE"), clauses["SET"]
        if conflict := _CONFLICT.match(statement, begin):
            begin = conflict.end()
    else:
        begin = clauses.get("FROM", clauses["DELETE"]) + len("FROM")
        end = upto(begin, "WHERE", "RETURNING", "ORDER", "LIMIT")
    source = statement[begin:end]
    name = _NAME.match(source)
    order = upto(0, "ORDER", "LIMIT")
    returning = clauses.get("RETURNING", order)
    condition = clauses.get("WHERE", returning)
    tail = statement[returning:order]
    # Parameters go by their position, which those of RETURNING would lose.
    if name is None or "?" in tail:
        return None
    selection = f"{source} {statement[condition:returning]}\n{statement[order:]}"
    return Limited(_unquoted(name[1]), statement[:condition], selection, tail)


def _clauses(statement: str) -> dict[str, int]:
    """Where the statement proper begins, and each of its clauses."""
    found: dict[str, int] = {}
    depth = 0
    for token in _TOKEN.finditer(statement):
        word = token.group().upper()
        depth += (word == "(") - (word == ")")
        if depth:
            continue
        if not found:
            if word in _STATEMENTS:
                found[word] = token.start()
            elif word == "CREATE":
                return {}
        elif word in _CLAUSES:
            found.setdefault(word, token.start())
    return found


def _unquoted(name: str) -> str:
    quote = name[0]
    if quote == "[":
        return name[1:-1]
    return name[1:-1].replace(quote * 2, quote) if quote in '"`' else name
