from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.durable_objects.storage.bench import Bench


@pytest.fixture(params=["file", "memory"])
def bench(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Bench]:
    """A storage of its own."""
    bench = Bench(tmp_path / "object.sqlite" if request.param == "file" else None)
    yield bench
    bench.database.close()
