"""Local time: that of Workers is UTC, as in production; people are shown their own."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["in_utc", "local_zone"]

_LOCAL = Path("/etc/localtime")

_users = 0
_own: dt.tzinfo | None = None
_name: str | None = None


@contextmanager
def in_utc() -> Iterator[None]:
    """Have the local time of the whole process be UTC.

    This may be entered more than once; the last one to leave takes it back. Windows has no such
    switch: the local time stays that of the machine there.
    """
    global _name, _own, _users
    if not _users:
        _own = _zone()
        if _own is not dt.UTC:
            _name = os.environ.get("TZ")
            _set("UTC")
    _users += 1
    try:
        yield
    finally:
        _users -= 1
        if not _users:
            if _own is not dt.UTC:
                _set(_name)
            _own = None


def local_zone() -> dt.tzinfo | None:
    """The time zone of the machine, also while all else sees UTC; None: that of the process."""
    return _own


def _zone() -> dt.tzinfo | None:
    if time.tzname == ("UTC", "UTC") and not time.timezone:
        return dt.UTC
    from zoneinfo import ZoneInfo

    try:
        if name := os.environ.get("TZ"):
            return ZoneInfo(name.removeprefix(":"))
        with _LOCAL.open("rb") as file:
            return ZoneInfo.from_file(file)
    except (OSError, ValueError, KeyError):
        # Without the rules of the zone, what holds at present has to do.
        return dt.datetime.now().astimezone().tzinfo


def _set(name: str | None) -> None:
    if not hasattr(time, "tzset"):
        return
    if name is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = name
    time.tzset()
