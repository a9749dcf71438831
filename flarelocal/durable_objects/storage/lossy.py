"""Rows with texts which are not UTF-8: SQLite stores any bytes, Python reads only UTF-8."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import apsw

from flarelocal.durable_objects.storage.database import Binding

__all__ = ["reread"]

_TEXT = "t"


def reread(
    connection: apsw.Connection,
    query: str,
    columns: int,
    bindings: Sequence[Binding],
    skip: int,
) -> Iterator[tuple[Binding, ...]]:
    """Run a query once more, with texts as bytes; wrong bytes become replacement characters.

    Args:
        connection: of the database.
        query: one statement which only reads.
        columns: how many it gives.
        bindings: of its parameters.
        skip: how many rows were read before.
    """
    names = [f"c{number}" for number in range(columns)]
    as_bytes = [f"iif(typeof({name}) = 'text', CAST({name} AS BLOB), {name})" for name in names]
    kinds = " || ".join(f"substr(typeof({name}), 1, 1)" for name in names)
    rows = connection.execute(
        f"WITH _rows({', '.join(names)}) AS (\n{query.rstrip().rstrip(';')}\n) "
        f"SELECT {kinds}, {', '.join(as_bytes)} FROM _rows LIMIT -1 OFFSET {skip}",
        tuple(bindings),
    )
    for kind, *values in rows:
        yield tuple(
            value.decode(errors="replace") if isinstance(value, bytes) and k == _TEXT else value
            for k, value in zip(str(kind), values, strict=True)
        )
