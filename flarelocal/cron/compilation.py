"""The crons of a Worker as one list, checked as Cloudflare checks it on deployment."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from flarelocal.cron.errors import CronError, ScheduleError
from flarelocal.cron.expression import Expression

__all__ = ["MOST_CRONS", "compile_schedule"]

MOST_CRONS = 250
"""How many an account on a paid plan may have (Cloudflare docs, "Workers limits")."""


def compile_schedule(texts: Sequence[str]) -> list[Expression]:
    """Read `triggers.crons`.

    Raises:
        ScheduleError: expressions are invalid, mean the same as an earlier one, or are too many;
            it holds all that is wrong.
    """
    return list(_compiled(tuple(texts)))


@functools.lru_cache
def _compiled(texts: tuple[str, ...]) -> tuple[Expression, ...]:
    errors: dict[int, CronError] = {}
    compiled: dict[Expression, Expression] = {}
    for index, text in enumerate(texts):
        try:
            expression = Expression.parse(text)
            _refuse_duplicate(expression, compiled.setdefault(expression, expression))
        except CronError as error:
            errors[index] = error
    if len(texts) > MOST_CRONS:
        errors.setdefault(MOST_CRONS, _too_many(texts[MOST_CRONS], len(texts)))
    if errors:
        raise ScheduleError(errors)
    return tuple(compiled)


def _refuse_duplicate(expression: Expression, first: Expression) -> None:
    if first is not expression:
        raise CronError(
            expression.text,
            "duplicate",
            "leave one of them out",
            f"Expression '{expression.text}' already exists in the form of '{first.text}'",
        )


def _too_many(text: str, count: int) -> CronError:
    return CronError(
        text,
        "too-many",
        f"an account has at most {MOST_CRONS} crons, not {count}: leave some out",
        "workers.api.error.too_many_crons [code: 10072]",
    )
