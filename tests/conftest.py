"""Options of the test run."""

from __future__ import annotations

from pathlib import Path

import pytest

VECTORS = Path(__file__).parent / "conformance" / "vectors"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--vectors", type=Path, default=VECTORS, help="the directory of vectors to replay"
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the vectors out unless they are asked for: they have a command of their own."""
    asked = any("conformance" in argument for argument in config.args)
    return True if collection_path.name == "conformance" and not asked else None
