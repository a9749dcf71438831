from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.durable_objects.storage.bench import KINDS, Bench


@pytest.fixture(params=KINDS)
def bench(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Bench]:
    """A storage of its own."""
    bench = Bench.of_kind(request.param, tmp_path)
    yield bench
    bench.close()
