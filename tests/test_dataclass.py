"""Dataclasses that are compiled late behave like those of the standard library."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from dataclasses import field
from typing import ClassVar

import pytest

from flarelocal.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Base:
    """Has a documentation."""

    number: int
    kinds: ClassVar[str] = "many"

    @property
    def double(self) -> int:
        return 2 * self.number


@dataclass(frozen=True, slots=True)
class Derived(Base):
    text: str = "usual"
    items: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Checked:
    number: int

    def __post_init__(self) -> None:
        if self.number < 0:
            raise ValueError("too small")


@dataclass(slots=True, kw_only=True)
class Changing:
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    number: int
    text: str


def test_values_that_have_to_be_named_have_to() -> None:
    assert Named(text="a", number=1) == Named(number=1, text="a")
    with pytest.raises(TypeError, match="positional"):
        Named(1, "a")  # type: ignore[call-arg]


def test_values_are_given_by_place_and_by_name() -> None:
    assert Derived(1, items=[2]) == Derived(number=1, text="usual", items=[2])
    assert Derived(1) != Derived(2)
    assert Derived(3).double == 6
    assert Base.kinds == Derived(1).kinds == "many"


def test_each_value_has_lists_of_its_own() -> None:
    assert Derived(1).items is not Derived(1).items


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(TypeError, match="number"):
        Base()  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="too small"):
        Checked(-1)


def test_values_cannot_be_changed() -> None:
    value = Base(1)

    with pytest.raises(dataclasses.FrozenInstanceError):
        value.number = 2  # type: ignore[misc]
    assert not hasattr(value, "__dict__")


def test_other_options_are_those_of_the_standard_library() -> None:
    value = Changing(number=1)
    value.number = 2

    assert value == Changing(number=2)
    with pytest.raises(TypeError):
        Changing(1)  # type: ignore[call-arg]


def test_values_can_be_shown_hashed_copied_and_pickled() -> None:
    value = Base(1)

    assert repr(value) == "Base(number=1)"
    assert hash(value) == hash(Base(1))
    assert copy.copy(value) == value
    assert pickle.loads(pickle.dumps(value)) == value


def test_the_standard_library_knows_them() -> None:
    @dataclass(frozen=True, slots=True)
    class Unused:
        number: int

    assert [each.name for each in dataclasses.fields(Unused)] == ["number"]
    assert dataclasses.replace(Derived(1), text="other").text == "other"
    assert dataclasses.asdict(Derived(1)) == {"number": 1, "text": "usual", "items": []}


def test_they_can_be_matched() -> None:
    match Derived(1, "a"):
        case Derived(number, text):
            assert (number, text) == (1, "a")


def test_the_class_looks_like_the_one_that_was_written() -> None:
    assert Base.__doc__ == "Has a documentation."
    assert (Base.__module__, Base.__qualname__) == (__name__, "Base")


@dataclass(slots=True)
class Plain:
    number: int = 1


def test_the_first_instance_is_like_any_other() -> None:
    @dataclass(frozen=True, slots=True)
    class Pair:
        left: int
        right: int = 2

    first = Pair(1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        first.left = 3  # type: ignore[misc]
    assert repr(first).endswith("Pair(left=1, right=2)")
    assert first == Pair(1, 2)
    assert hash(first) == hash(Pair(left=1))
    assert dataclasses.astuple(first) == (1, 2)
    assert Pair.__match_args__ == ("left", "right")


def test_what_can_be_changed_has_no_hash() -> None:
    value = Plain()
    with pytest.raises(TypeError, match="unhashable"):
        hash(value)
    value.number = 2
    assert value == Plain(2)
    assert copy.copy(value) == value
