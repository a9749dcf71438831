"""How outcomes are compared with the vectors."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.matching import Matcher

NOW_MS = 1_767_225_600_000


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ({"a": 1, "b": {"$undefined": True}}, {"a": 1}),
        ({"a": 1}, {"a": 1, "b": {"$undefined": True}}),
        (0.1 + 0.2, 0.3),
        ({"$repeat": ["ab", 2]}, "abab"),
        ({"$fill": [1, 2]}, {"$bytes": "AQE="}),
        ({"$any": "integer"}, 5),
        ({"$match": "^a.c$"}, "abc"),
        ({"$between": [1, 3]}, 3),
        ({"$date": {"$near_now": 1000}}, {"$date": NOW_MS - 1000}),
        ({"$one_of": [1, {"$any": "string"}]}, "x"),
        ([{"$bind": "id1"}, {"$bind": "id2"}, {"$bind": "id1"}], ["a", "b", "a"]),
        ({"$instance": "Foo", "props": {"a": 1}}, {"$instance": "Bar", "props": {"a": 1, "b": 2}}),
        ({"$hidden": True}, "anything"),
    ],
)
def test_what_fits(expected: Any, actual: Any) -> None:
    assert Matcher(NOW_MS).difference(expected, actual) is None


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (1, True),
        (1, "1"),
        (None, {"$undefined": True}),
        ({"a": 1}, {"a": 1, "b": 2}),
        ([1, 2], [1]),
        ({"$date": 5}, {"$undefined": True}),
        ({"$any": "boolean"}, 1),
        ({"$near_now": 10}, NOW_MS - 11),
        ([{"$bind": "id1"}, {"$bind": "id2"}], ["a", "a"]),
        ([{"$bind": "id1"}, {"$bind": "id1"}], ["a", "b"]),
        ({"$instance": "Foo", "props": {"a": 1}}, {"$instance": "Foo", "props": {}}),
    ],
)
def test_what_does_not(expected: Any, actual: Any) -> None:
    assert Matcher(NOW_MS).difference(expected, actual) is not None


def test_a_difference_says_where_it_is() -> None:
    assert Matcher(NOW_MS).difference({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}) == (
        "at .a[1].b: expected 2, got 3"
    )
