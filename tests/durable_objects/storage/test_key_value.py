"""Keys and values: immediate, ordered by bytes, durable with the turn."""

from __future__ import annotations

from pathlib import Path

import pytest

from flarelocal.durable_objects import DurableObjectError, Limits, ListOptions
from tests.durable_objects.storage.bench import Bench, refusal


def fill(bench: Bench, keys: str) -> None:
    bench.storage.kv.put_many({key: key.encode() for key in keys})


def listed(bench: Bench, **options: object) -> str:
    return "".join(bench.storage.kv.list(ListOptions(**options)))  # type: ignore[arg-type]


def test_what_was_put_is_there(bench: Bench) -> None:
    bench.storage.kv.put("a", b"1")
    bench.storage.kv.put("a", b"2")
    assert bench.storage.kv.get("a") == b"2"
    assert bench.storage.kv.get("b") is None


def test_nothing_is_written_for_reading(bench: Bench) -> None:
    assert bench.storage.kv.get("a") is None
    assert bench.storage.kv.delete("a") is False
    assert listed(bench) == ""
    assert list(bench.storage.kv.iterate(ListOptions())) == []
    assert not bench.database.exists


def test_many_keys_come_once_each_in_order(bench: Bench) -> None:
    fill(bench, "cba")
    assert list(bench.storage.kv.get_many(["c", "a", "z", "c"]).items()) == [
        ("a", b"a"),
        ("c", b"c"),
    ]


def test_delete_tells_what_was_there(bench: Bench) -> None:
    fill(bench, "abc")
    assert bench.storage.kv.delete("a") is True
    assert bench.storage.kv.delete("a") is False
    assert bench.storage.kv.delete_many(["a", "b", "c", "x"]) == 2


def test_delete_of_a_database_without_keys(bench: Bench) -> None:
    bench.storage.sql.exec("CREATE TABLE t(x)")
    assert bench.storage.kv.delete("a") is False
    assert bench.storage.kv.get("a") is None
    assert listed(bench) == ""


def test_keys_are_ordered_by_their_bytes(bench: Bench) -> None:
    keys = ["~", "a", "A", "", "10", "2", "\uff5e", "\U0001f600", "a\0b", "a "]
    bench.storage.kv.put_many(dict.fromkeys(keys, b""))
    assert list(bench.contents()) == sorted(keys, key=str.encode)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"start": "b", "end": "d"}, "bc"),
        ({"start": "d", "end": "b"}, ""),
        ({"start_after": "b"}, "cde"),
        ({"start_after": "bb", "end": "d"}, "c"),
        ({"limit": 2}, "ab"),
        ({"reverse": True, "limit": 2}, "ed"),
        ({"reverse": True, "start": "b", "end": "d"}, "cb"),
        ({"prefix": "c"}, "c"),
        ({"prefix": "c", "start": "d"}, ""),
        ({"prefix": ""}, "abcde"),
    ],
)
def test_list_selects(bench: Bench, options: dict[str, object], expected: str) -> None:
    fill(bench, "abcde")
    assert listed(bench, **options) == expected


@pytest.mark.parametrize("last", ["\U0010ffff", "\ud7ff", "\x7f", "z"])
def test_a_prefix_takes_all_that_begins_so(bench: Bench, last: str) -> None:
    prefix = f"x{last}"
    bench.storage.kv.put_many({prefix: b"", prefix + last: b"", "y": b""})
    assert list(bench.storage.kv.list(ListOptions(prefix=prefix))) == [prefix, prefix + last]


def test_list_refuses_contradictions() -> None:
    assert refusal(lambda: ListOptions(start="a", start_after="a")) == (
        "list() cannot be called with both start and startAfter values."
    )
    assert refusal(lambda: ListOptions(limit=0)) == "List limit must be positive."


def test_an_iterator_sees_what_is_written_meanwhile(bench: Bench) -> None:
    fill(bench, "abcd")
    rows = bench.storage.kv.iterate(ListOptions())
    assert next(rows)[0] == "a"
    bench.storage.kv.put("bb", b"")
    bench.storage.kv.delete("c")
    assert [key for key, _ in rows] == ["b", "bb", "d"]


def test_a_second_iterator_invalidates_the_first(bench: Bench) -> None:
    fill(bench, "ab")
    first = bench.storage.kv.iterate(ListOptions())
    done = list(bench.storage.kv.iterate(ListOptions()))
    assert refusal(lambda: next(first)).startswith("kv.list() iterator was invalidated")
    assert len(done) == 2


def test_an_iterator_which_is_done_stays_so(bench: Bench) -> None:
    fill(bench, "a")
    first = bench.storage.kv.iterate(ListOptions())
    assert len(list(first)) == 1
    bench.storage.kv.iterate(ListOptions())
    assert list(first) == []


def test_a_value_too_large_for_sqlite_is_refused(bench: Bench) -> None:
    too_large = bytes(4 * 1024 * 1024)
    assert refusal(lambda: bench.storage.kv.put("a", too_large)) == (
        "string or blob too big: SQLITE_TOOBIG"
    )


def test_put_many_stores_all_or_nothing(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "x.sqlite", limits=Limits.production(sqlite=False))
    with pytest.raises(DurableObjectError):
        bench.storage.kv.put_many({"a": b"", "b" * 3000: b""})
    assert bench.contents() == {}


def test_writes_of_a_turn_are_durable_when_it_is_over(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "x.sqlite")
    fill(bench, "a")
    bench.end_turn()
    fill(bench, "b")
    bench.reopen()
    assert list(bench.contents()) == ["a"]


def test_count_tells_how_many_there_are(bench: Bench) -> None:
    assert bench.storage.kv.count() == 0
    fill(bench, "abc")
    assert bench.storage.kv.count() == 3
