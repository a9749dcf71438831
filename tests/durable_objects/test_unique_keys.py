"""A class keeps its objects when it is renamed."""

from __future__ import annotations

from flarelocal.durable_objects.unique_keys import unique_keys


def test_a_class_has_a_key_of_its_own() -> None:
    assert unique_keys("w", ["A", "B"], []) == {"A": "w-A", "B": "w-B"}


def test_a_renamed_class_keeps_the_key_of_its_first_name() -> None:
    assert unique_keys("w", ["C"], [("A", "B"), ("B", "C")]) == {"C": "w-A"}


def test_a_new_class_with_a_former_name_gets_another_key() -> None:
    assert unique_keys("w", ["A", "B"], [("A", "B")]) == {"A": "w-A.new", "B": "w-A"}


def test_a_class_may_get_its_name_back() -> None:
    assert unique_keys("w", ["A"], [("A", "B"), ("B", "A")]) == {"A": "w-A"}
