"""What follows from a verdict for each message ("Batching, Retries and Delays")."""

from __future__ import annotations

import pytest

from flarelocal.queues import ContentType, Message, Verdict
from flarelocal.queues.verdict import judge

ZERO, ONE = (Message(f"m{n}", 0, 1, ContentType.TEXT, b"") for n in (0, 1))

A0 = frozenset({"m0"})
A1 = frozenset({"m1"})

CASES = [
    ("nothing said", Verdict(), "acked acked"),
    ("thrown", Verdict("exception"), "0 0"),
    ("another outcome", Verdict("exceededCpu"), "0 0"),
    ("ack", Verdict(explicit_acks=A0), "acked acked"),
    ("ack, then thrown", Verdict("exception", explicit_acks=A0), "acked 0"),
    ("ackAll, then thrown", Verdict("exception", ack_all=True), "acked acked"),
    ("retry", Verdict(retries={"m0": None}), "0 acked"),
    ("retry with delay", Verdict(retries={"m0": 7}), "7 acked"),
    ("retry, then thrown", Verdict("exception", retries={"m0": 7}), "7 0"),
    ("ack and retry", Verdict(explicit_acks=A1, retries={"m0": None}), "0 acked"),
    ("retry and ackAll", Verdict(ack_all=True, retries={"m1": 3}), "acked 3"),
    ("retryAll", Verdict(retry_all=True), "0 0"),
    ("retryAll with delay", Verdict(retry_all=True, retry_all_delay_s=9), "9 9"),
    ("ack and retryAll", Verdict(retry_all=True, explicit_acks=A0), "acked 0"),
    (
        "retry and retryAll, each with a delay",
        Verdict(retry_all=True, retry_all_delay_s=9, retries={"m0": 2}),
        "2 9",
    ),
    (
        "retry without a delay and retryAll with one",
        Verdict(retry_all=True, retry_all_delay_s=9, retries={"m0": None}),
        "9 9",
    ),
    ("a negative delay", Verdict(retries={"m0": -5}), "0 acked"),
    ("a delay of more than a day", Verdict(retries={"m0": 100_000}), "86400 acked"),
    ("an id that is not in the batch", Verdict(retries={"other": 1}), "acked acked"),
]


@pytest.mark.parametrize(
    ("verdict", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_what_becomes_of_each_message(verdict: Verdict, expected: str) -> None:
    judgement = judge([ZERO, ONE], verdict, max_retries=3, retry_delay_s=0)
    found = {message.id: "acked" for message in judgement.acked}
    for delay, group in judgement.retried.items():
        found |= {message.id: str(delay) for message in group}
    assert f"{found['m0']} {found['m1']}" == expected


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (Verdict("exception"), [60]),
        (Verdict(retry_all=True), [60]),
        (Verdict(retry_all=True, retry_all_delay_s=0), [0]),
        (Verdict(retries={"m0": None, "m1": None}), [60]),
        (Verdict(retries={"m0": 0, "m1": None}), [0, 60]),
        (Verdict("exception", retry_all_delay_s=5), [60]),
    ],
)
def test_the_delay_of_the_consumer_counts_where_none_is_given(
    verdict: Verdict, expected: list[int]
) -> None:
    judgement = judge([ZERO, ONE], verdict, max_retries=3, retry_delay_s=60)
    assert list(judgement.retried) == expected


def test_a_message_is_spent_when_it_was_retried_often_enough() -> None:
    third = Message("m0", 0, 3, ContentType.TEXT, b"")
    assert judge([third], Verdict("exception"), max_retries=3, retry_delay_s=0).spent == []
    assert judge([third], Verdict("exception"), max_retries=2, retry_delay_s=0).spent == [third]
    assert judge([third], Verdict(), max_retries=2, retry_delay_s=0).acked == [third]
