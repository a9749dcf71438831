"""Point-in-time recovery, locally."""

from __future__ import annotations

from pathlib import Path

import pytest

from flarelocal.durable_objects import DurableObjectError
from tests.durable_objects.storage.bench import KINDS, Bench, refusal

SECOND = 1000
DAY = 86_400 * SECOND


@pytest.fixture(params=KINDS)
def bench(tmp_path: Path, request: pytest.FixtureRequest) -> Bench:
    return Bench.of_kind(request.param, tmp_path)


def write(bench: Bench, value: bytes) -> None:
    """Store a value, and let a second pass."""
    bench.storage.kv.put("value", value)
    bench.storage.flush()
    bench.now_ms += SECOND


def value(bench: Bench) -> bytes | None:
    return bench.storage.kv.get("value")


def next_session(bench: Bench) -> None:
    bench.storage.close(DurableObjectError("over"))
    bench.database.begin_session()
    bench.reopen()


def test_the_next_session_begins_at_the_bookmark(bench: Bench) -> None:
    write(bench, b"1")
    bookmark = bench.storage.bookmarks.current()
    write(bench, b"2")
    bench.storage.bookmarks.restore_next(bookmark)
    assert value(bench) == b"2"
    next_session(bench)
    assert value(bench) == b"1"
    write(bench, b"3")
    next_session(bench)
    assert value(bench) == b"3"


def test_going_back_can_be_undone(bench: Bench) -> None:
    write(bench, b"1")
    bookmark = bench.storage.bookmarks.current()
    write(bench, b"2")
    undo = bench.storage.bookmarks.restore_next(bookmark)
    next_session(bench)
    bench.storage.bookmarks.restore_next(undo)
    next_session(bench)
    assert value(bench) == b"2"


def test_bookmarks_sort_by_age(bench: Bench) -> None:
    bookmarks = [bench.storage.bookmarks.current() for _ in range(3)]
    write(bench, b"1")
    bookmarks.append(bench.storage.bookmarks.current())
    assert bookmarks == sorted(set(bookmarks))
    assert {len(bookmark) for bookmark in bookmarks} == {59}


def test_tables_and_the_alarm_go_back_as_well(bench: Bench) -> None:
    bench.storage.sql.exec("CREATE TABLE t(x)")
    bench.storage.alarm.set(5)
    bookmark = bench.storage.bookmarks.current()
    bench.storage.sql.exec("DROP TABLE t")
    bench.storage.alarm.set(9)
    bench.storage.bookmarks.restore_next(bookmark)
    next_session(bench)
    assert bench.storage.sql.exec("SELECT * FROM t").all() == []
    assert bench.storage.alarm.get() == 5


def test_an_object_can_go_back_to_nothing(bench: Bench) -> None:
    bookmark = bench.storage.bookmarks.current()
    write(bench, b"1")
    bench.storage.bookmarks.restore_next(bookmark)
    next_session(bench)
    assert bench.contents() == {}


@pytest.mark.parametrize("number", [0, 3, 4, 8, 11])
@pytest.mark.parametrize("young", [False, True])
def test_every_moment_of_a_session_can_be_gone_back_to(
    tmp_path: Path, number: int, young: bool
) -> None:
    bench = Bench(tmp_path / "object.sqlite", young=young)
    began_ms = bench.now_ms
    for each in range(12):
        write(bench, str(each).encode())
    bookmark = bench.storage.bookmarks.at(began_ms + number * SECOND + SECOND // 2)
    bench.storage.bookmarks.restore_next(bookmark)
    next_session(bench)
    assert value(bench) == str(number).encode()


def test_an_earlier_moment_gives_the_oldest_state(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "object.sqlite")
    write(bench, b"1")
    bench.database.close()
    write(bench, b"2")
    bench.storage.bookmarks.restore_next(bench.storage.bookmarks.at(bench.now_ms - DAY))
    next_session(bench)
    assert value(bench) == b"1"


def test_earlier_sessions_are_known_by_their_bookmarks(bench: Bench) -> None:
    write(bench, b"1")
    bookmark = bench.storage.bookmarks.current()
    asked_ms = bench.now_ms + 1
    bench.now_ms += SECOND
    write(bench, b"2")
    bench.reopen()
    assert bench.storage.bookmarks.at(asked_ms) == bookmark


def test_the_present_is_the_time_of_now(bench: Bench) -> None:
    write(bench, b"1")
    bookmark = bench.storage.bookmarks.at(bench.now_ms)
    assert bookmark < bench.storage.bookmarks.current()
    assert bookmark in bench.database.snapshots.bookmarks


def test_states_are_kept_for_30_days(bench: Bench) -> None:
    old = bench.storage.bookmarks.current()
    bench.now_ms += 29 * DAY
    kept = bench.storage.bookmarks.current()
    bench.now_ms += 2 * DAY
    bench.storage.bookmarks.current()
    assert old not in bench.database.snapshots.bookmarks
    assert kept in bench.database.snapshots.bookmarks


def test_an_unknown_bookmark_is_refused(bench: Bench) -> None:
    assert refusal(lambda: bench.storage.bookmarks.restore_next("x")) == (
        'There is no bookmark "x" of this Durable Object: '
        "use one which getCurrentBookmark() or getBookmarkForTime() has given."
    )


def test_bookmarks_are_not_for_transactions(bench: Bench) -> None:
    bench.storage.begin()
    assert refusal(bench.storage.bookmarks.current) == ("Cannot use bookmarks within a transaction")


def test_a_long_log_is_merged_into_the_file(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "object.sqlite")
    write(bench, b"first")
    for number in range(9):
        bench.storage.kv.put_many({f"{number}{key}": bytes(1_000_000) for key in "ab"})
        bench.storage.flush()
        bench.now_ms += SECOND
    assert bench.database.history_since_ms is not None
    assert bench.database.history_since_ms > 1_767_225_600_000
    write(bench, b"last")
    image = bench.database.image_at(bench.now_ms)
    (tmp_path / "copy.sqlite").write_bytes(image)
    copy = Bench(tmp_path / "copy.sqlite")
    assert value(copy) == b"last"
    copy.database.close()
    bench.database.close()
