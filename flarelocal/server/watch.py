"""Watching the files that a Worker is made of."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import watchfiles

from flarelocal.config import WorkerConfig

__all__ = ["Changes", "changes"]

_DEBOUNCE_MS = 60
_STEP_MS = 20
_VARIABLES = (".dev.vars", ".env")


@dataclass(frozen=True, slots=True)
class Changes:
    """Files that changed together; `configuration` if the config is to be read again."""

    files: tuple[Path, ...]
    configuration: bool


async def changes(config: WorkerConfig) -> AsyncIterator[Changes]:
    """Each set of changes to the Worker's Python files, its configuration and its variables."""
    sources = config.main.parent if config.main else config.directory
    roots = {sources, config.directory}

    def relevant(_: watchfiles.Change, path: str) -> bool:
        file = Path(path)
        if file == config.path or (
            file.parent == config.directory and file.name.startswith(_VARIABLES)
        ):
            return True
        hidden = any(part.startswith(".") or part == "__pycache__" for part in file.parts[1:])
        return file.suffix == ".py" and file.is_relative_to(sources) and not hidden

    shallow = {root for root in roots if not any(root.is_relative_to(o) for o in roots - {root})}
    async for found in watchfiles.awatch(
        *shallow, watch_filter=relevant, debounce=_DEBOUNCE_MS, step=_STEP_MS, rust_timeout=1000
    ):
        files = tuple(sorted(Path(path) for _, path in found))
        yield Changes(files, any(file.suffix != ".py" for file in files))
