"""How what is wrong is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from flarelocal.config import ConfigError, Diagnostic


def test_a_diagnostic_is_place_what_and_fix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    diagnostic = Diagnostic("It is wrong.", "make it right", tmp_path / "wrangler.jsonc", 3, 7)
    assert str(diagnostic) == "wrangler.jsonc:3:7: It is wrong. Make it right."


def test_a_file_outside_of_the_working_directory_is_shown_in_full() -> None:
    file = Path("/elsewhere/wrangler.toml")
    assert str(Diagnostic("Wrong.", "", file, 1, 1)) == "/elsewhere/wrangler.toml:1:1: Wrong."


def test_what_has_no_place_is_said_alone() -> None:
    assert str(Diagnostic("Nothing there", "write it")) == "Nothing there: write it"


def test_further_lines_are_indented() -> None:
    assert str(Diagnostic("One\ntwo\nthree")) == "One\n  two\n  three"


def test_the_text_of_the_error_is_all_diagnostics() -> None:
    assert str(ConfigError([Diagnostic("a"), Diagnostic("b", "c")])) == "a\nb: c"
