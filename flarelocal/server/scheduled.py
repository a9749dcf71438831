"""The endpoints that fire `scheduled` by hand, with wrangler's paths, statuses and bodies."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

from flarelocal.cron import ScheduledOutcome
from flarelocal.emulator import Emulator
from flarelocal.server.answer import Answer

__all__ = [
    "HANDLER_PREFIX",
    "LOCAL_PATHS",
    "MIDDLEWARE_PATH",
    "run_middleware",
    "run_scheduled",
    "unknown_handler",
]

LOCAL_PATHS = frozenset(
    {"/cdn-cgi/local/scheduled", "/cdn-cgi/handler/scheduled", "/cdn-cgi/mf/scheduled"}
)
MIDDLEWARE_PATH = "/__scheduled"

HANDLER_PREFIX = "/cdn-cgi/handler/"

_LATEST_MS = 8.64e15
_LEADING_INTEGER = re.compile(r"\s*[+-]?\d+", re.ASCII)

Fire = Callable[[str, int | None], Awaitable[ScheduledOutcome]]


async def run_scheduled(query: str, emulator: Emulator) -> Answer:
    """`/cdn-cgi/local/scheduled?cron=&time=&format=`: the outcome, 200 only for `ok`.

    `worker=` names another Worker than the primary one.
    """
    given = _parameters(query)
    worker = given.get("worker")
    if worker is not None and worker not in emulator.workers:
        names = ", ".join(emulator.workers)
        return Answer.text(404, f"There is no Worker {worker!r} here: name one of {names}")
    time_ms = _time(given.get("time", ""))
    if time_ms is False:
        return Answer.text(
            400,
            f"{given['time']!r} is not a valid Date: give whole milliseconds since 1970, in UTC",
        )
    result = await emulator.scheduled(given.get("cron", ""), time_ms, worker=worker)
    status = 200 if result.ok else 500
    if given.get("format") == "json":
        body = json.dumps(
            {"outcome": result.outcome, "noRetry": result.no_retry}, separators=(",", ":")
        )
        return Answer(status, "application/json", body.encode())
    return Answer.text(status, result.outcome)


def unknown_handler(path: str) -> Answer:
    """The answer to a path below `/cdn-cgi/handler/` that fires nothing."""
    return Answer.text(
        404,
        f'"{path}" is not a valid handler. '
        'Did you mean to use "/cdn-cgi/handler/scheduled" or "/cdn-cgi/handler/email"?',
    )


async def run_middleware(query: str, fire: Fire) -> Answer:
    """`/__scheduled?cron=&time=`: a fixed text; an exception of the handler is the caller's.

    Raises:
        BaseException: what the handler raised.
    """
    given = _parameters(query)
    time_ms = _time(given.get("time", ""))
    result = await fire(given.get("cron", ""), time_ms or None)
    if result.error is not None:
        raise result.error
    return Answer.text(200, "Ran scheduled event")


def _parameters(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}


def _time(text: str) -> int | bool | None:
    """Milliseconds since 1970; None where no time is given, False where it is none.

    As in the runtime, what follows the digits does not count.
    """
    if not text:
        return None
    digits = _LEADING_INTEGER.match(text)
    if digits is None:
        return False
    value = int(digits.group())
    return value if abs(value) <= _LATEST_MS else False
