"""Expressions in plain English."""

from __future__ import annotations

import pytest
from hypothesis import given

from flarelocal.cron import Expression
from tests.cron.readings import Reading, readings


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("* * * * *", "Every minute."),
        ("*/30 * * * *", "Every 30 minutes."),
        ("0 * * * *", "Every hour."),
        ("0 */2 * * *", "Every 2 hours (UTC)."),
        ("45 * * * *", "At minute 45 of every hour."),
        ("0,20,25 * * * *", "At minutes 0, 20 and 25 of every hour."),
        ("10 7 * * mon-fri", "At 07:10 on Monday to Friday (UTC)."),
        ("30 9,16 * * *", "At 09:30 and 16:30 every day (UTC)."),
        ("*/5 9-17 * * *", "Every 5 minutes of the hours 9 to 17 (UTC)."),
        ("* 3 * * *", "Every minute of the hour 3 (UTC)."),
        ("0 0 * * SAT,SUN", "At 00:00 on Saturday and Sunday (UTC)."),
        ("0 0 1 JAN,JUL *", "At 00:00 on the 1st of the month in January and July (UTC)."),
    ],
)
def test_it_says_when_it_fires(text: str, words: str) -> None:
    assert Expression.parse(text).explain() == words


@pytest.mark.parametrize(
    ("dates", "weekdays", "words"),
    [
        ("1,2,3,12,21", "*", "on the 1st to 3rd, 12th and 21st of the month"),
        ("L", "*", "on the last day of the month"),
        ("L-1", "*", "on the day before the last day of the month"),
        ("L-3", "*", "on the day 3 days before the last day of the month"),
        ("12W", "*", "on the weekday (Monday to Friday) nearest to the 12th of the month"),
        ("LW", "*", "on the weekday (Monday to Friday) nearest to the last day of the month"),
        ("*", "6L", "on the last Friday of the month"),
        ("*", "mon#2", "on the 2nd Monday of the month"),
        ("1", "mon#2", "on the 1st of the month or on the 2nd Monday of the month"),
    ],
)
def test_it_says_on_which_days(dates: str, weekdays: str, words: str) -> None:
    assert Expression.parse(f"0 0 {dates} * {weekdays}").explain() == f"At 00:00 {words} (UTC)."


@given(readings())
def test_every_expression_is_one_sentence(reading: Reading) -> None:
    words = Expression.parse(reading.text).explain()
    assert words[0].isupper()
    assert words.endswith(".")
