"""What Worker code imports, and what several Workers import."""

from __future__ import annotations

import importlib
import importlib.machinery
import sys
from collections.abc import Iterator
from contextvars import Context
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from flarelocal.pyodide import profile
from flarelocal.pyodide.finder import ModuleFinder
from flarelocal.pyodide.js_modules import JsModules
from flarelocal.pyodide.modules import pyodide_modules
from flarelocal.pyodide.profile import PROFILES
from flarelocal.pyodide.realm import Realm, outside


class Beside:
    """Finds the modules of a directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = str(directory)

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Any:
        return importlib.machinery.PathFinder.find_spec(fullname, [self._directory], target)


def realm_of(directory: Path, rules: str = "314") -> Realm:
    directory.mkdir(exist_ok=True)
    (directory / "helper.py").write_text(f"NAME = {directory.name!r}\n", "utf-8")
    modules = pyodide_modules(PROFILES[rules], JsModules())
    served = ModuleFinder({"js": ModuleType(directory.name), **modules})
    return Realm(PROFILES[rules], served, [Beside(directory)])


@pytest.fixture
def first(tmp_path: Path) -> Iterator[Realm]:
    realm = realm_of(tmp_path / "first")
    realm.open()
    yield realm
    realm.close()


@pytest.fixture
def second(tmp_path: Path, first: Realm) -> Iterator[Realm]:
    realm = realm_of(tmp_path / "second", "0.26")
    realm.open()
    yield realm
    realm.close()


def imported(name: str) -> Any:
    return importlib.import_module(name)


def test_modules_are_served_ahead_of_what_is_installed(first: Realm) -> None:
    assert imported("js").__name__ == "first"
    assert imported("pyodide.ffi").JsProxy.__name__ == "JsProxy"


def test_modules_that_were_imported_before_are_put_out_of_the_way(tmp_path: Path) -> None:
    sys.modules["js"] = ModuleType("stale")
    realm = realm_of(tmp_path / "fresh")
    realm.open()
    assert imported("js").__name__ == "fresh"
    realm.close()


def test_what_is_not_emulated_says_so(first: Realm) -> None:
    with pytest.raises(ModuleNotFoundError, match="flarelocal does not emulate it"):
        imported("pyodide._package_loader")


def test_nothing_is_there_afterwards(tmp_path: Path) -> None:
    realm = realm_of(tmp_path / "over")
    realm.open()
    imported("helper")
    assert set(realm.close()) == {"helper"}
    for name in ("js", "helper"):
        with pytest.raises(ModuleNotFoundError):
            imported(name)


def test_each_realm_has_its_own_module_of_a_name(first: Realm, second: Realm) -> None:
    def seen() -> list[str]:
        return [imported("helper").NAME, imported("js").__name__]

    assert first.run(seen) == ["first", "first"]
    assert second.run(seen) == ["second", "second"]
    assert first.run(seen) == ["first", "first"]


def test_a_module_is_imported_once(first: Realm, second: Realm) -> None:
    once = first.run(lambda: imported("helper"))
    second.run(lambda: imported("helper"))
    assert first.run(lambda: imported("helper")) is once
    assert first.run(lambda: sys.modules["helper"]) is once


def test_code_goes_on_in_its_own_realm_after_it_called_another(first: Realm, second: Realm) -> None:
    def outer() -> list[str]:
        before = imported("helper").NAME
        return [before, second.run(lambda: imported("helper").NAME), imported("helper").NAME]

    assert first.run(outer) == ["first", "second", "first"]


def test_a_module_that_covers_another_uncovers_it(tmp_path: Path) -> None:
    realm = realm_of(tmp_path / "covering")
    realm.open()
    realm.add("json", ModuleType("json"))
    assert not hasattr(imported("json"), "dumps")
    realm.close()
    assert imported("json").dumps([]) == "[]"


def test_a_context_belongs_to_a_realm(first: Realm, second: Realm) -> None:
    context = Context()
    context.run(second.make_current)
    assert context.run(profile.current) is PROFILES["0.26"]
    assert context.run(outside) is second
    assert second.run(lambda: context.run(outside)) is None


def test_with_one_realm_nothing_has_to_be_entered(first: Realm) -> None:
    context = Context()
    context.run(first.make_current)
    assert context.run(outside) is None


def test_a_realm_that_is_closed_is_entered_no_more(tmp_path: Path, second: Realm) -> None:
    realm = realm_of(tmp_path / "closed")
    realm.open()
    context = Context()
    context.run(realm.make_current)
    realm.close()
    assert context.run(outside) is None
