"""A server that is killed under load loses no message and repeats no more than it must."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.end_to_end.crash import crash


@pytest.mark.timeout(120)
def test_every_message_is_accounted_for(tmp_path: Path) -> None:
    account = crash(tmp_path, rounds=4, chance=random.Random(2))

    account.check()
    assert account.accepted
