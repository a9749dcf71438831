"""Moments and time spans on the command line."""

from __future__ import annotations

import datetime as dt
import re

import click

__all__ = ["local", "moment", "span", "utc"]

_UNITS_MS = {
    "ms": 1,
    "s": 1_000,
    "m": 60_000,
    "min": 60_000,
    "h": 3_600_000,
    "d": 86_400_000,
    "w": 604_800_000,
}
_SPAN = re.compile(r"([+-]?)((?:\d+(?:\.\d+)?(?:ms|min|[smhdw]))+)")
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|min|[smhdw])")


def moment(text: str) -> int:
    """Milliseconds since 1970; dates and times are of UTC unless they say otherwise.

    Raises:
        click.BadParameter: it is no time.
    """
    if re.fullmatch(r"-?\d{9,}", text):
        return int(text)
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is no time: write 2026-12-24T09:00, for UTC, "
            "2026-12-24T09:00+01:00, or milliseconds since 1970"
        ) from None
    return round((found if found.tzinfo else found.replace(tzinfo=dt.UTC)).timestamp() * 1000)


def span(text: str) -> int:
    """A time span in milliseconds: `90s`, `+3h`, `-1d12h`.

    Raises:
        click.BadParameter: it is no time span.
    """
    match = _SPAN.fullmatch(text)
    if match is None:
        units = ", ".join(_UNITS_MS)
        raise click.BadParameter(
            f"{text!r} is no time span: write +3h, 90s or 1d12h (units: {units})"
        )
    length = sum(float(number) * _UNITS_MS[unit] for number, unit in _PART.findall(match[2]))
    return round(-length if match[1] == "-" else length)


def utc(at_ms: float) -> str:
    """A moment as people read it."""
    at = dt.datetime.fromtimestamp(at_ms / 1000, dt.UTC)
    return at.strftime("%a %Y-%m-%d %H:%M" + (":%S" if at_ms % 60_000 else "")) + " UTC"


def local(at_ms: float) -> str:
    """The same moment where the reader lives; empty where that is UTC."""
    at = dt.datetime.fromtimestamp(at_ms / 1000, dt.UTC).astimezone()
    return at.strftime("%a %H:%M") if at.utcoffset() else ""
