"""A project directory that tests fill and load."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from flarelocal.config import ConfigError, Diagnostic, LoadedConfig, load_config


class Project:
    """A Worker's directory, with an entry module and the keys that every Worker needs."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.write("src/entry.py", "")

    def write(self, name: str, text: str) -> Path:
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def load(
        self,
        *,
        environment: str | None = None,
        variables: Mapping[str, str] | None = None,
        env_files: Sequence[Path] = (),
        process_env: Mapping[str, str] | None = None,
        **keys: object,
    ) -> LoadedConfig:
        """Load a configuration of these keys and the necessary ones."""
        base = {
            "name": "jobs",
            "main": "src/entry.py",
            "compatibility_date": "2026-11-17",
            "compatibility_flags": ["python_workers"],
        }
        path = self.write("wrangler.jsonc", json.dumps(base | keys, indent=2))
        return load_config(
            path,
            environment=environment,
            variables=variables or {},
            env_files=env_files,
            process_env=process_env or {},
        )

    def errors(self, environment: str | None = None, **keys: Any) -> list[str]:
        """The messages with which a configuration is refused."""
        return [each.message for each in self.diagnostics(environment, **keys)]

    def diagnostics(self, environment: str | None = None, **keys: Any) -> tuple[Diagnostic, ...]:
        """The errors for which a configuration is refused."""
        with pytest.raises(ConfigError) as refusal:
            self.load(environment=environment, **keys)
        return refusal.value.diagnostics

    def warnings(self, environment: str | None = None, **keys: Any) -> list[str]:
        """The messages of the warnings about a configuration that is accepted."""
        return [each.message for each in self.load(environment=environment, **keys).warnings]

    def load_text(self, text: str, name: str = "wrangler.jsonc") -> LoadedConfig:
        """Load a file with exactly this text."""
        return load_config(self.write(name, text), process_env={})


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """An empty project, which is the working directory as well."""
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path)
