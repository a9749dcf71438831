"""WeakMap, WeakSet and WeakRef."""

from __future__ import annotations

import pytest

from flarelocal.javascript.clone import serialize
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.weak import WeakMap, WeakRef, WeakSet


def test_a_weak_map_knows_objects_by_identity() -> None:
    key = {"a": 1}
    found = WeakMap([[key, 5]])
    assert found.get(key) == 5
    assert not found.has({"a": 1})
    assert found.delete(key)
    assert found.get(key) is None


def test_a_weak_set_knows_objects_by_identity() -> None:
    member: list[int] = []
    assert WeakSet([member]).has(member)
    assert not WeakSet().add(member).has([])


def test_a_weak_reference_gives_its_target() -> None:
    target = {"a": 1}
    assert WeakRef(target).deref() is target


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: WeakMap([["x", 1]]), "Invalid value used as weak map key"),
        (lambda: WeakSet([1]), "Invalid value used in weak set"),
        (lambda: WeakRef(5), "WeakRef: invalid target"),
    ],
)
def test_primitives_are_refused(make: object, message: str) -> None:
    with pytest.raises(JsError, match=message):
        make()  # type: ignore[operator]


def test_they_cannot_be_cloned() -> None:
    with pytest.raises(JsError, match="#<WeakMap> could not be cloned"):
        serialize(WeakMap())
