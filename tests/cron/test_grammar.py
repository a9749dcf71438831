"""What Cloudflare refuses, why, and what the author is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flarelocal.cron import CronError, Expression


def refusal(text: str) -> CronError:
    with pytest.raises(CronError) as caught:
        Expression.parse(text)
    return caught.value


def test_the_message_is_cloudflares_and_ends_with_the_fix() -> None:
    error = refusal("0 0 * * 0")
    assert error.text == "0 0 * * 0"
    assert error.message == "invalid cron string: 0 0 * * 0 [code: 10100]"
    assert str(error) == f"{error.message}: {error.hint}"


@pytest.mark.parametrize(
    ("text", "reason", "hint"),
    [
        ("0 9 * * 0", "range", "Cloudflare weekdays are 1 = Sunday … 7 = Saturday"),
        ("0 9 * * 0-6", "range", "add one to the numbers of other crons"),
        ("0 0 ? * MON", "unsupported", "`?` is Quartz's: write `*`"),
        ("@daily", "unsupported", "write `0 0 * * *`"),
        ("@every 5m", "unsupported", "write the five fields"),
        ("CRON_TZ=Asia/Tokyo 0 0 * * *", "unsupported", "UTC only"),
        ("H * * * *", "unsupported", "Jenkins"),
        ("0 0 0 * * *", "field-count", "neither seconds nor years"),
        ("0 0 * *", "field-count", "not 4"),
        ("", "field-count", "not 0"),
        ("0 9 * * MON, FRI", "field-count", "within a list"),
        ("* * * * *\n", "whitespace", "no white space before or after"),
        ("0 0 l * *", "case", "write `L`"),
        ("0 0 15w * *", "case", "write `15W`"),
        ("0 0 1,15W * *", "not-alone", "`15W` must be the whole day of month field"),
        ("*,5 * * * *", "not-alone", "`*` already means every minute"),
        ("0 0 * * MONDAY", "name", "write `MON` for `MONDAY`"),
        ("0 0 * * JAN", "name", "belongs into the month field"),
        ("60 * * * *", "range", "from 0 to 59: write 0"),
        ("0 0 L-31 * *", "range", "1 to 30 days before"),
        ("0 0 * * MON#6", "range", "at most five times"),
        ("*/60 * * * *", "step", "write `0` for once an hour"),
        ("0-30/0 * * * *", "step", "from 1 to 59"),
        ("0 0 * * L6", "syntax", "write `6L`"),
        ("0 0 W15 * *", "syntax", "write `15W`"),
        ("/5 * * * *", "syntax", "write `*/5`"),
        ("5-* * * * *", "syntax", "`*` cannot be in a range"),
        ("5,,7 * * * *", "syntax", "leave the comma out"),
        ("'0 0 * * *'", "syntax", "leave them out"),
        ("12:30 * * * *", "syntax", "`12:30` is no minute"),
    ],
)
def test_a_refusal_says_what_to_write_instead(text: str, reason: str, hint: str) -> None:
    error = refusal(text)
    assert error.reason == reason
    assert hint in error.hint


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("MON-99 * * * *", "name"),
        ("99-MON * * * *", "range"),
        ("0 0 * * MON-9/9", "range"),
        ("0 0 * * FOO/0", "name"),
    ],
)
def test_the_leftmost_value_at_fault_counts_and_steps_come_last(text: str, reason: str) -> None:
    assert refusal(text).reason == reason


def test_a_number_may_be_as_long_as_it_likes() -> None:
    assert refusal(f"{'9' * 5000} * * * *").reason == "range"
    assert Expression.parse(f"{'0' * 5000}5 * * * *") == Expression.parse("5 * * * *")


@given(st.text(alphabet="0123456789*/,-#LWlwMONJAN ?@\t", max_size=20))
def test_any_text_is_either_accepted_or_refused_with_a_hint(text: str) -> None:
    try:
        told = Expression.parse(text).text
    except CronError as error:
        told = error.text
        hint = error.hint
    else:
        hint = "none needed"
    assert told == text
    assert hint
