from __future__ import annotations

from pathlib import Path

import pytest

from flarelocal.config import ConfigError
from flarelocal.config.own import Leniency, OwnSettings, read_own_settings


def read(directory: Path, text: str) -> OwnSettings:
    (directory / "pyproject.toml").write_text(text, "utf-8")
    return read_own_settings(directory)


def refusal(directory: Path, text: str) -> str:
    with pytest.raises(ConfigError) as refused:
        read(directory, text)
    return str(refused.value).replace(f"{directory}/", "")


@pytest.mark.parametrize(
    "text", ["", "[project]\nname = 'flarelocal-user'\n", "[tool.flarelocal]\n"]
)
def test_without_settings_everything_is_strict(tmp_path: Path, text: str) -> None:
    assert read_own_settings(tmp_path) == OwnSettings()
    found = read(tmp_path, text)
    assert (found.bindings, found.lenient) == ({}, frozenset())


def test_checks_that_are_switched_off(tmp_path: Path) -> None:
    found = read(tmp_path, '[tool.flarelocal]\nlenient = ["queue-limits"]\n')
    assert found.lenient == {Leniency.QUEUE_LIMITS}
    assert found.files == (tmp_path / "pyproject.toml",)


def test_a_file_that_has_them_is_toml(tmp_path: Path) -> None:
    said = refusal(tmp_path, "[tool.flarelocal\n")
    assert said.startswith("pyproject.toml:1:17: Expected ']' at the end of a table declaration")


def test_all_of_them(tmp_path: Path) -> None:
    assert read(tmp_path, "[tool.flarelocal]\nlenient = true\n").lenient == set(Leniency)


def test_stand_ins(tmp_path: Path) -> None:
    found = read(tmp_path, '[tool.flarelocal.bindings]\nAI = "fakes.py:Ai"\n')
    assert found.bindings == {"AI": "fakes.py:Ai"}


def test_a_key_that_is_not_known(tmp_path: Path) -> None:
    assert refusal(tmp_path, "[tool.flarelocal]\nlinient = true\n") == (
        'pyproject.toml:2:1: "tool.flarelocal.linient" is not known: did you mean "lenient"?'
    )
    assert refusal(tmp_path, "[tool.flarelocal]\nx = 1\n") == (
        'pyproject.toml:2:1: "tool.flarelocal.x" is not known: '
        "remove it; there are bindings and lenient"
    )


def test_a_check_that_is_not_known(tmp_path: Path) -> None:
    assert refusal(tmp_path, '[tool.flarelocal]\nlenient = ["queue-limit"]\n') == (
        "pyproject.toml:2:12: \"tool.flarelocal.lenient.0\" is 'queue-limit', which is not known: "
        'did you mean "queue-limits"?'
    )
    assert (
        "there are derivation-limits, environment, object-limits, queue-limits, startup-randomness"
        in refusal(tmp_path, "[tool.flarelocal]\nlenient = 5\n")
    )


def test_a_stand_in_has_a_file_and_a_name(tmp_path: Path) -> None:
    assert refusal(tmp_path, '[tool.flarelocal.bindings]\nAI = "fake"\n') == (
        'pyproject.toml:2:1: "tool.flarelocal.bindings.AI" is not of the form "file.py:Name": '
        "write the file and the class or object in it"
    )


def test_tables_that_are_none(tmp_path: Path) -> None:
    assert "is no table" in refusal(tmp_path, "[tool]\nflarelocal = 1\n")
    assert "is no table" in refusal(tmp_path, "[tool.flarelocal]\nbindings = 1\n")


def test_what_is_wrong_with_the_rest_of_the_file_is_not_our_business(tmp_path: Path) -> None:
    assert read(tmp_path, "flarelocal = [").lenient == frozenset()
