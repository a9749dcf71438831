from __future__ import annotations

import asyncio

import pytest

from flarelocal.javascript.errors import JsError, error
from flarelocal.javascript.promise import settle
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.readable import ReadableStream
from flarelocal.javascript.web.transform import TransformStream
from tests.javascript.web.reading import collect


async def test_without_a_transformer_chunks_pass_through() -> None:
    stream = TransformStream()
    writer = stream.writable.get_writer()
    writing = asyncio.gather(writer.write(1), writer.write(2), writer.close())
    assert await collect(stream.readable) == [1, 2]
    await writing


async def test_a_write_waits_until_somebody_reads() -> None:
    stream = TransformStream()
    writing = stream.writable.get_writer().write("a")
    await asyncio.sleep(0)
    assert not writing.done()
    await settle(stream.readable.get_reader().read())
    await writing


async def test_transform_and_flush_produce_chunks() -> None:
    async def transform(chunk: Value, controller: Value) -> None:
        await asyncio.sleep(0)
        controller.enqueue(chunk * 2)

    def flush(controller: Value) -> None:
        controller.enqueue("end")

    stream = TransformStream({"transform": transform, "flush": flush})
    assert await collect(ReadableStream.from_([1, 2]).pipe_through(stream)) == [2, 4, "end"]


async def test_an_error_of_transform_fails_both_sides() -> None:
    def transform(chunk: Value, controller: Value) -> None:
        raise error("no")

    stream = TransformStream({"transform": transform}, None, {"highWaterMark": 1})
    with pytest.raises(JsError, match="no"):
        await stream.writable.get_writer().write(1)
    with pytest.raises(JsError, match="no"):
        await collect(stream.readable)


async def test_terminate_ends_reading_and_refuses_writing() -> None:
    stream = TransformStream({"start": lambda controller: controller.terminate()})
    assert await collect(stream.readable) == []


async def test_cancelling_the_readable_side_fails_the_writable_one() -> None:
    stream = TransformStream()
    writer = stream.writable.get_writer()
    await stream.readable.cancel(error("gone"))
    with pytest.raises(JsError, match="gone"):
        await writer.write(1)


async def test_a_write_that_waits_fails_when_the_reader_goes() -> None:
    stream = TransformStream()
    writing = stream.writable.get_writer().write(1)
    await stream.readable.cancel(error("gone"))
    with pytest.raises(JsError):
        await writing
