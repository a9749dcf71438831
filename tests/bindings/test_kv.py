"""`env.MY_KV` as programs see it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from flarelocal.bindings.kv import KvNamespace
from flarelocal.clock import VirtualClock
from flarelocal.database import Database
from flarelocal.javascript.binary import ArrayBuffer, Uint8Array
from flarelocal.javascript.clone import serialize
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.promise import settle
from flarelocal.javascript.values import Symbol, Value, null
from flarelocal.javascript.web.readable import ReadableStream
from flarelocal.storage.kv import SCHEMA, KvStore

LIMIT = 25 * 1024 * 1024


class Caller:
    """Calls a binding as JavaScript does, and awaits the result."""

    def __init__(self, kv: KvNamespace) -> None:
        self._kv = kv

    async def __call__(self, name: str, *arguments: Value) -> Any:
        return await settle(self._kv.members[name].function(self._kv, *arguments))

    async def refusal(self, name: str, *arguments: Value) -> str:
        with pytest.raises(JsError) as caught:
            await self(name, *arguments)
        return str(caught.value)


@pytest.fixture
async def database() -> AsyncIterator[Database]:
    database = await Database.open(None, SCHEMA, VirtualClock())
    yield database
    await database.close()


@pytest.fixture
def kv(database: Database) -> Caller:
    return Caller(KvNamespace(KvStore(database, "n", VirtualClock())))


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_a_value_comes_as_the_type_that_is_asked_for(kv: Caller) -> None:
    await kv("put", "key", '{"a":[1,null]}')
    assert await kv("get", "key") == '{"a":[1,null]}'
    assert await kv("get", "key", "json") == {"a": [1, null]}
    assert (await kv("get", "key", {"type": "arrayBuffer"})).data == b'{"a":[1,null]}'
    stream = await kv("get", "key", "stream")
    assert [chunk async for chunk in stream.byte_chunks()] == [b'{"a":[1,null]}']


async def test_a_missing_key_is_null_whatever_the_type(kv: Caller) -> None:
    assert await kv("get", "key", "xml") is null
    assert "Unknown response type" not in str(await kv("getWithMetadata", "key", "xml"))


async def test_a_buffer_is_stored_as_it_is_at_the_time_of_the_call(kv: Caller) -> None:
    buffer = ArrayBuffer.of(bytearray(b"before"))
    stored = kv("put", "key", Uint8Array(buffer, 2))
    await stored
    buffer.writable()[:] = b"AFTER!"
    assert await kv("get", "key") == "fore"


async def test_a_buffer_that_was_read_can_be_written_without_changing_the_store(
    kv: Caller,
) -> None:
    await kv("put", "key", "value")
    (await kv("get", "key", "arrayBuffer")).writable()[:] = b"VALUE"
    assert await kv("get", "key") == "value"


async def test_lone_surrogates_and_wrong_bytes_become_replacement_characters(kv: Caller) -> None:
    await kv("put", "key", "a\udfffb")
    assert await kv("get", "key") == "a\ufffd\ufffd\ufffdb"
    with pytest.raises(JsError, match="KV GET failed: 400 Could not URL-decode key name"):
        await kv("get", "\ud800")
    await kv("put", "bytes", Uint8Array.of_bytes(b"\xffa"))
    assert await kv("get", "bytes") == "\ufffda"


async def test_a_stream_is_stored_when_it_has_arrived(kv: Caller) -> None:
    await kv("put", "key", ReadableStream.of_bytes(chunks(b"in ", b"two")))
    assert await kv("get", "key") == "in two"


async def test_a_stream_that_fails_stores_nothing(kv: Caller) -> None:
    async def failing() -> AsyncIterator[bytes]:
        yield b"half"
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError):
        await kv("put", "key", ReadableStream.of_bytes(failing()))
    assert await kv("get", "key") is null


async def test_a_stream_that_somebody_reads_is_refused(kv: Caller) -> None:
    stream = ReadableStream.of_bytes(b"value")
    stream.get_reader()
    assert "locked to a reader" in await kv.refusal("put", "key", stream)


async def test_values_beyond_the_limit_are_refused_with_their_length(kv: Caller) -> None:
    refusal = f"Error: KV PUT failed: 413 Value length of {LIMIT + 1} exceeds limit of {LIMIT}."
    assert await kv.refusal("put", "key", "x" * (LIMIT + 1)) == refusal
    stream = ReadableStream.of_bytes(chunks(b"x" * LIMIT, b"x"))
    assert await kv.refusal("put", "key", stream) == refusal


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("", "TypeError: Key name cannot be empty."),
        (".", 'TypeError: "." is not allowed as a key name.'),
        ("..", 'TypeError: ".." is not allowed as a key name.'),
        (Symbol("s"), "TypeError: Cannot convert a Symbol value to a string"),
    ],
)
async def test_names_that_are_no_keys(kv: Caller, key: Value, message: str) -> None:
    for name, *rest in (("get",), ("getWithMetadata",), ("put", "x"), ("delete",)):
        assert await kv.refusal(name, key, *rest) == message


async def test_options_are_looked_at_before_the_key_and_the_value(kv: Caller) -> None:
    far = {"expiration": 2**31}
    assert "Value out of range" in await kv.refusal("put", "", {}, far)
    assert "Key name cannot be empty" in await kv.refusal("put", "", {}, {"expirationTtl": 1})
    assert "accepts only strings" in await kv.refusal("put", "key", {}, {"expirationTtl": 1})


async def test_metadata_is_any_json(kv: Caller) -> None:
    anything: tuple[Value, ...] = ({"a": [1, null]}, "text", 0, False, [])
    for metadata in anything:
        await kv("put", "key", "", {"metadata": metadata})
        assert (await kv("getWithMetadata", "key"))["metadata"] == metadata
    assert "JSON can hold" in await kv.refusal("put", "key", "", {"metadata": lambda: None})


async def test_a_listing_has_what_is_known_of_each_key(kv: Caller) -> None:
    await kv("put", "a", "", {"metadata": {"m": 1}, "expiration": 2_000_000_000})
    await kv("put", "b", "")
    assert await kv("list") == {
        "keys": [{"name": "a", "expiration": 2_000_000_000, "metadata": {"m": 1}}, {"name": "b"}],
        "list_complete": True,
        "cacheStatus": null,
    }
    first = await kv("list", {"limit": 1, "prefix": null, "cursor": null})
    assert list(first) == ["keys", "list_complete", "cursor", "cacheStatus"]
    rest = await kv("list", {"cursor": first["cursor"]})
    assert rest["keys"] == [{"name": "b"}]


async def test_several_keys_give_a_map_without_those_that_are_indices(kv: Caller) -> None:
    for key in ("b", "7", "a"):
        await kv("put", key, key)
    found = await kv("get", ["b", "7", "a", "b", "none", "07"])
    assert found.items() == [("b", "b"), ("a", "a"), ("none", null), ("07", null)]


async def test_a_stored_null_has_no_metadata_among_several(kv: Caller) -> None:
    await kv("put", "null", "null", {"metadata": 1})
    found = await kv("getWithMetadata", ["null"], "json")
    assert found.items() == [("null", null)]


async def test_how_many_keys_and_bytes_there_can_be_at_once(kv: Caller) -> None:
    many = [f"key{number}" for number in range(101)]
    assert (await kv("get", many[:100])).size == 100
    assert await kv.refusal("get", many) == (
        "Error: KV GET_BULK failed: 400 You can request a maximum of 100 keys"
    )
    for key in many[:2]:
        await kv("put", key, Uint8Array.of_bytes(bytes(LIMIT // 2 + 1)))
    assert await kv.refusal("get", many[:2]) == (
        "Error: KV GET_BULK failed: 413 Total size of request exceeds the limit of 25MB"
    )


async def test_a_read_behind_a_large_write_sees_it(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "kv.sqlite", SCHEMA, VirtualClock())
    kv = KvNamespace(KvStore(database, "n", VirtualClock()))
    large = kv.put("key", "x" * 1024 * 1024)
    read, listed = kv.get("key"), kv.list()
    assert not read.done()
    await large
    assert len(await read) == 1024 * 1024
    assert (await listed)["keys"] == [{"name": "key"}]
    await database.close()


async def test_a_namespace_cannot_be_sent_away(database: Database) -> None:
    namespace = KvNamespace(KvStore(database, "n", VirtualClock()))
    with pytest.raises(JsError, match="A KV namespace binding cannot be serialized"):
        serialize(namespace)
