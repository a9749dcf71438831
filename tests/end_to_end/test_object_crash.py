"""A server that is killed under load loses nothing that its Durable Objects acknowledged."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.end_to_end.object_crash import crash


@pytest.mark.timeout(120)
def test_every_write_is_whole_and_every_alarm_rings(tmp_path: Path) -> None:
    account = crash(tmp_path, rounds=2, chance=random.Random(3))

    account.check()
    assert account.armed
    assert all(account.written.values())
