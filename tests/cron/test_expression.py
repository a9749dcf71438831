"""When an expression fires."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flarelocal.cron import Expression
from tests.cron.readings import DAY, MINUTE, Reading, readings

MOMENTS = st.integers(0, 4_102_444_800_000)


def ms(iso: str) -> int:
    return round(datetime.fromisoformat(iso).replace(tzinfo=UTC).timestamp() * 1000)


def iso(at: int | None) -> str | None:
    return at if at is None else f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%dT%H:%M}"


def following(text: str, start: str, count: int) -> list[str | None]:
    expression, at = Expression.parse(text), ms(start)
    times: list[str | None] = []
    for _ in range(count):
        found = expression.next_after(at)
        times.append(iso(found))
        at = at if found is None else found
    return times


def test_the_moment_itself_never_counts() -> None:
    assert following("* * * * *", "2026-11-21T12:00", 1) == ["2026-11-21T12:01"]
    assert following("* * * * *", "2026-11-21T12:00:30", 1) == ["2026-11-21T12:01"]
    assert following("* * * * *", "2026-11-21T11:59:59.999", 1) == ["2026-11-21T12:00"]


def test_one_is_sunday_and_seven_is_saturday() -> None:
    assert following("0 9 * * 1", "2026-11-21T12:00", 1) == ["2026-11-22T09:00"]
    assert following("0 9 * * 7", "2026-11-21T12:00", 1) == ["2026-11-28T09:00"]


def test_times_are_utc_whatever_clocks_do_elsewhere() -> None:
    assert following("30 2 * * *", "2026-03-28T12:00", 3) == [
        "2026-03-29T02:30",
        "2026-03-30T02:30",
        "2026-03-31T02:30",
    ]


def test_with_both_day_fields_either_is_enough() -> None:
    assert following("0 0 1 * MON#1", "2026-10-31T12:00", 4) == [
        "2026-11-01T00:00",
        "2026-11-02T00:00",
        "2026-12-01T00:00",
        "2026-12-07T00:00",
    ]


def test_only_a_lone_star_leaves_a_day_field_open() -> None:
    assert following("0 0 1-31 * MON", "2026-11-03T00:00", 1) == ["2026-11-04T00:00"]
    assert following("0 0 * * MON", "2026-11-03T00:00", 1) == ["2026-11-09T00:00"]


def test_the_nearest_weekday_stays_within_the_month() -> None:
    assert following("0 0 1W 8 *", "2026-07-01T00:00", 1) == ["2026-08-03T00:00"]
    assert following("0 0 LW 5 *", "2026-05-01T12:00", 1) == ["2026-05-29T00:00"]


def test_a_month_without_the_day_is_skipped() -> None:
    assert following("0 0 31W * *", "2026-03-31T12:00", 1) == ["2026-05-29T00:00"]
    assert following("0 0 * 2 FRI#5", "2026-11-21T00:00", 2) == [
        "2036-02-29T00:00",
        "2064-02-29T00:00",
    ]


def test_what_never_fires_ends_the_search() -> None:
    assert Expression.parse("0 0 31 2 *").next_after(0) is None
    assert Expression.parse("0 0 29 2 *").next_after(ms("9999-01-01")) is None


def test_the_text_stays_as_it_was_written() -> None:
    assert Expression.parse("0  0\t* * Sun").text == "0  0\t* * Sun"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("0 0 * * 1", "00 0  * * sun"),
        ("*/1 * * * *", "* * * * *"),
        ("0 0 * * L", "0 0 * * 7"),
        ("0 22-2 * * *", "0 0-2,22,23 * * *"),
        ("0 0 * * friL", "0 0 * * 6L"),
    ],
)
def test_two_spellings_of_one_timetable_are_equal(one: str, other: str) -> None:
    assert Expression.parse(one) == Expression.parse(other)
    assert len({Expression.parse(one), Expression.parse(other)}) == 1


def test_a_full_list_of_days_is_not_a_star() -> None:
    assert Expression.parse("0 0 1-31 * *") != Expression.parse("0 0 * * *")


@given(readings(), MOMENTS)
def test_the_next_fire_time_is_the_first_one_by_brute_force(reading: Reading, start: int) -> None:
    found = Expression.parse(reading.text).next_after(start)
    times = reading.times(start, start + 70 * DAY)
    if times:
        assert found == times[0]
    else:
        assert found is None or found > start + 70 * DAY


@given(readings(), MOMENTS)
def test_it_matches_exactly_the_minutes_at_which_it_fires(reading: Reading, start: int) -> None:
    expression = Expression.parse(reading.text)
    minutes = range(start // MINUTE * MINUTE, start + 3 * 60 * MINUTE, MINUTE)
    times = set(reading.times(start - MINUTE, start + 3 * 60 * MINUTE))
    assert {at for at in minutes if expression.matches(at)} == times & set(minutes)
    found = expression.next_after(start)
    assert found is None or expression.matches(found)


@given(readings(), MOMENTS, st.integers(0, 40 * DAY))
def test_a_span_counts_the_fire_times_between(reading: Reading, after: int, wait: int) -> None:
    span = Expression.parse(reading.text).span(after, after + wait)
    times = reading.times(after, after + wait)
    if span is None:
        assert not times
    else:
        assert (span.count, span.first, span.last) == (len(times), times[0], times[-1])
