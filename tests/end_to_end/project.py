"""A project directory: a configuration and the Worker's code."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent
from typing import Any

__all__ = ["Project"]

_CONFIG: dict[str, Any] = {
    "name": "tested",
    "main": "src/entry.py",
    "compatibility_date": "2026-06-01",
    "compatibility_flags": ["python_workers"],
}


class Project:
    """Files below a directory, beginning with a configuration of the usual keys."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.config_file = directory / "wrangler.json"
        self.configure()

    def configure(self, **keys: Any) -> None:
        """Write the configuration: the usual keys, and these."""
        self.config_file.write_text(json.dumps(_CONFIG | keys, indent=2))

    def write(self, code: str, file: str = "src/entry.py") -> None:
        """Write a source file."""
        path = self.directory / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(code).lstrip())
