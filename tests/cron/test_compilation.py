"""The list of crons of a Worker."""

from __future__ import annotations

import pytest

from flarelocal.cron import MOST_CRONS, ScheduleError, compile_schedule


def refusal(texts: list[str]) -> ScheduleError:
    with pytest.raises(ScheduleError) as caught:
        compile_schedule(texts)
    return caught.value


def test_the_order_of_the_configuration_is_kept() -> None:
    texts = ["0 9 * * MON", "* * * * *", "0 0 L * *"]
    assert [each.text for each in compile_schedule(texts)] == texts


def test_all_that_is_wrong_is_told_at_once() -> None:
    error = refusal(["* * * * *", "0 0 * * 0", "0 0 * * 1", "@daily", "0 0 * * SUN"])
    assert {index: each.reason for index, each in error.errors.items()} == {
        1: "range",
        3: "unsupported",
        4: "duplicate",
    }
    assert str(error).startswith("Cloudflare would refuse to deploy these crons:\n  crons[1]: ")


def test_duplicates_are_found_after_compilation() -> None:
    error = refusal(["0 0 * * 1", "0 0 * * SUN"]).errors[1]
    assert error.message == "Expression '0 0 * * SUN' already exists in the form of '0 0 * * 1'"


def test_an_account_has_a_limit() -> None:
    texts = [f"{n % 60} {n // 60} * * *" for n in range(MOST_CRONS + 1)]
    assert len(compile_schedule(texts[:-1])) == MOST_CRONS
    assert refusal(texts).errors[MOST_CRONS].reason == "too-many"
