"""The user's own Python stand-ins for bindings: `[tool.flarelocal.bindings]` in pyproject.toml."""

from __future__ import annotations

import importlib.util
import inspect
from pathlib import Path

from flarelocal.javascript.values import Value

__all__ = ["StandInError", "stand_in"]


class StandInError(Exception):
    """A stand-in cannot be loaded."""


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
