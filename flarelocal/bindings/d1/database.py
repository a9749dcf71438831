"""A D1 database: `env.MY_DB` (Cloudflare docs, "D1 Database"; workerd, internal/d1-api.ts)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from flarelocal.bindings.d1.session import (
    D1DatabaseSession,
    D1PreparedStatement,
    batch,
    run,
    service_error,
)
from flarelocal.javascript.errors import error, type_error
from flarelocal.javascript.host import HostObject, method
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value, null
from flarelocal.storage.d1 import D1Error, D1Store, Query, Result

__all__ = ["D1Database"]


class D1Database(HostObject, io=True):
    """A D1 database; each call is one transaction."""

    __slots__ = ("_store",)

    def __init__(self, store: D1Store) -> None:
        self._store = store

    @method
    def prepare(self, query: Value) -> D1PreparedStatement:
        return D1PreparedStatement(self._run, query)

    @method(promise=True)
    def batch(self, statements: Value) -> Value:
        return batch(self._run, statements)

    @method(promise=True)
    def exec(self, query: Value) -> Value:
        """Run each line as a statement of its own; all of them, or none."""
        _require_text(query, "query.trim")
        lines = query.strip().split("\n")
        try:
            results = self._store.run([Query(line) for line in lines])
        except D1Error as refused:
            # The service names the first line, whichever was at fault.
            text = f"Error in line 1: {lines[0]}: {refused}"
            raise service_error("D1_EXEC_ERROR", text) from refused
        duration = sum(result.meta.duration_ms for result in results)
        return {"count": len(results), "duration": duration}

    @method
    def with_session(self, constraint_or_bookmark: Value = None) -> D1DatabaseSession:
        start = constraint_or_bookmark
        if start is None or start is null:
            start = ""
        _require_text(start, "constraintOrBookmark?.trim")
        return D1DatabaseSession(self._store, start.strip() or "first-unconstrained")

    @method(promise=True)
    def query(self, request: Value) -> NoReturn:
        raise error(
            "D1_ERROR: D1Database.query() requires the d1_binding_jsrpc compatibility flag. Enable "
            "d1_binding_jsrpc before calling query()."
        )

    @method(promise=True)
    def dump(self) -> NoReturn:
        """What only databases of the alpha version had."""
        raise service_error("D1_DUMP_ERROR", "Status + 404")

    def _run(self, queries: Sequence[Query]) -> list[Result]:
        return run(self._store, queries)


def _require_text(value: Value, call: str) -> None:
    """Refuse what is no text, in the words of V8 for a method that the value lacks."""
    if value is None or value is null:
        raise type_error(f"Cannot read properties of {to_string(value)} (reading 'trim')")
    if not isinstance(value, str):
        raise type_error(f"{call} is not a function")
