"""Maps and sets."""

from __future__ import annotations

import math

from flarelocal.javascript.collections import Map, Set


def test_there_is_no_negative_zero_in_a_map() -> None:
    made = Map([[-0.0, "a"], [0, "b"]])
    assert [(math.copysign(1, key), value) for key, value in made.items()] == [(1, "b")]


def test_there_is_no_negative_zero_in_a_set() -> None:
    assert [math.copysign(1, member) for member in Set([-0.0]).values()] == [1]


def test_all_that_is_no_number_is_one_key() -> None:
    assert len(list(Map([[math.nan, 1], [-math.nan, 2]]).items())) == 1


def test_keys_of_different_types_are_different() -> None:
    assert len(list(Set([1, "1", True, 1.0]).values())) == 3
