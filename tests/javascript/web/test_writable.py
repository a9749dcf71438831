from __future__ import annotations

import asyncio

import pytest

from flarelocal.javascript.errors import JsError, Thrown, error
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.writable import WritableStream


async def test_chunks_reach_the_sink_in_order() -> None:
    written: list[Value] = []
    stream = WritableStream({"write": lambda chunk, controller: written.append(chunk)})
    writer = stream.get_writer()
    await writer.write("a")
    await writer.write("b")
    await writer.close()
    assert written == ["a", "b"]
    assert stream.state == "closed"


async def test_one_chunk_is_written_at_a_time() -> None:
    running = peak = 0

    async def write(chunk: Value, controller: Value) -> None:
        nonlocal running, peak
        running += 1
        peak = max(peak, running)
        await asyncio.sleep(0)
        running -= 1

    writer = WritableStream({"write": write}).get_writer()
    await asyncio.gather(*[writer.write(n) for n in range(5)])
    assert peak == 1


async def test_ready_waits_while_the_sink_is_busy() -> None:
    gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    writer = WritableStream({"write": lambda chunk, controller: gate}).get_writer()
    assert writer.ready.done()
    writing = writer.write("a")
    assert writer.desired_size == 0
    ready = writer.ready
    assert not ready.done()
    gate.set_result(None)
    await writing
    assert ready.done()


async def test_an_error_of_the_sink_fails_the_stream() -> None:
    def write(chunk: Value, controller: Value) -> None:
        raise error("full")

    stream = WritableStream({"write": write})
    writer = stream.get_writer()
    for _ in range(2):
        with pytest.raises(JsError, match="full"):
            await writer.write("a")
    with pytest.raises(JsError, match="full"):
        await writer.closed
    assert writer.desired_size is null


async def test_abort_tells_the_sink_and_its_signal() -> None:
    reasons: list[Value] = []
    controllers: list[Value] = []
    stream = WritableStream({"start": controllers.append, "abort": reasons.append})
    signal = controllers[0].signal
    await stream.get_writer().abort("stop")
    assert reasons == ["stop"]
    assert signal.reason == "stop"


async def test_writing_after_the_close_is_refused() -> None:
    writer = WritableStream().get_writer()
    await writer.close()
    with pytest.raises(JsError, match="has been closed"):
        await writer.write("a")


async def test_a_released_writer_is_of_no_use() -> None:
    stream = WritableStream()
    writer = stream.get_writer()
    writer.release_lock()
    with pytest.raises(JsError, match="writer has been released"):
        writer.write("a")
    assert not stream.locked


async def test_writes_wait_for_a_slow_start() -> None:
    events: list[str] = []

    async def start(controller: Value) -> None:
        await asyncio.sleep(0)
        events.append("started")

    sink = {"start": start, "write": lambda chunk, controller: events.append(chunk)}
    await WritableStream(sink).get_writer().write("written")
    assert events == ["started", "written"]


async def test_aborting_waits_for_the_write_under_way() -> None:
    told: list[Value] = []
    gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    sink = {"write": lambda chunk, controller: gate, "abort": told.append}
    writer = WritableStream(sink).get_writer()
    writing, queued = writer.write("a"), writer.write("b")
    aborting = writer.abort("why")
    await asyncio.sleep(0)
    assert told == []
    gate.set_result(None)
    await asyncio.gather(writing, aborting)
    assert told == ["why"]
    with pytest.raises(Thrown, match="why"):
        await queued


async def test_closed_stays_what_it_was_when_the_writer_goes() -> None:
    writer = WritableStream().get_writer()
    await writer.close()
    writer.release_lock()
    assert await writer.closed is None


async def test_what_was_not_written_is_refused_when_the_writer_goes() -> None:
    gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    writer = WritableStream({"write": lambda chunk, controller: gate}).get_writer()
    writing, queued = writer.write("a"), writer.write("b")
    writer.release_lock()
    with pytest.raises(JsError, match="has been released"):
        await queued
    gate.set_result(None)
    await writing
