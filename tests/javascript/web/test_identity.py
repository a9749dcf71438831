"""IdentityTransformStream and FixedLengthStream: what is written waits until it is read."""

from __future__ import annotations

import asyncio

import pytest

from flarelocal.javascript.binary import Uint8Array
from flarelocal.javascript.errors import JsError, Thrown, error
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.identity import FixedLengthStream, IdentityTransformStream
from flarelocal.javascript.web.response import Response
from tests.javascript.web.reading import collect, read


def octets(data: bytes) -> Value:
    return Uint8Array.of_bytes(bytearray(data))


async def test_only_bytes_and_texts_are_taken() -> None:
    stream = IdentityTransformStream()
    writer = stream.writable.get_writer()
    reader = stream.readable.get_reader()
    with pytest.raises(JsError, match="is being used as a byte stream"):
        await writer.write(5)
    writer.write("é")
    assert bytes((await read(reader))["value"].memory) == "é".encode()


async def test_a_write_is_through_when_all_of_it_was_read() -> None:
    stream = IdentityTransformStream()
    writing = stream.writable.get_writer().write(octets(b"0123456789"))
    reader = stream.readable.get_reader({"mode": "byob"})
    result = await read(reader, octets(b"......"))
    assert bytes(result["value"].memory) == b"012345"
    assert not writing.done()
    result = await read(reader, octets(b"......"))
    assert bytes(result["value"].memory) == b"6789"
    await writing


async def test_what_is_written_is_not_held_back_by_empty_chunks() -> None:
    writer = IdentityTransformStream().writable.get_writer()
    await writer.write(octets(b""))
    await writer.write(None)


async def test_room_is_counted_in_bytes() -> None:
    writer = IdentityTransformStream({"highWaterMark": 10}).writable.get_writer()
    writer.write(octets(b"0123"))
    assert writer.desired_size == 6
    assert IdentityTransformStream().writable.get_writer().desired_size == 1


async def test_closing_twice_is_no_mistake() -> None:
    stream = IdentityTransformStream()
    writer = stream.writable.get_writer()
    await asyncio.gather(writer.close(), writer.close())
    assert await collect(stream.readable) == []
    with pytest.raises(JsError, match="has been closed"):
        await writer.close()


async def test_the_reader_sees_why_the_writer_gave_up() -> None:
    stream = IdentityTransformStream()
    writer, reader = stream.writable.get_writer(), stream.readable.get_reader()
    await writer.abort("why")
    with pytest.raises(JsError, match="Error: why"):
        await read(reader)
    with pytest.raises(Thrown, match="why"):
        await writer.closed


async def test_a_writer_that_gives_up_what_it_was_writing_is_lost() -> None:
    stream = IdentityTransformStream()
    writer = stream.writable.get_writer()
    writing = writer.write("a")
    await writer.abort(error("why"))
    with pytest.raises(JsError, match="why"):
        await writing
    with pytest.raises(JsError, match=r"Network connection lost\."):
        await read(stream.readable.get_reader())


async def test_the_writer_sees_why_the_reader_gave_up() -> None:
    stream = IdentityTransformStream()
    writer = stream.writable.get_writer()
    writing = writer.write("a")
    await stream.readable.cancel(error("why"))
    with pytest.raises(JsError, match="why"):
        await writing
    with pytest.raises(JsError, match="has been closed"):
        await writer.write("b")


async def test_there_is_one_read_at_a_time() -> None:
    reader = IdentityTransformStream().readable.get_reader()
    reading = asyncio.ensure_future(reader.read())
    await asyncio.sleep(0)
    with pytest.raises(JsError, match="a single pending read request at a time"):
        reader.read()
    with pytest.raises(JsError, match="outstanding read promises"):
        reader.release_lock()
    await reader.cancel()
    with pytest.raises(JsError, match=r"Stream was cancelled\."):
        await reading


async def test_a_fixed_length_is_known() -> None:
    assert Response(FixedLengthStream(3).readable).body_length == 3


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"ab", "did not see all expected bytes before close"),
        (b"abcd", "Attempt to write too many bytes"),
    ],
)
async def test_a_fixed_length_is_checked_by_the_reader(data: bytes, message: str) -> None:
    stream = FixedLengthStream(3)
    writer = stream.writable.get_writer()
    writing, closing = writer.write(octets(data)), writer.close()
    with pytest.raises(JsError, match=message):
        await collect(stream.readable)
    await writing
    if len(data) < 3:
        await closing
    else:
        with pytest.raises(JsError, match=message):
            await closing


@pytest.mark.parametrize(
    ("length", "message"),
    [(-1, "is negative"), ("x", "is not an integer"), (2**53, r"less than 2\^53")],
)
async def test_a_length_is_a_count(length: Value, message: str) -> None:
    with pytest.raises(JsError, match=message):
        FixedLengthStream(length)
