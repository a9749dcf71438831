from __future__ import annotations

import asyncio

import pytest

from flarelocal.javascript.errors import JsError, error
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.abort import AbortController
from flarelocal.javascript.web.readable import ReadableStream
from flarelocal.javascript.web.writable import WritableStream
from tests.javascript.web.reading import collect


def sink(written: list[Value]) -> WritableStream:
    return WritableStream({"write": lambda chunk, controller: written.append(chunk)})


async def test_all_chunks_are_written_and_the_target_closed() -> None:
    written: list[Value] = []
    target = sink(written)
    await ReadableStream.from_([1, 2, 3]).pipe_to(target)
    assert written == [1, 2, 3]
    assert target.state == "closed"


async def test_both_streams_are_locked_meanwhile() -> None:
    source, target = ReadableStream(), WritableStream()
    source.pipe_to(target)
    assert source.locked
    assert target.locked


async def test_the_target_can_be_left_open() -> None:
    target = sink([])
    await ReadableStream.from_([1]).pipe_to(target, {"preventClose": True})
    assert target.state == "writable"
    assert not target.locked


async def test_a_failure_of_the_source_aborts_the_target() -> None:
    reasons: list[Value] = []
    source = ReadableStream({"start": lambda controller: controller.error(error("broken"))})
    with pytest.raises(JsError, match="broken"):
        await source.pipe_to(WritableStream({"abort": reasons.append}))
    assert str(reasons[0]) == "Error: broken"


async def test_a_failure_of_the_target_cancels_the_source() -> None:
    reasons: list[Value] = []

    def write(chunk: Value, controller: Value) -> None:
        raise error("full")

    source = ReadableStream(
        {"pull": lambda controller: controller.enqueue(1), "cancel": reasons.append}
    )
    with pytest.raises(JsError, match="full"):
        await source.pipe_to(WritableStream({"write": write}))
    assert str(reasons[0]) == "Error: full"


async def test_a_signal_ends_the_pipe() -> None:
    abort = AbortController()
    reasons: list[Value] = []
    source = ReadableStream({"cancel": reasons.append})
    piping = source.pipe_to(WritableStream(), {"signal": abort.signal})
    abort.abort("enough")
    with pytest.raises(Exception, match="enough"):
        await piping
    assert reasons == ["enough"]


async def test_a_pair_of_sides_is_a_transform() -> None:
    written: list[Value] = []
    closed = asyncio.Event()
    writable = WritableStream(
        {"write": lambda chunk, controller: written.append(chunk), "close": closed.set}
    )
    pair = {"readable": ReadableStream.from_(["out"]), "writable": writable}
    assert await collect(ReadableStream.from_(["in"]).pipe_through(pair)) == ["out"]
    await closed.wait()
    assert written == ["in"]
