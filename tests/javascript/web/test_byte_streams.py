"""Streams of bytes, and reads into buffers of the program, as workerd has them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from flarelocal.javascript.binary import VIEW_TYPES, ArrayBuffer, BufferView, DataView, Uint8Array
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.readable import ReadableStream
from tests.javascript.web.reading import collect, read

Uint16Array: Any = VIEW_TYPES["Uint16Array"]


def source(**members: Value) -> tuple[ReadableStream, Value]:
    """A stream of bytes and its controller."""
    kept: list[Value] = []
    stream = ReadableStream({"type": "bytes", "start": kept.append, **members})
    return stream, kept[0]


def octets(*values: int) -> Value:
    return Uint8Array.of_bytes(bytearray(values))


def fill(view: BufferView, *values: int) -> None:
    view.writable_memory[: len(values)] = bytes(values)


async def test_an_enqueued_chunk_is_taken_from_the_program() -> None:
    _, controller = source()
    chunk = octets(1, 2, 3)
    controller.enqueue(chunk)
    assert chunk.byte_length == 0
    assert controller.desired_size == -3


async def test_a_reader_without_buffers_gets_4096_bytes_at_most() -> None:
    stream, controller = source()
    controller.enqueue(Uint8Array(5000))
    controller.close()
    assert [chunk.byte_length for chunk in await collect(stream)] == [4096, 904]


@pytest.mark.parametrize("body", [b"x" * 9000])
async def test_what_the_host_streams_comes_4096_bytes_at_a_time(body: bytes) -> None:
    chunks = await collect(ReadableStream.of_bytes(body))
    assert [chunk.byte_length for chunk in chunks] == [4096, 4096, 808]


async def test_a_read_offers_a_buffer_to_pull() -> None:
    sizes: list[int] = []

    def pull(controller: Value) -> None:
        request = controller.byob_request
        sizes.append(request.view.byte_length)
        fill(request.view, 7)
        request.respond(1)

    stream = ReadableStream({"type": "bytes", "pull": pull, "autoAllocateChunkSize": 5})
    assert bytes((await read(stream.get_reader()))["value"].memory) == b"\x07"
    assert sizes == [5]


async def test_a_view_is_given_back_as_the_kind_it_was() -> None:
    stream, controller = source()
    reader = stream.get_reader({"mode": "byob"})
    controller.enqueue(octets(1, 2, 3))
    view = Uint16Array(4)
    result = await read(reader, view)
    assert (result["value"].js_name, result["value"].byte_length) == ("Uint16Array", 2)
    assert view.buffer.detached
    controller.enqueue(octets(4))
    window = DataView(ArrayBuffer.of(bytearray(8)), 1, 5)
    result = await read(reader, window)
    assert (result["value"].js_name, bytes(result["value"].memory)) == ("DataView", b"\x03\x04")


async def test_a_stream_of_the_host_gives_bytes_back_whatever_the_view_was() -> None:
    reader = ReadableStream.of_bytes(b"hello").get_reader({"mode": "byob"})
    result = await read(reader, Uint16Array(2))
    assert (result["value"].js_name, bytes(result["value"].memory)) == ("Uint8Array", b"hell")
    await read(reader, Uint16Array(2))
    result = await read(reader, Uint16Array(2))
    assert (result["value"].js_name, result["value"].byte_length) == ("Uint8Array", 0)
    assert result["done"]


async def test_a_read_at_the_end_gives_the_buffer_back_empty() -> None:
    stream, controller = source()
    controller.close()
    reader = stream.get_reader({"mode": "byob"})
    result = await read(reader, Uint16Array(2))
    assert result["done"]
    assert (result["value"].js_name, result["value"].byte_length) == ("Uint16Array", 0)


async def test_a_minimum_waits_for_more_chunks() -> None:
    stream, controller = source()
    reading = stream.get_reader({"mode": "byob"}).read_at_least(2, Uint16Array(8))
    for value in (1, 2, 3):
        controller.enqueue(octets(value))
        await asyncio.sleep(0)
        assert not reading.done()
    controller.enqueue(octets(4))
    assert bytes((await reading)["value"].memory) == b"\x01\x02\x03\x04"


async def test_a_partial_answer_leaves_the_rest_of_the_view() -> None:
    stream, controller = source()
    reading = stream.get_reader({"mode": "byob"}).read_at_least(3, octets(0, 0, 0, 0))
    request = controller.byob_request
    view = request.view
    fill(view, 1, 2)
    request.respond(2)
    assert view.byte_length == 0
    assert (request.view.byte_length, request.view.byte_offset) == (2, 2)
    fill(request.view, 3)
    request.respond(1)
    assert request.view is null
    assert bytes((await reading)["value"].memory) == b"\x01\x02\x03"


async def test_the_view_may_be_answered_with_another_one() -> None:
    stream, controller = source()
    reading = stream.get_reader({"mode": "byob"}).read(octets(0, 0, 0, 0))
    controller.byob_request.respond_with_new_view(octets(8, 9, 0, 0).subarray(0, 2))
    assert bytes((await reading)["value"].memory) == b"\x08\x09"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda request: request.respond(9), r"Too many bytes \[9\]"),
        (lambda request: request.respond(0), "must be more than zero"),
        (lambda request: request.respond(-1), "must be more than zero"),
        (lambda request: request.respond_with_new_view(octets(1)), "is not the correct length"),
        (
            lambda request: request.respond_with_new_view(octets(1, 2, 3, 4).subarray(1)),
            "invalid byte offset",
        ),
    ],
)
async def test_an_answer_fits_the_view(answer: Any, message: str) -> None:
    stream, controller = source()
    stream.get_reader({"mode": "byob"}).read(octets(0, 0, 0, 0))
    with pytest.raises(JsError, match=message):
        answer(controller.byob_request)


async def test_a_request_is_over_when_the_chunk_comes_another_way() -> None:
    stream, controller = source()
    reading = stream.get_reader({"mode": "byob"}).read(octets(0))
    request = controller.byob_request
    controller.enqueue(octets(5))
    assert request.view is null
    with pytest.raises(JsError, match="has been invalidated"):
        request.respond(1)
    assert bytes((await reading)["value"].memory) == b"\x05"


async def test_a_closed_stream_is_answered_with_nothing() -> None:
    stream, controller = source()
    reading = stream.get_reader({"mode": "byob"}).read(octets(0))
    request = controller.byob_request
    controller.close()
    with pytest.raises(JsError, match="must be zero after the stream is closed"):
        request.respond(1)
    request.respond(0)
    assert (await reading)["done"]


async def test_both_branches_see_the_bytes_of_one_answer() -> None:
    stream, controller = source()
    left, right = stream.tee()
    first = left.get_reader({"mode": "byob"}).read(octets(0, 0, 0, 0))
    second = right.get_reader({"mode": "byob"}).read(octets(0, 0))
    request = controller.byob_request
    fill(request.view, 1, 2, 3)
    request.respond(3)
    assert bytes((await first)["value"].memory) == b"\x01\x02\x03"
    assert bytes((await second)["value"].memory) == b"\x01\x02"


async def test_closed_streams_take_readers_of_both_kinds() -> None:
    stream = ReadableStream({"start": lambda controller: controller.close()})
    assert (await read(stream.get_reader({"mode": "byob"}), octets(0)))["done"]


async def test_cancelling_ends_the_request() -> None:
    reasons: list[Value] = []
    stream, controller = source(cancel=reasons.append)
    reader = stream.get_reader({"mode": "byob"})
    reading = reader.read(octets(0))
    request = controller.byob_request
    cancelling = reader.cancel("why")
    assert reasons == ["why"]
    await cancelling
    assert (await reading)["done"]
    with pytest.raises(JsError, match="has been invalidated"):
        request.respond(0)


@pytest.mark.parametrize("size", [0, -1])
async def test_buffers_that_are_offered_have_a_size(size: int) -> None:
    with pytest.raises(JsError, match="autoAllocateChunkSize option cannot be zero"):
        ReadableStream({"type": "bytes", "autoAllocateChunkSize": size})


@pytest.mark.parametrize(
    ("mark", "message"),
    [(-1, "expects a positive bigint"), ("x", "is not an integer"), ({}, "is not an integer")],
)
async def test_a_high_water_mark_is_a_count(mark: Value, message: str) -> None:
    with pytest.raises(JsError, match=message):
        ReadableStream({}, {"highWaterMark": mark})


async def test_a_start_that_fails_fails_the_stream() -> None:
    def start(controller: Value) -> None:
        raise JsError("broken")

    reader = ReadableStream({"start": start}).get_reader()
    with pytest.raises(JsError, match="broken"):
        await read(reader)


async def test_a_chunk_without_a_size_fails_the_stream() -> None:
    kept: list[Value] = []
    ReadableStream({"start": kept.append}, {"size": lambda chunk: None})
    kept[0].enqueue("a")
    assert kept[0].desired_size is null


async def test_a_part_of_an_element_is_no_end_of_its_own() -> None:
    stream, controller = source()
    controller.enqueue(octets(1))
    controller.close()
    result = await read(stream.get_reader({"mode": "byob"}), Uint16Array(4))
    assert result["done"]
    assert result["value"].byte_length == 0
