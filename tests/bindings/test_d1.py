"""`env.MY_DB` as programs see it."""

from collections.abc import Iterator
from typing import Any

import pytest

from flarelocal.bindings.d1.database import D1Database
from flarelocal.clock import VirtualClock
from flarelocal.javascript.binary import ArrayBuffer, Uint8Array
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.values import BigInt, Value, null
from flarelocal.storage.d1 import D1Store


def call(target: HostObject, name: str, *arguments: Value) -> Any:
    return target.members[name].function(target, *arguments)


def refusal(target: HostObject, name: str, *arguments: Value) -> str:
    with pytest.raises(JsError) as caught:
        call(target, name, *arguments)
    return str(caught.value)


@pytest.fixture
def database(clock: VirtualClock) -> Iterator[D1Database]:
    store = D1Store(None, "main", clock)
    yield D1Database(store)
    store.close()


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


def first(database: D1Database, sql: str, *values: Value) -> Any:
    return call(call(call(database, "prepare", sql), "bind", *values), "first")


def test_buffers_come_back_as_lists_of_bytes(database: D1Database) -> None:
    view = Uint8Array.of_bytes(b"\x01\x02")
    assert first(database, "SELECT ? AS a", ArrayBuffer.of(b"\x01\xff")) == {"a": [1, 255]}
    assert first(database, "SELECT ? AS a", [1, 2.5]) == {"a": [1, 2]}
    assert first(database, "SELECT ? AS a", view) == {"a": [1, 2]}


def test_numbers_without_json_are_null(database: D1Database) -> None:
    assert first(database, "SELECT ? AS a, 9e999 AS b", float("nan")) == {"a": null, "b": null}


def test_lone_surrogates_are_replaced(database: D1Database) -> None:
    assert first(database, "SELECT ? AS a", "\ud800é") == {"a": "\ufffd\ufffd\ufffdé"}


def test_values_are_checked_when_they_are_bound(database: D1Database) -> None:
    statement = call(database, "prepare", "SELECT ?")
    assert refusal(statement, "bind", BigInt(5)) == (
        "Error: D1_TYPE_ERROR: Type 'bigint' not supported for value '5'"
    )
    assert "'undefined' not supported" in refusal(statement, "bind", None)


def test_raw_rows_may_have_the_columns_above_them(database: D1Database) -> None:
    statement = call(database, "prepare", "SELECT 1 AS a, 2 AS a")
    assert call(statement, "raw") == [[1, 2]]
    assert call(statement, "raw", {"columnNames": True}) == [["a", "a"], [1, 2]]


def test_a_batch_takes_a_list_of_statements(database: D1Database) -> None:
    assert refusal(database, "batch", None) == (
        "TypeError: Cannot read properties of undefined (reading 'map')"
    )
    assert refusal(database, "batch", {}) == "TypeError: statements.map is not a function"
    assert refusal(database, "batch", ["SELECT 1"]).startswith("Error: D1_ERROR: ")


def test_a_session_has_a_bookmark_after_its_first_query(database: D1Database) -> None:
    session = call(database, "withSession", "first-primary")
    assert call(session, "getBookmark") is null
    call(call(session, "prepare", "CREATE TABLE t (x)"), "run")
    before = call(session, "getBookmark")
    call(session, "batch", [call(session, "prepare", "INSERT INTO t VALUES (1)")])
    assert isinstance(before, str)
    assert before < call(session, "getBookmark")
    assert call(call(database, "withSession", before), "getBookmark") == before


def test_databases_are_not_dumped(database: D1Database) -> None:
    assert refusal(database, "dump") == "Error: D1_DUMP_ERROR: Status + 404"
