from __future__ import annotations

import hashlib

import pytest

from flarelocal.javascript.errors import error
from flarelocal.javascript.values import BigInt, Value
from flarelocal.javascript.web.crypto.crypto import Crypto
from flarelocal.javascript.web.readable import ReadableStream
from tests.javascript.web.crypto.subtle import array, refused


def stream_of(algorithm: Value) -> Value:
    return Crypto().digest_stream.construct(algorithm)


@pytest.mark.parametrize(
    ("algorithm", "digest"),
    [
        ({"name": "sha-256"}, hashlib.sha256(b"123456789").hexdigest()),
        ("MD5", hashlib.md5(b"123456789").hexdigest()),
        ("crc32", "cbf43926"),
        ("CRC32C", "e3069283"),
        ("crc64nvme", "ae8b14860a799888"),
    ],
)
async def test_the_digest_of_what_is_written(algorithm: Value, digest: str) -> None:
    stream = stream_of(algorithm)
    writer = stream.get_writer()
    await writer.write(array(b"1234"))
    await writer.write("56789")
    assert not stream.digest.done()
    await writer.close()
    assert bytes((await stream.digest).data).hex() == digest
    assert stream.bytes_written == BigInt(9)


async def test_a_body_is_piped_into_it() -> None:
    source = ReadableStream({"start": lambda c: (c.enqueue(array(b"body")), c.close())})
    stream = stream_of("SHA-1")
    await source.pipe_to(stream)
    assert bytes((await stream.digest).data) == hashlib.sha1(b"body").digest()


async def test_an_aborted_stream_has_no_digest() -> None:
    stream = stream_of("SHA-256")
    await stream.abort(error("no more"))
    with refused("Error", "no more"):
        await stream.digest


async def test_only_bytes_and_texts_are_written() -> None:
    with refused("TypeError", "DigestStream is a byte stream but received an object of non-Arr"):
        await stream_of("SHA-256").get_writer().write(5)


async def test_algorithms() -> None:
    with refused("NotSupportedError", "Unrecognized or unimplemented digest algorithm requested."):
        stream_of("SHA-3")
    with refused("TypeError", "Cannot initialize N7workerd3api12SubtleCrypto13HashAlgorithmE"):
        stream_of(None)
