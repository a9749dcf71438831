"""What Worker code imports."""

from __future__ import annotations

import importlib
import sys
import types
from collections.abc import Iterator

import pytest

from flarelocal.pyodide.finder import ModuleFinder
from flarelocal.pyodide.modules import pyodide_modules


@pytest.fixture
def served() -> Iterator[types.ModuleType]:
    module = types.ModuleType("js")
    finder = ModuleFinder({"js": module, **pyodide_modules()})
    finder.install()
    yield module
    finder.remove()


def test_modules_are_served_ahead_of_what_is_installed(served: types.ModuleType) -> None:
    assert importlib.import_module("js") is served
    assert importlib.import_module("pyodide.ffi").JsProxy.__name__ == "JsProxy"


def test_modules_that_were_imported_before_are_put_out_of_the_way() -> None:
    stale = types.ModuleType("js")
    sys.modules["js"] = stale
    fresh = types.ModuleType("js")
    finder = ModuleFinder({"js": fresh})
    finder.install()
    assert importlib.import_module("js") is fresh
    finder.remove()


def test_what_is_not_emulated_says_so(served: types.ModuleType) -> None:
    with pytest.raises(ModuleNotFoundError, match="flarelocal does not emulate it"):
        importlib.import_module("pyodide.console")


def test_nothing_is_served_afterwards() -> None:
    finder = ModuleFinder({"js": types.ModuleType("js")})
    finder.install()
    importlib.import_module("js")
    finder.remove()
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("js")
