from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from flarelocal.javascript.binary import Uint8Array
from flarelocal.javascript.errors import JsError, error
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.readable import ReadableStream
from tests.javascript.web.reading import collect, read


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        await asyncio.sleep(0)
        yield part


async def test_a_program_feeds_a_stream_at_its_start() -> None:
    def start(controller: Value) -> None:
        controller.enqueue("a")
        controller.enqueue("b")
        controller.close()

    assert await collect(ReadableStream({"start": start})) == ["a", "b"]


async def test_pull_is_called_when_there_is_room() -> None:
    count = 0

    async def pull(controller: Value) -> None:
        nonlocal count
        count += 1
        controller.enqueue(count)
        if count == 3:
            controller.close()

    stream = ReadableStream({"pull": pull}, {"highWaterMark": 0})
    await asyncio.sleep(0)
    assert count == 0
    assert await collect(stream) == [1, 2, 3]


async def test_pull_fills_the_queue_up_to_the_high_water_mark() -> None:
    pulled: list[int] = []

    def pull(controller: Value) -> None:
        pulled.append(len(pulled))
        controller.enqueue(len(pulled))

    stream = ReadableStream({"pull": pull}, {"highWaterMark": 3})
    assert len(pulled) == 1
    await asyncio.sleep(0.01)
    assert len(pulled) == 3
    await read(stream.get_reader())
    assert len(pulled) == 3


async def test_an_error_of_pull_fails_the_stream() -> None:
    def pull(controller: Value) -> None:
        raise error("broken")

    reader = ReadableStream({"pull": pull}).get_reader()
    with pytest.raises(JsError, match="broken"):
        await read(reader)
    with pytest.raises(JsError, match="broken"):
        await reader.closed


async def test_reads_wait_for_chunks_in_order() -> None:
    kept: list[Value] = []
    stream = ReadableStream({"start": kept.append})
    reader = stream.get_reader()
    first, second = reader.read(), reader.read()
    kept[0].enqueue("a")
    kept[0].enqueue("b")
    assert (await first)["value"] == "a"
    assert (await second)["value"] == "b"


async def test_cancel_tells_the_program_why() -> None:
    reasons: list[Value] = []
    stream = ReadableStream({"cancel": reasons.append})
    await stream.cancel("enough")
    assert reasons == ["enough"]
    assert await collect(stream) == []


async def test_a_locked_stream_has_one_reader() -> None:
    stream = ReadableStream.of_bytes(b"x")
    reader = stream.get_reader()
    assert stream.locked
    with pytest.raises(JsError, match="currently locked to a reader"):
        stream.get_reader()
    reader.release_lock()
    assert not stream.locked


async def test_releasing_rejects_reads_that_wait() -> None:
    reader = ReadableStream().get_reader()
    waiting = reader.read()
    reader.release_lock()
    with pytest.raises(JsError, match="reader has been released"):
        await waiting


async def test_closed_settles_at_the_end() -> None:
    reader = ReadableStream.of_bytes(chunks(b"a")).get_reader()
    closed = reader.closed
    await read(reader)
    assert not closed.done()
    assert (await read(reader))["done"]
    assert closed.done()


async def test_bytes_come_as_uint8_arrays() -> None:
    stream = ReadableStream.of_bytes(chunks(b"ab", b"c"))
    assert [bytes(chunk.memory) for chunk in await collect(stream)] == [b"ab", b"c"]


async def test_iteration_cancels_a_stream_that_is_left_early() -> None:
    reasons: list[Value] = []
    stream = ReadableStream(
        {"start": lambda controller: controller.enqueue(1), "cancel": reasons.append}
    )
    iterator = stream.values()
    assert await anext(iterator) == 1
    await iterator.aclose()  # type: ignore[attr-defined]
    assert reasons == [None]
    assert not stream.locked


async def test_who_leaves_without_return_leaves_the_stream_locked() -> None:
    stream = ReadableStream.from_([1, 2])
    assert await anext(stream.values()) == 1
    assert stream.locked


async def test_an_iterator_gives_results_as_javascript_has_them() -> None:
    iterator: Value = ReadableStream.from_([1]).values()
    assert await iterator.next() == {"value": 1, "done": False}
    assert await iterator.next() == {"value": None, "done": True}
    assert await iterator.return_(5) == {"done": True, "value": 5}


async def test_what_cannot_be_iterated_makes_no_stream() -> None:
    with pytest.raises(JsError, match="number 5 is not iterable"):
        ReadableStream.from_(5)


