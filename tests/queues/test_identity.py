"""Messages have numbers, and ids that tell them."""

from __future__ import annotations

import pytest

from flarelocal.queues.identity import message_id, message_ids, number_of, runs_of


def test_an_id_tells_the_number() -> None:
    assert number_of(message_id(7, 255)) == 255


def test_messages_that_are_sent_together_have_the_ids_of_their_numbers() -> None:
    assert message_ids(7, 9, 3) == [message_id(7, number) for number in (9, 10, 11)]


@pytest.mark.parametrize(
    ("numbers", "runs"),
    [
        ([], []),
        ([4], [(4, 4)]),
        ([4, 5, 6], [(4, 6)]),
        ([6, 4, 5], [(4, 6)]),
        ([9, 1, 2, 4, 5], [(1, 2), (4, 5), (9, 9)]),
    ],
)
def test_numbers_in_a_row_are_one_run(numbers: list[int], runs: list[tuple[int, int]]) -> None:
    assert runs_of(numbers) == runs
