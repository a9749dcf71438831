"""Production's limits apply by default."""

from __future__ import annotations

from typing import Any

import pytest

from flarelocal.durable_objects import DurableObjectError, Limits

SQLITE = Limits.production(sqlite=True)
LEGACY = Limits.production(sqlite=False)


def refusal(check: Any, *arguments: Any) -> tuple[str, str]:
    with pytest.raises(DurableObjectError) as refused:
        check(*arguments)
    return refused.value.name, refused.value.message


def test_a_call_has_at_most_128_keys() -> None:
    SQLITE.check_count(128)
    assert refusal(SQLITE.check_count, 129) == (
        "RangeError",
        "Maximum number of key value pairs is 128. 129 pairs were provided.",
    )


def test_a_key_without_sqlite_has_at_most_2048_bytes_of_utf8() -> None:
    LEGACY.check_key("é" * 1024)
    assert refusal(LEGACY.check_key, "é" * 1024 + "x") == (
        "RangeError",
        "Keys cannot be larger than 2048 bytes. A key of size 2049 was provided.",
    )


def test_a_value_without_sqlite_has_at_most_128_kib_and_some_slack() -> None:
    LEGACY.check_pair("k", bytes(131_072 + 34))
    assert refusal(LEGACY.check_pair, "k", bytes(131_072 + 35)) == (
        "RangeError",
        "Values cannot be larger than 131072 bytes. A value of size 131107 was provided.",
    )


def test_key_and_value_with_sqlite_have_at_most_2_mb_together() -> None:
    SQLITE.check_pair("é", bytes(2_000_000 - 2))
    assert refusal(SQLITE.check_pair, "é", bytes(2_000_000 - 1)) == (
        "Error",
        "string or blob too big: SQLITE_TOOBIG",
    )


def test_the_local_runtime_limits_next_to_nothing() -> None:
    Limits.local().check_count(100_000)
    Limits.local().check_key("k" * 100_000)
    Limits.local().check_pair("k", bytes(4_000_000))
