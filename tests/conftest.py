"""Options of the test run."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes is no matter of these tests: machines may be busy.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

VECTORS = Path(__file__).parent / "conformance" / "vectors"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--vectors", type=Path, default=VECTORS, help="the directory of vectors to replay"
    )
    parser.addoption(
        "--workers-py", type=Path, help="a checkout of cloudflare/workers-py, to run its suites"
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out what has a command of its own unless it is asked for."""
    name = collection_path.name
    asked = any(name in argument for argument in config.args)
    return True if name in ("conformance", "upstream") and not asked else None
