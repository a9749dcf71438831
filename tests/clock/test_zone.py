"""Local time."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator

import pytest

from flarelocal.clock.zone import in_utc, local_zone

MOMENT = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)


def offset() -> dt.timedelta | None:
    return MOMENT.astimezone().utcoffset()


@pytest.fixture(params=["Asia/Kolkata", "IST-5:30"])
def kolkata(request: pytest.FixtureRequest) -> Iterator[None]:
    """The machine is elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("kolkata")
def test_local_time_is_utc_and_people_see_their_own() -> None:
    away = dt.timedelta(hours=5, minutes=30)
    with in_utc():
        assert offset() == dt.timedelta()
        assert MOMENT.astimezone(local_zone()).utcoffset() == away
    assert offset() == away
    assert local_zone() is None


@pytest.mark.usefixtures("kolkata")
def test_the_last_one_takes_it_back() -> None:
    first, second = in_utc(), in_utc()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert offset() == dt.timedelta()
    second.__exit__(None, None, None)
    assert offset() != dt.timedelta()


def test_zones_follow_the_seasons(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        with in_utc():
            winter = MOMENT.replace(month=1)
            assert winter.astimezone(local_zone()).utcoffset() == dt.timedelta(hours=1)
            assert MOMENT.astimezone(local_zone()).utcoffset() == dt.timedelta(hours=2)
    finally:
        monkeypatch.undo()
        time.tzset()