async def test_iteration_can_leave_the_stream_alone() -> None:
    stream = ReadableStream({"start": lambda controller: controller.enqueue(1)})
    iterator = stream.values({"preventCancel": True})
    await anext(iterator)
    await iterator.aclose()  # type: ignore[attr-defined]
    assert stream.state == "readable"


async def test_a_stream_of_a_list() -> None:
    assert await collect(ReadableStream.from_([1, 2])) == [1, 2]


async def test_byob_reads_fill_the_view_of_the_program() -> None:
    reader = ReadableStream.of_bytes(chunks(b"abc", b"d")).get_reader({"mode": "byob"})
    view = Uint8Array(2)
    result = await read(reader, view)
    assert bytes(result["value"].memory) == b"ab"
    assert view.byte_length == 0
    result = await read(reader, Uint8Array(5))
    assert bytes(result["value"].memory) == b"c"


async def test_byob_reads_wait_for_a_minimum() -> None:
    reader = ReadableStream.of_bytes(chunks(b"abc", b"de", b"f")).get_reader({"mode": "byob"})
    result = await read(reader, Uint8Array(8), {"min": 5})
    assert bytes(result["value"].memory) == b"abcde"


async def test_byob_needs_a_stream_of_bytes() -> None:
    with pytest.raises(JsError, match="does not support BYOB reads"):
        ReadableStream().get_reader({"mode": "byob"})


async def test_a_program_fills_a_byob_request() -> None:
    def pull(controller: Value) -> None:
        request = controller.byob_request
        request.view.put(0, 7)
        request.respond(1)

    reader = ReadableStream({"type": "bytes", "pull": pull}).get_reader({"mode": "byob"})
    result = await read(reader, Uint8Array(4))
    assert bytes(result["value"].memory) == b"\x07"


async def test_automatic_allocation_offers_a_view_to_every_read() -> None:
    def pull(controller: Value) -> None:
        controller.byob_request.view.put(0, 9)
        controller.byob_request.respond(1)

    stream = ReadableStream({"type": "bytes", "autoAllocateChunkSize": 3, "pull": pull})
    result = await read(stream.get_reader())
    assert bytes(result["value"].memory) == b"\x09"


async def test_tee_gives_every_chunk_to_both() -> None:
    left, right = ReadableStream.of_bytes(chunks(b"a", b"b")).tee()
    assert [bytes(chunk.memory) for chunk in await collect(left)] == [b"a", b"b"]
    assert [bytes(chunk.memory) for chunk in await collect(right)] == [b"a", b"b"]


async def test_tee_cancels_the_source_when_both_are_cancelled() -> None:
    reasons: list[Value] = []
    left, right = ReadableStream({"cancel": reasons.append}).tee()
    await left.cancel("l")
    assert reasons == []
    await right.cancel("r")
    assert reasons == ["r"]


async def test_tee_passes_failures_on() -> None:
    kept: list[Value] = []
    left, right = ReadableStream({"start": kept.append}).tee()
    waiting = left.get_reader().read()
    kept[0].error(error("broken"))
    for reading in (waiting, right.get_reader().closed):
        with pytest.raises(JsError, match="broken"):
            await reading


async def test_memory_stays_flat() -> None:
    alive = peak = 0

    async def produce() -> AsyncIterator[bytes]:
        nonlocal alive, peak
        for _ in range(1000):
            alive += 1
            peak = max(peak, alive)
            yield b"x" * 1000
            alive -= 1

    total = 0
    async for chunk in ReadableStream.of_bytes(produce()).byte_chunks():
        total += len(chunk)
    assert total == 1_000_000
    assert peak == 1


async def test_what_is_no_bytes_cannot_be_read_as_bytes() -> None:
    with pytest.raises(JsError, match="did not return bytes"):
        [chunk async for chunk in ReadableStream.from_([5]).byte_chunks()]


@pytest.mark.parametrize(
    ("minimum", "message"),
    [
        (100, r"Minimum bytes to read \(100\) exceeds size of buffer \(2\)\."),
        (0, r"Requested invalid minimum number of bytes to read \(0\)\."),
    ],
)
async def test_a_minimum_fits_the_buffer(minimum: int, message: str) -> None:
    stream = ReadableStream.of_bytes(b"more than two bytes")
    reader = stream.get_reader({"mode": "byob"})
    view = Uint8Array.of_bytes(bytearray(2))
    with pytest.raises(JsError, match=message):
        await reader.read(view, {"min": minimum})
