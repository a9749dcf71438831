"""Numbers that cross."""

from __future__ import annotations

from flarelocal.pyodide.boundary import JsBigInt


def test_what_is_computed_of_a_big_integer_stays_one() -> None:
    five = JsBigInt(5)
    for result in (five + 1, five * 2 - 5, -five, five // 1, five << 0, five**1, ~five):
        assert isinstance(result, int)
    assert [type(r) for r in (five + 1, -five, five // 2, five % 2, five**2, abs(five), ~five)] == (
        [JsBigInt] * 7
    )
    assert [type(r) for r in (1 + five, five / 2, five + 0.5)] == [int, float, float]
