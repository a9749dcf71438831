"""A KV namespace: entries, expiry, listings, and what is refused."""

import asyncio
from pathlib import Path

import pytest

from flarelocal.clock import VirtualClock
from flarelocal.database import Database
from flarelocal.storage.kv import SCHEMA, KvEntry, KvError, KvKey, KvStore

HOUR = 3600


async def names(kv: KvStore, prefix: str = "") -> list[str]:
    return [key.name for key in (await kv.list(prefix=prefix)).keys]


async def test_a_value_is_read_as_it_was_stored(kv: KvStore) -> None:
    await kv.put("key", b"\x00 value", metadata='{"a":1}')
    assert await kv.get("key") == KvEntry(b"\x00 value", '{"a":1}', None)
    assert await kv.get("other") is None


async def test_a_second_put_replaces_all_of_the_entry(kv: KvStore, clock: VirtualClock) -> None:
    await kv.put("key", b"old", metadata="1", expiration_ttl=HOUR)
    await kv.put("key", b"new")
    assert await kv.get("key") == KvEntry(b"new", None, None)
    await clock.advance(2 * HOUR * 1000)
    assert await names(kv) == ["key"]


async def test_a_deleted_key_is_gone(kv: KvStore) -> None:
    await kv.put("key", b"value")
    await kv.delete("key")
    await kv.delete("never there")
    assert await kv.get("key") is None


async def test_namespaces_do_not_see_each_other(
    kv: KvStore, database: Database, clock: VirtualClock
) -> None:
    other = KvStore(database, "other", clock)
    await kv.put("key", b"mine")
    await other.put("key", b"theirs")
    await other.delete("nothing")
    assert (await kv.get("key")) == KvEntry(b"mine", None, None)
    await other.delete("key")
    assert (await names(kv), await names(other)) == (["key"], [])


async def test_calls_take_effect_in_their_order_without_being_awaited(kv: KvStore) -> None:
    large = kv.put("key", b"x" * 1024 * 1024)
    small = kv.put("key", b"small")
    seen = kv.get("key")
    listed = kv.list()
    await asyncio.gather(large, small)
    assert await seen == KvEntry(b"small", None, None)
    assert len((await listed).keys) == 1


async def test_entries_outlive_the_process(tmp_path: Path, clock: VirtualClock) -> None:
    path = tmp_path / "state.sqlite"
    first = await Database.open(path, SCHEMA, clock)
    await KvStore(first, "n", clock).put("key", b"value", metadata="[]", expiration_ttl=HOUR)
    await first.close()
    second = await Database.open(path, SCHEMA, clock)
    entry = await KvStore(second, "n", clock).get("key")
    assert entry == KvEntry(b"value", "[]", clock.now() // 1000 + HOUR)
    await second.close()


async def test_an_entry_is_gone_the_moment_it_expires(kv: KvStore, clock: VirtualClock) -> None:
    await kv.put("ttl", b"", expiration_ttl=60)
    await kv.put("at", b"", expiration=clock.now() // 1000 + 60)
    await clock.advance(59_999)
    assert await names(kv) == ["at", "ttl"]
    await clock.advance(1)
    assert await names(kv) == []
    assert await kv.get("ttl") is None


async def test_the_time_to_live_counts_more_than_the_time(kv: KvStore, clock: VirtualClock) -> None:
    now_s = clock.now() // 1000
    await kv.put("key", b"", expiration=now_s + HOUR, expiration_ttl=90)
    assert (await kv.list()).keys == (KvKey("key", now_s + 90, None),)


async def test_writes_that_expire_clear_away_what_expired(
    kv: KvStore, database: Database, clock: VirtualClock
) -> None:
    for number in range(150):
        await kv.put(f"{number}", b"", expiration_ttl=60)
    await clock.advance(60_000)
    await kv.put("last", b"", expiration_ttl=60)
    await kv.put("last", b"", expiration_ttl=60)
    assert await database.fetch("SELECT key FROM kv_entry") == [("last",)]


async def test_keys_come_in_the_order_of_their_bytes(kv: KvStore) -> None:
    for key in ("b", "a:2", "a:10", "é", "B", "a b", "a\nb", "😀", "\uffff", "a\0b"):
        await kv.put(key, b"")
    assert await names(kv) == [
        *("B", "a\0b", "a\nb", "a b", "a:10", "a:2", "b", "é", "\uffff", "😀")
    ]


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("", ["A_", "a%", "a*", "a_", "ab", "a\U0010ffff", "a\U0010ffffz", "b"]),
        ("a", ["a%", "a*", "a_", "ab", "a\U0010ffff", "a\U0010ffffz"]),
        ("a_", ["a_"]),
        ("a\U0010ffff", ["a\U0010ffff", "a\U0010ffffz"]),
        ("c", []),
    ],
)
async def test_a_prefix_is_taken_literally(kv: KvStore, prefix: str, expected: list[str]) -> None:
    for key in ("a_", "a%", "a*", "A_", "ab", "a\U0010ffff", "a\U0010ffffz", "b"):
        await kv.put(key, b"")
    assert await names(kv, prefix) == expected


