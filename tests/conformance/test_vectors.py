"""What the real runtime was seen to do, replayed: one test for each case of the vectors."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.benches import BENCHES
from tests.conformance.exceptions import read_exceptions, reason_for
from tests.conformance.performance import Performance
from tests.conformance.vectors import Case, load_cases

EXCEPTIONS = read_exceptions(Path(__file__).parent / "EXCEPTIONS.md")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    directory: Path = metafunc.config.getoption("--vectors")
    cases = [case for case in load_cases(directory) if case.area in BENCHES]
    metafunc.parametrize("case", [pytest.param(case, id=case.id) for case in cases])


async def test_vector(case: Case) -> None:
    found = await Performance(case, BENCHES[case.area]()).difference()
    reason = reason_for(case.id, EXCEPTIONS)
    if reason is None:
        assert found is None or case.local_only, found
    else:
        assert found is not None, f"passes, though EXCEPTIONS.md says that it differs: {reason}"
