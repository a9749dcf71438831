"""Which file is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from flarelocal.config import ConfigError
from flarelocal.config.discovery import find_config


def _touch(directory: Path, *names: str, text: str = "{}") -> None:
    for name in names:
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _redirect(directory: Path, target: str = "../../dist/wrangler.json") -> None:
    _touch(directory, ".wrangler/deploy/config.json", text=f'{{"configPath": "{target}"}}')


def _refusal(directory: Path) -> str:
    with pytest.raises(ConfigError) as refusal:
        find_config(directory)
    return str(refusal.value)


def test_the_nearest_file_above_is_found(tmp_path: Path) -> None:
    _touch(tmp_path, "wrangler.jsonc", "a/wrangler.jsonc", "a/b/c/note.txt")
    assert find_config(tmp_path / "a/b/c").path == tmp_path / "a/wrangler.jsonc"


def test_json_comes_before_jsonc_and_toml(tmp_path: Path) -> None:
    _touch(tmp_path, "wrangler.toml")
    assert find_config(tmp_path).path.name == "wrangler.toml"
    _touch(tmp_path, "wrangler.jsonc")
    assert find_config(tmp_path).path.name == "wrangler.jsonc"
    _touch(tmp_path, "wrangler.json")
    assert find_config(tmp_path).path.name == "wrangler.json"


def test_a_json_file_further_up_comes_before_a_closer_toml_file(tmp_path: Path) -> None:
    _touch(tmp_path, "wrangler.json", "worker/wrangler.toml")
    assert find_config(tmp_path / "worker").path == tmp_path / "wrangler.json"


def test_no_file_is_an_error(tmp_path: Path) -> None:
    assert _refusal(tmp_path).endswith("create a wrangler.jsonc, or name a file with --config")


def test_a_directory_of_that_name_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "wrangler.jsonc").mkdir()
    assert "wrangler.jsonc is not a file that can be read: make it one" in _refusal(tmp_path)


def test_a_typescript_configuration_is_named(tmp_path: Path) -> None:
    _touch(tmp_path, "cloudflare.config.ts")
    assert "cloudflare.config.ts is TypeScript" in _refusal(tmp_path)


def test_a_build_tool_can_redirect_to_another_file(tmp_path: Path) -> None:
    _touch(tmp_path, "wrangler.toml", "dist/wrangler.json")
    _redirect(tmp_path)
    found = find_config(tmp_path)
    assert found.path == tmp_path / "dist/wrangler.json"
    assert found.user_path == tmp_path / "wrangler.toml"


def test_a_redirection_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _touch(tmp_path, "wrangler.toml", "dist/wrangler.json")
    _redirect(tmp_path)
    assert find_config(tmp_path).note == (
        "Using redirected Wrangler configuration.\n"
        ' - Configuration being used: "dist/wrangler.json"\n'
        ' - Original user\'s configuration: "wrangler.toml"\n'
        ' - Deploy configuration file: ".wrangler/deploy/config.json"'
    )


def test_a_redirection_needs_no_file_of_the_user(tmp_path: Path) -> None:
    _touch(tmp_path, "dist/wrangler.json", "sub/note.txt")
    _redirect(tmp_path)
    found = find_config(tmp_path / "sub")
    assert found.path == found.user_path == tmp_path / "dist/wrangler.json"
    assert "<no user config found>" in (found.note or "")


def test_a_redirection_to_nowhere_is_an_error(tmp_path: Path) -> None:
    _touch(tmp_path, "wrangler.toml")
    _redirect(tmp_path, "../../gone.json")
    assert "does not exist" in _refusal(tmp_path)


def test_a_redirection_without_a_path_is_an_error(tmp_path: Path) -> None:
    _touch(tmp_path, ".wrangler/deploy/config.json")
    assert 'the required "configPath" property was not found' in _refusal(tmp_path)


def test_a_redirection_elsewhere_than_beside_the_users_file_is_an_error(tmp_path: Path) -> None:
    _touch(tmp_path, "worker/wrangler.toml", "dist/wrangler.json")
    _redirect(tmp_path)
    assert "But these do not share the same base" in _refusal(tmp_path / "worker")
