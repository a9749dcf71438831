"""Tables for people."""

import pytest

from flarelocal.cli.display import Display


def test_columns_in_which_nothing_stands_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    Display(False).table(["next", "local", "cron"], [["Mon", "", "a"], ["Tue", "", "b"]], "none")

    assert capsys.readouterr().out == "next  cron\nMon   a\nTue   b\n"
