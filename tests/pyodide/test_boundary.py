"""Numbers that cross."""

from __future__ import annotations

from typing import Any

from flarelocal.pyodide.boundary import JsBigInt, to_python


def test_what_is_computed_of_a_big_integer_stays_one() -> None:
    five = JsBigInt(5)
    for result in (five + 1, five * 2 - 5, -five, five // 1, five << 0, five**1, ~five):
        assert isinstance(result, int)
    assert [type(r) for r in (five + 1, -five, five // 2, five % 2, five**2, abs(five), ~five)] == (
        [JsBigInt] * 7
    )
    assert [type(r) for r in (1 + five, five / 2, five + 0.5)] == [int, float, float]


def test_only_names_that_python_has_for_itself_lose_their_underscore() -> None:
    found: Any = to_python({"from": 1, "type": 2, "None": 3, "async_": 4})
    assert (found.from_, found.None_, found.async__) == (1, 3, 4)
    assert not hasattr(found, "type_")
    found.class_ = 5
    found.type_ = 6
    del found.from_
    assert list(found.object_keys()) == ["type", "None", "async_", "class", "type_"]
