"""Sessions with a D1 database (workerd, internal/d1-api.ts)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from flarelocal.bindings.d1.values import bound, shown
from flarelocal.javascript.errors import JsError, error, type_error
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.signature import Options, properties_of
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value, null
from flarelocal.storage.d1 import D1Error, D1Store, Query, Result

__all__ = ["D1DatabaseSession", "D1PreparedStatement", "run", "service_error"]

_SERVED_BY = "flarelocal.db"
_CONSTRAINTS = ("first-primary", "first-unconstrained")

Run = Callable[[Sequence[Query]], list[Result]]


class D1DatabaseSession(HostObject, io=True):
    """A sequence of queries each of which sees what those before it have changed.

    Args:
        start: a bookmark, or a constraint on where the first query goes; here there is only one
            place.
    """

    __slots__ = ("_bookmark", "_store")

    def __init__(self, store: D1Store, start: str) -> None:
        self._store = store
        self._bookmark = None if start in _CONSTRAINTS else start

    @method
    def prepare(self, query: Value) -> D1PreparedStatement:
        return D1PreparedStatement(self._run, query)

    @method(promise=True)
    def batch(self, statements: Value) -> Value:
        return batch(self._run, statements)

    @method
    def get_bookmark(self) -> Value:
        """The newest bookmark that a query of the session gave; null before."""
        return self._bookmark or null

    def _run(self, queries: Sequence[Query]) -> list[Result]:
        results = run(self._store, queries)
        self._bookmark = max(self._bookmark or "", self._store.bookmark)
        return results


class D1PreparedStatement(HostObject, io=True):
    """SQL text with the values of its parameters; nothing looks at it before it is run."""

    __slots__ = ("_parameters", "_run", "_statement")

    def __init__(self, run: Run, statement: Value, parameters: Sequence[Value] = ()) -> None:
        self._run = run
        self._statement = statement
        self._parameters = list(parameters)

    @getter(own=True)
    def statement(self) -> Value:
        return self._statement

    @getter(own=True)
    def params(self) -> Value:
        return self._parameters

    @method
    def bind(self, *values: Value) -> D1PreparedStatement:
        """The same statement with these values."""
        for value in values:
            bound(value)
        return D1PreparedStatement(self._run, self._statement, values)

    @method(promise=True)
    def first(self, column: Value = None) -> Value:
        """The first row, or one value of it; null if there is no row."""
        result = self._result(metered=False)
        if not result.rows:
            return null
        row = _object(result, result.rows[0])
        if column is None:
            return row
        name = to_string(column)
        if name not in row:
            raise JsError(
                f"D1_COLUMN_NOTFOUND: Column not found ({name})", cause=error("Column not found")
            )
        return row[name]

    @method(promise=True)
    def run(self) -> Value:
        return _answer(self._result())

    @method(promise=True)
    def all(self) -> Value:
        """The rows as objects, and what the service tells about the query."""
        return _answer(self._result())

    @method(promise=True)
    def raw(self, options: Value = None) -> Value:
        """The rows as arrays, after the names of the columns if `columnNames` asks for them."""
        result = self._result(metered=False)
        asked = (properties_of(options) or {}).get("columnNames")
        head: list[Value] = [list(result.columns)] if asked else []
        return head + [[shown(value) for value in row] for row in result.rows]

    def _result(self, *, metered: bool = True) -> Result:
        [result] = self._run([_query(self._statement, self._parameters, metered=metered)])
        return result


def batch(run: Run, statements: Value) -> list[Value]:
    """Run statements in one transaction; their results in order."""
    if statements is None or statements is null:
        raise type_error(f"Cannot read properties of {to_string(statements)} (reading 'map')")
    if not isinstance(statements, list):
        raise type_error("statements.map is not a function")
    return [_answer(result) for result in run([*map(_prepared, statements)])]


def run(store: D1Store, queries: Iterable[Query]) -> list[Result]:
    """Run queries in one transaction.

    Raises:
        JsError: one is refused.
    """
    try:
        return store.run(list(queries))
    except D1Error as refused:
        raise service_error("D1_ERROR", str(refused)) from refused


def service_error(code: str, text: str) -> JsError:
    """An error of the service as programs see it."""
    return JsError(f"{code}: {text}", cause=JsError(text))


def _prepared(value: Value) -> Query:
    """The query of a member of a batch."""
    if value is None or value is null:
        raise type_error(f"Cannot read properties of {to_string(value)} (reading 'statement')")
    given: Options = properties_of(value) or {}
    parameters = given.get("params")
    return _query(given.get("statement"), parameters if isinstance(parameters, list) else [])


def _query(statement: Value, parameters: Sequence[Value], *, metered: bool = True) -> Query:
    if not isinstance(statement, str):
        raise service_error(
            "D1_ERROR", "Expected a statement that prepare() made of SQL text: pass one of these."
        )
    return Query(statement, [bound(value) for value in parameters], metered)


def _answer(result: Result) -> Value:
    meta = result.meta
    read = partial(_object, result)
    return {
        "success": True,
        "meta": {
            "served_by": _SERVED_BY,
            "duration": meta.duration_ms,
            "changes": meta.changes,
            "last_row_id": meta.last_row_id,
            "changed_db": meta.changed_db,
            "size_after": meta.size_after,
            "rows_read": meta.rows_read,
            "rows_written": meta.rows_written,
        },
        "results": [*map(read, result.rows)],
    }


def _object(result: Result, row: Sequence[Value]) -> dict[str, Value]:
    return dict(zip(result.columns, map(shown, row), strict=True))
