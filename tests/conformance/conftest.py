"""Leaves out the tests that a directory of vectors has no cases for."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    without_case = [item for item in items if "NOTSET" in item.name]
    if without_case:
        config.hook.pytest_deselected(items=without_case)
        items[:] = [item for item in items if item not in without_case]
