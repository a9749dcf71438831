"""Options of the test run."""

from __future__ import annotations

from pathlib import Path

import pytest

VECTORS = Path(__file__).parent / "conformance" / "vectors"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--vectors", type=Path, default=VECTORS, help="the directory of vectors to replay"
    )
