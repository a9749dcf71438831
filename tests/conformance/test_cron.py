"""Cron expressions: what Cloudflare accepts, and when it fires."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

import pytest

from flarelocal.cron import CronError, Expression
from tests.conformance.vectors import described_cases


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    kind = "accepted" if "accepted" in metafunc.fixturenames else "refused"
    metafunc.parametrize(
        kind,
        [
            pytest.param(case, id=case["id"])
            for case in described_cases(metafunc.config.getoption("--vectors"), "CRON.md")
            if case["valid"] is (kind == "accepted")
        ],
    )


def ms(iso: str) -> int:
    return round(datetime.fromisoformat(iso).timestamp() * 1000)


def fire_times(expression: Expression, start: int) -> Iterator[int]:
    while (at := expression.next_after(start)) is not None:
        yield at
        start = at


def test_an_accepted_expression_fires_at(accepted: dict[str, Any]) -> None:
    expression = Expression.parse(accepted["expression"])
    times = list(islice(fire_times(expression, ms(accepted["start"])), 5))
    assert times == [ms(iso) for iso in accepted["next"]]
    assert all(expression.matches(at) for at in times)


def test_a_refused_expression_gives_a_reason(refused: dict[str, Any]) -> None:
    with pytest.raises(CronError) as caught:
        Expression.parse(refused["expression"])
    assert caught.value.reason == refused["reason"]
    assert caught.value.message == f"invalid cron string: {refused['expression']} [code: 10100]"


def test_a_range_that_cloudflare_reads_otherwise_is_warned_of(accepted: dict[str, Any]) -> None:
    warnings = [
        hint for hint in Expression.parse(accepted["expression"]).hints() if "wraps" in hint
    ]
    differing = accepted.get("quirk", {}).get("fields", [])
    assert len(warnings) == sum(
        len(v) for each in differing for k, v in each.items() if k != "field"
    )
