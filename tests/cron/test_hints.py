"""What the author of a valid expression is told."""

from __future__ import annotations

import pytest

from flarelocal.cron import Expression


def hints(text: str) -> tuple[str, ...]:
    return Expression.parse(text).hints()


def test_most_expressions_need_no_hint() -> None:
    assert hints("*/5 9-17 * * MON-FRI") == ()
    assert hints("0 0 * * */2") == ()


def test_a_bare_weekday_number_is_named() -> None:
    assert hints("0 9 * * 1") == (
        "1 is Sunday here: Cloudflare weekdays are 1 = Sunday … 7 = Saturday",
    )
    assert hints("0 9 * * 2-6")[0].startswith("2 is Monday, 6 is Friday here:")
    assert hints("0 9 * * 02#1")[0].startswith("2 is Monday here:")
    assert hints("0 9 * * 6L")[0].startswith("6 is Friday here:")


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("0 22-2 * * *", "also takes in 21, flarelocal does not: write `22-23,0-2`"),
        ("0 0 * * FRI-SUN", "also takes in THU, flarelocal does not: write `FRI-SAT,SUN`"),
        ("0 0 1 NOV-MAR/2 *", "leaves out JAN, flarelocal does not: write the values one by one"),
    ],
)
def test_a_wrapping_range_is_warned_of_where_cloudflares_parser_errs(
    text: str, warning: str
) -> None:
    assert warning in hints(text)[0]


def test_a_wrapping_range_that_all_read_alike_is_not() -> None:
    assert hints("0 22-2,21 * * *") == ()
    assert hints("0 5-4 * * *") == ()


def test_what_never_fires_says_so() -> None:
    assert hints("0 0 31 2 *") == ("this never fires: no month that it names has such a day",)


def test_a_star_within_a_list_is_only_the_lowest_value() -> None:
    assert hints("5,* * * * *") == (
        "`*` within a list is only the lowest value, minute 0: write that, or `*` alone",
    )


def test_both_day_fields_mean_either() -> None:
    (hint,) = hints("0 0 1 * mon#1")
    assert hint.startswith("both day fields are given: it fires on days that match either")
