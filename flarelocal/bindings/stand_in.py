"""The user's own Python stand-ins for bindings: `[tool.flarelocal.bindings]` in pyproject.toml."""

from __future__ import annotations

import functools
import importlib.util
import inspect
from collections.abc import Mapping
from pathlib import Path

from flarelocal.javascript.values import Value

__all__ = ["StandInError", "read_stand_ins", "stand_in"]


class StandInError(Exception):
    """A stand-in cannot be loaded."""


def read_stand_ins(directory: Path) -> Mapping[str, str]:
    """What is plugged in: by the name of the binding, a file of the project and a name in it.

    Raises:
        StandInError: the table is not as it should be.
    """
    path = directory / "pyproject.toml"
    try:
        state = path.stat()
    except OSError:
        return {}
    return _read(path, state.st_mtime_ns, state.st_size)


@functools.lru_cache(maxsize=16)
def _read(path: Path, *_version: int) -> Mapping[str, str]:
    import tomllib

    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        # What is wrong with it is told by the tools whose file it is.
        return {}
    table = found.get("tool", {}).get("flarelocal", {}).get("bindings", {})
    for name, place in table.items():
        if not isinstance(place, str) or ":" not in place:
            raise StandInError(
                f'{path}: tool.flarelocal.bindings.{name} is not of the form "file.py:Name": '
                "write the file and the class or object in it"
            )
    return dict(table)


def stand_in(directory: Path, place: str) -> Value:
    """The object that a place names; a class is called without arguments.

    Raises:
        StandInError: there is none, or it cannot be made.
    """
    from flarelocal.pyodide.pyproxy import proxy_of

    file, _, name = place.rpartition(":")
    path = directory / file
    spec = importlib.util.spec_from_file_location(f"flarelocal_stand_in_{path.stem}", path)
    try:
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found = getattr(module, name)
        return proxy_of(found() if inspect.isclass(found) else found)
    except Exception as error:
        raise StandInError(
            f"{path}: {name} cannot stand in for a binding ({type(error).__name__}: {error}): "
            "see [tool.flarelocal.bindings] in pyproject.toml"
        ) from error
