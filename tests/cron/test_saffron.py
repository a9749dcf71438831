"""What cloudflare/saffron, which Cron Triggers are built on, says of random expressions.

`saffron.tsv` was made by running it: an expression, a moment, and the next three times after it, in
seconds since 1970, or `refused`. Expressions for which it has quirks of its own are not in it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from flarelocal.cron import CronError, Expression

_ROWS = [
    line.split("\t")
    for line in (Path(__file__).parent / "saffron.tsv").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("text", [text for text, _, said in _ROWS if said == "refused"])
def test_what_it_refuses_is_refused(text: str) -> None:
    with pytest.raises(CronError):
        Expression.parse(text)


@pytest.mark.parametrize(("text", "after", "said"), [row for row in _ROWS if row[2] != "refused"])
def test_what_it_accepts_fires_when_it_says(text: str, after: str, said: str) -> None:
    expression, at = Expression.parse(text), int(after) * 1000
    for expected in [] if said == "never" else said.split(","):
        found = expression.next_after(at)
        assert found == int(expected) * 1000
        at = found
    assert said != "never" or expression.next_after(at) is None
