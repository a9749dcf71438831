"""Long lines on a terminal."""

import io

import pytest

from flarelocal.terminal.wrapping import wrapped

_LONG = "wrangler.jsonc:3:11: Expected this to be something else"


class _Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> _Screen:
    monkeypatch.setenv("COLUMNS", "30")
    return _Screen()


def test_words_stay_whole(screen: _Screen) -> None:
    assert wrapped(_LONG, screen).splitlines() == [
        "wrangler.jsonc:3:11: Expected",
        "  this to be something else",
    ]


def test_code_and_short_lines_stay_as_they_are(screen: _Screen) -> None:
    text = "Traceback\n    total = await self.compute(request)\nKeyError: 'total'"

    assert wrapped(text, screen) == text


def test_lines_that_go_to_a_file_stay_whole() -> None:
    assert wrapped(_LONG, io.StringIO()) == _LONG
