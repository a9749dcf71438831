"""The examples that users copy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize(("name", "passed"), [("testing", 8), ("desk", 6)])
def test_the_tests_of_an_example_pass(name: str, passed: int, pytester: pytest.Pytester) -> None:
    shutil.copytree(EXAMPLES / name, pytester.path, dirs_exist_ok=True)
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=passed)
