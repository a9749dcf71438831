"""`ctx.storage` as programs see it."""

from __future__ import annotations

import math

import pytest

from flarelocal.javascript.date import Date
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.values import Value, null
from tests.bindings.durable_objects.stage import Stage, call, read, refusal


async def test_keys_are_texts(stage: Stage) -> None:
    async def event(ctx: HostObject) -> Value:
        storage = read(ctx, "storage")
        call(storage, "put", 1, "one")
        return call(storage, "get", "1")

    assert await stage.inside(event) == "one"


@pytest.mark.parametrize("synchronous", [False, True])
async def test_keys_are_stored_in_utf8(stage: Stage, *, synchronous: bool) -> None:
    async def event(ctx: HostObject) -> Value:
        storage = read(ctx, "storage")
        if synchronous:
            storage = read(storage, "kv")
        call(storage, "put", "a\ud800", 1)
        return [call(storage, "get", "a\ufffd\ufffd\ufffd"), call(storage, "delete", "a\ud800")]

    assert await stage.inside(event) == [1, True]


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        (
            "get",
            (),
            "'get' on 'DurableObjectStorage': parameter 1 is not of type 'string or",
        ),
        (
            "put",
            (),
            "'put' on 'DurableObjectStorage': parameter 1 is not of type 'string or",
        ),
        ("put", ("a", 1, 5), "parameter 3 is not of type 'PutOptions'"),
        ("put", ("a",), "put() called with undefined value."),
        ("put", ({"a": 1}, "v"), "put() may only be called with a single key-value pair"),
        ("list", ("x",), "parameter 1 is not of type 'ListOptions'"),
        ("transaction", (5,), "parameter 1 is not of type 'function'"),
        ("setAlarm", ("soon",), "parameter 1 is not of type 'date'"),
        ("setAlarm", (math.inf,), "it is not a valid Date"),
    ],
)
async def test_arguments_are_refused_in_the_words_of_the_runtime(
    stage: Stage, name: str, arguments: tuple[Value, ...], message: str
) -> None:
    async def event(ctx: HostObject) -> Value:
        error = await refusal(lambda: call(read(ctx, "storage"), name, *arguments))
        return [error.name, error.message]

    kind, text = await stage.inside(event)
    assert kind == "TypeError"
    assert message in text


async def test_a_transaction_that_throws_leaves_no_trace(stage: Stage) -> None:
    async def closure(transaction: HostObject) -> Value:
        call(transaction, "put", "key", 1)
        raise ValueError("undo")

    async def event(ctx: HostObject) -> Value:
        storage = read(ctx, "storage")
        error = await refusal(lambda: call(storage, "transaction", closure))
        return [error.name, call(storage, "get", "key")]

    assert await stage.inside(event) == ["PythonError", None]


async def test_the_alarm_is_a_date_or_a_number(stage: Stage) -> None:
    async def event(ctx: HostObject) -> Value:
        storage = read(ctx, "storage")
        error = await refusal(lambda: call(storage, "setAlarm", Date(4_102_444_800_000)))
        return [error.message, call(storage, "getAlarm")]

    message, alarm = await stage.inside(event)
    assert message == (
        "Your Durable Object class must have an alarm() handler in order to call setAlarm()"
    )
    assert alarm is null


async def test_an_object_goes_back_to_a_bookmark_and_forth_again(stage: Stage) -> None:
    undo: list[str] = []

    async def write(ctx: HostObject) -> Value:
        storage = read(ctx, "storage")
        call(storage, "put", "key", "old")
        bookmark = call(storage, "getCurrentBookmark")
        call(storage, "put", "key", "new")
        undo.append(call(storage, "onNextSessionRestoreBookmark", bookmark))

    async def restart(ctx: HostObject) -> Value:
        call(ctx, "abort", "restart")

    async def look(ctx: HostObject) -> Value:
        return call(read(ctx, "storage"), "get", "key")

    async def go_forth(ctx: HostObject) -> Value:
        call(read(ctx, "storage"), "onNextSessionRestoreBookmark", undo[0])

    await stage.inside(write)
    assert await stage.inside(look) == "new"
    await refusal(lambda: stage.inside(restart))
    assert await stage.inside(look) == "old"
    await stage.inside(go_forth)
    await refusal(lambda: stage.inside(restart))
    assert await stage.inside(look) == "new"


async def test_a_class_without_sqlite_has_no_bookmarks(stage: Stage) -> None:
    async def event(ctx: HostObject) -> Value:
        storage = read(ctx, "storage")
        return (await refusal(lambda: call(storage, "getCurrentBookmark"))).message

    assert "does not implement point-in-time recovery" in await stage.inside(event, binding="OLD")


async def test_a_cursor_counts_the_rows_that_it_reads(stage: Stage) -> None:
    async def event(ctx: HostObject) -> Value:
        sql = read(read(ctx, "storage"), "sql")
        call(sql, "exec", "CREATE TABLE t(n)")
        written = call(sql, "exec", "INSERT INTO t VALUES (1), (2), (3)")
        cursor = call(sql, "exec", "SELECT n FROM t")
        rows = call(cursor, "toArray")
        return [read(written, "rowsWritten"), read(cursor, "rowsRead"), rows]

    assert await stage.inside(event) == [3, 3, [{"n": 1}, {"n": 2}, {"n": 3}]]
