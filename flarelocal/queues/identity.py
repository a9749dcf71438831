"""Ids of messages: opaque to users, and yet enough to find a message by."""

from __future__ import annotations

from collections.abc import Collection, Iterable

__all__ = ["message_id", "message_ids", "number_of", "numbers_of", "runs_of"]

_DIGITS = 16
_HIGHEST = 2**63 - 1


def message_id(salt: int, number: int) -> str:
    """The id of the message with this number: 32 hexadecimal digits.

    Args:
        salt: below 2**64; keeps ids of different state directories apart.
    """
    return f"{salt:016x}{number:016x}"


def message_ids(salt: int, first: int, count: int) -> list[str]:
    """The ids of messages whose numbers follow each other."""
    start = f"{salt:016x}"
    return [f"{start}{number:016x}" for number in range(first, first + count)]


def number_of(identity: str) -> int:
    """The number of the message that has this id; -1 if none can have it."""
    if len(identity) != 2 * _DIGITS:
        return -1
    try:
        number = int(identity[_DIGITS:], 16)
    except ValueError:
        return -1
    return number if number <= _HIGHEST else -1


def numbers_of(identities: Iterable[str]) -> list[int]:
    """The numbers of messages whose ids were made here."""
    return [int(identity[_DIGITS:], 16) for identity in identities]


def runs_of(numbers: Collection[int]) -> list[tuple[int, int]]:
    """The first and the last number of each row of consecutive ones; each is given once."""
    if not numbers:
        return []
    lowest, highest = min(numbers), max(numbers)
    if highest - lowest == len(numbers) - 1:
        return [(lowest, highest)]
    runs = []
    first = last = lowest
    for number in sorted(numbers):
        if number > last + 1:
            runs.append((first, last))
            first = number
        last = number
    return [*runs, (first, last)]
