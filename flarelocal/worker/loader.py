"""Importing the Worker's main module, again and again where its files change."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from types import ModuleType

from flarelocal.pyodide.realm import Realm
from flarelocal.worker.hints import lenient_hint
from flarelocal.worker.startup import startup_rules

__all__ = ["LoadError", "OwnModules", "forget", "imported", "load_main"]


class LoadError(Exception):
    """The main module cannot be imported; `__cause__` is what it raised, if it got so far."""


class OwnModules:
    """Finds the modules that lie beside the main module.

    As in the runtime, the standard library comes first.

    Attributes:
        root: the directory of the main module; None until it is known.
    """

    def __init__(self) -> None:
        self.root: Path | None = None

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if self.root is None:
            return None
        root = str(self.root)
        if path is None:
            if fullname in sys.stdlib_module_names:
                return None
            path = [root]
        elif not any(place.startswith(root + os.sep) for place in path):
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.loader is not None:
            return spec
        # A mere folder is what is imported only if there is no package of that name.
        elsewhere = importlib.machinery.PathFinder.find_spec(fullname)
        return None if elsewhere is not None and elsewhere.loader is not None else spec


def load_main(main: Path, realm: Realm, *, randomness: bool = False) -> ModuleType:
    """Import the main module under its own name.

    Args:
        randomness: whether it may draw random numbers and see the time.

    Raises:
        LoadError: there is no such file, or importing it failed.
    """
    if not main.is_file():
        raise LoadError(f"{main}: the main module does not exist: correct `main` in the config")
    importlib.invalidate_caches()
    name = main.stem
    spec = importlib.util.spec_from_file_location(name, main)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    realm.add(name, module)
    try:
        with nullcontext() if randomness else startup_rules(main.parent):
            spec.loader.exec_module(module)
    except BaseException as error:
        realm.forget(name)
        if isinstance(error, ModuleNotFoundError) and error.name == "src":
            error.add_note(
                "If your main module is inside the 'src' directory then your import "
                "statement shouldn't include a 'src.' prefix"
            )
        elif hint := lenient_hint(str(error)):
            error.add_note(hint)
        raise LoadError(f"{main}: the main module could not be imported") from error
    return module


def imported(main: Path) -> ModuleType | None:
    """The main module, if somebody has imported it under its own name."""
    module = sys.modules.get(main.stem)
    return module if getattr(module, "__file__", None) == str(main) else None


def forget(realm: Realm, root: Path) -> None:
    """Drop every imported module that lies below `root`, so that it is read again.

    Its compiled code goes too: Python takes it for current when a file of the same size is
    saved within the second.
    """
    prefix = str(root) + os.sep
    folders = {root}
    for name, module in realm.modules().copy().items():
        file = getattr(module, "__file__", None)
        if file and file.startswith(prefix) and "site-packages" not in file:
            folders.add(Path(file).parent)
            realm.forget(name)
    for folder in folders:
        for compiled in folder.glob(f"__pycache__/*.{sys.implementation.cache_tag}.pyc"):
            compiled.unlink(missing_ok=True)
