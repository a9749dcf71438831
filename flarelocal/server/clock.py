"""`/cdn-cgi/local/clock`: see and move the clock."""

from __future__ import annotations

import json

from flarelocal.clock import EndlessLoopError
from flarelocal.server.answer import Answer
from flarelocal.timekeeper import ClockMoved, Timekeeper

__all__ = ["run_clock"]

_PATH = "/cdn-cgi/local/clock"

_SHOWN = 20
_LATEST_MS = 8.64e15


async def run_clock(keeper: Timekeeper, method: str, path: str, body: bytes) -> Answer:
    """`GET` shows the clock; `POST …/jump|jump-to|next|pause|resume|reset` moves it.

    Args:
        body: `{"by": ms}` for `jump`, `{"to": ms since 1970}` for `jump-to`.
    """
    action = path.removeprefix(_PATH).strip("/")
    if not action and method == "GET":
        return _shown(keeper, {})
    if method != "POST":
        return _refused(405, "The clock is shown by GET and moved by POST: use POST …/clock/jump.")
    try:
        moved = await _move(keeper, action, body)
    except (_BadMoveError, EndlessLoopError) as error:
        return _refused(400, str(error))
    if moved is None:
        actions = "jump, jump-to, next, pause, resume or reset"
        return _refused(404, f"The clock does not know {action!r}: use {actions}.")
    return _shown(keeper, {"fired": dict(moved.fired)})


class _BadMoveError(ValueError):
    """The body does not say where to move."""


async def _move(keeper: Timekeeper, action: str, body: bytes) -> ClockMoved | None:
    match action:
        case "jump":
            by = _number(body, "by")
            _within(keeper.clock.now() + by)
            return await keeper.jump(by)
        case "jump-to":
            to = _number(body, "to")
            _within(to)
            return await keeper.jump_to(to)
        case "next":
            return await keeper.next()
        case "pause":
            return keeper.pause()
        case "resume":
            return keeper.resume()
        case "reset":
            return await keeper.reset()
        case _:
            return None


def _number(body: bytes, name: str) -> int:
    try:
        given = json.loads(body)
    except ValueError:
        given = None
    value = given.get(name) if isinstance(given, dict) else None
    if isinstance(value, bool) or not isinstance(value, int):
        raise _BadMoveError(f'The body does not say where to: send {{"{name}": milliseconds}}.')
    return value


def _within(ms: int) -> None:
    if not 0 <= ms <= _LATEST_MS:
        raise _BadMoveError("That is before 1970 or beyond all dates: choose a nearer time.")


def _shown(keeper: Timekeeper, more: dict[str, object]) -> Answer:
    clock = keeper.clock
    return Answer.json(
        200,
        {
            "now": clock.now(),
            "offset": clock.offset_ms,
            "paused": clock.paused,
            "upcoming": [
                {"at": int(timer.when_ms), "kind": timer.order.name.lower(), "label": timer.label}
                for timer in keeper.upcoming()[:_SHOWN]
            ],
        }
        | more,
    )


def _refused(status: int, text: str) -> Answer:
    return Answer.json(status, {"error": text})
