"""Cron expressions: what Cloudflare accepts, and when it fires."""

from __future__ import annotations

import json
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from flarelocal.cron import CronError, Expression

VECTORS = json.loads((Path(__file__).parent / "vectors" / "cron.json").read_text("utf-8"))
CASES = [pytest.param(case, id=case["id"]) for case in VECTORS["cases"]]


def accepted(case: dict[str, Any]) -> bool:
    return bool(case["valid"])


def ms(iso: str) -> int:
    return round(datetime.fromisoformat(iso).timestamp() * 1000)


def fire_times(expression: Expression, start: int):
    while (at := expression.next_after(start)) is not None:
        yield at
        start = at


@pytest.mark.parametrize("case", [case for case in CASES if accepted(case.values[0])])
def test_an_accepted_expression_fires_at(case: dict[str, Any]) -> None:
    expression = Expression.parse(case["expression"])
    times = list(islice(fire_times(expression, ms(case["start"])), 5))
    assert times == [ms(iso) for iso in case["next"]]
    assert all(expression.matches(at) for at in times)


@pytest.mark.parametrize("case", [case for case in CASES if not accepted(case.values[0])])
def test_a_refused_expression_gives_a_reason(case: dict[str, Any]) -> None:
    with pytest.raises(CronError) as caught:
        Expression.parse(case["expression"])
    assert caught.value.reason == case["reason"]
    assert caught.value.message == f"invalid cron string: {case['expression']} [code: 10100]"


@pytest.mark.parametrize("case", [case for case in CASES if accepted(case.values[0])])
def test_a_range_that_cloudflare_reads_otherwise_is_warned_of(case: dict[str, Any]) -> None:
    warnings = [hint for hint in Expression.parse(case["expression"]).hints() if "wraps" in hint]
    differing = case.get("quirk", {}).get("fields", [])
    assert len(warnings) == sum(
        len(v) for each in differing for k, v in each.items() if k != "field"
    )