async def test_a_cursor_goes_on_where_the_page_ended(kv: KvStore) -> None:
    for key in "edcba":
        await kv.put(key, b"")
    first = await kv.list(limit=2)
    assert first.cursor is not None
    await kv.put("bb", b"")
    await kv.delete("b")
    second = await kv.list(limit=2, cursor=first.cursor)
    assert [key.name for key in second.keys] == ["bb", "c"]
    third = await kv.list(limit=2, cursor=second.cursor or "")
    assert [key.name for key in third.keys] == ["d", "e"]
    assert third.cursor is None


async def test_a_cursor_keeps_to_the_prefix(kv: KvStore) -> None:
    for key in ("a:1", "a:2", "a:3", "b"):
        await kv.put(key, b"")
    page = await kv.list(prefix="a:", limit=2)
    rest = await kv.list(prefix="a:", limit=2, cursor=page.cursor or "")
    assert [key.name for key in rest.keys] == ["a:3"]
    before = await kv.list(prefix="b", cursor=page.cursor or "")
    assert [key.name for key in before.keys] == ["b"]


@pytest.mark.parametrize("cursor", ["?", "a", "Zm9v!", "\u00fc"])
async def test_a_text_that_is_no_cursor_is_no_error(kv: KvStore, cursor: str) -> None:
    await kv.put("zzz", b"")
    assert len((await kv.list(cursor=cursor)).keys) == 1


async def test_limits_are_inclusive(kv: KvStore) -> None:
    await kv.put("é" * 256, b"x" * 25 * 1024 * 1024, metadata=f'"{"m" * 1022}"')
    assert await names(kv, "é" * 256) == ["é" * 256]


@pytest.mark.parametrize(
    ("key", "status", "reason"),
    [
        ("", 400, "Key names must not be empty"),
        (".", 400, 'Illegal key name "."'),
        ("..", 400, 'Illegal key name ".."'),
        ("a\ud800", 400, "Could not URL-decode key name"),
        ("é" * 257, 414, "UTF-8 encoded length of 514 exceeds key length limit of 512."),
    ],
)
async def test_a_key_that_is_refused(kv: KvStore, key: str, status: int, reason: str) -> None:
    for call in (kv.get, kv.delete, lambda key: kv.put(key, b"")):
        with pytest.raises(KvError) as caught:
            call(key)
        assert caught.value.status == status
        assert reason in caught.value.reason


async def test_values_and_metadata_that_are_too_long(kv: KvStore) -> None:
    with pytest.raises(KvError, match="length of 26214401 exceeds limit of 26214400"):
        kv.put("key", bytes(25 * 1024 * 1024 + 1))
    with pytest.raises(KvError, match="Metadata length of 1026 exceeds limit of 1024"):
        kv.put("key", b"", metadata=f'"{"é" * 512}"')


@pytest.mark.parametrize(
    ("ttl", "reason"),
    [
        (59, "Expiration TTL must be at least 60."),
        (0, "Please specify integer greater than 0."),
        (-60, "Please specify integer greater than 0."),
    ],
)
async def test_a_time_to_live_that_is_refused(kv: KvStore, ttl: int, reason: str) -> None:
    with pytest.raises(KvError, match=f"Invalid expiration_ttl of {ttl}. {reason}"):
        kv.put("key", b"", expiration_ttl=ttl)


async def test_an_expiration_that_is_refused(kv: KvStore, clock: VirtualClock) -> None:
    now_s = clock.now() // 1000
    with pytest.raises(KvError, match="greater than the current number of seconds"):
        kv.put("key", b"", expiration=now_s)
    with pytest.raises(KvError, match="must be at least 60 seconds in the future"):
        kv.put("key", b"", expiration=now_s + 59)


async def test_other_arguments_that_are_refused(kv: KvStore) -> None:
    with pytest.raises(KvError, match="Please specify an integer less than 1000"):
        kv.list(limit=1001)
    with pytest.raises(KvError, match="Please specify an integer greater than 0"):
        kv.list(limit=0)
    with pytest.raises(KvError, match="length of 513 exceeds key length limit"):
        kv.list(prefix="p" * 513)
    with pytest.raises(KvError, match="Cache TTL must be at least 30"):
        kv.get("key", cache_ttl=29)
