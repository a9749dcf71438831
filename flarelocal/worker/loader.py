"""Importing the Worker's main module, again and again where its files change."""

from __future__ import annotations

import importlib.util
import os
import site
import sys
import sysconfig
from pathlib import Path
from types import ModuleType

from flarelocal.worker.startup import startup_rules

__all__ = ["LoadError", "forget", "leave", "load_main", "module_path"]


class LoadError(Exception):
    """The main module cannot be imported; `__cause__` is what it raised, if it got so far."""


def module_path(root: Path) -> None:
    """Let Worker code import the modules that lie beside its main module.

    As in the runtime, the standard library comes first.
    """
    entry = str(root)
    if entry in sys.path:
        return
    packages = {
        sysconfig.get_path("purelib"),
        sysconfig.get_path("platlib"),
        *site.getsitepackages(),
    }
    places = [index for index, path in enumerate(sys.path) if path in packages]
    sys.path.insert(min(places, default=len(sys.path)), entry)


def load_main(main: Path) -> ModuleType:
    """Import the main module under its own name.

    Raises:
        LoadError: there is no such file, or importing it failed.
    """
    if not main.is_file():
        raise LoadError(f"{main}: the main module does not exist: correct `main` in the config")
    module_path(main.parent)
    importlib.invalidate_caches()
    name = main.stem
    spec = importlib.util.spec_from_file_location(name, main)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        with startup_rules(main.parent):
            spec.loader.exec_module(module)
    except BaseException as error:
        sys.modules.pop(name, None)
        if isinstance(error, ModuleNotFoundError) and error.name == "src":
            error.add_note(
                "If your main module is inside the 'src' directory then your import "
                "statement shouldn't include a 'src.' prefix"
            )
        raise LoadError(f"{main}: the main module could not be imported") from error
    return module


def leave(root: Path) -> None:
    """Let nobody import the modules below `root` any more."""
    if str(root) in sys.path:
        sys.path.remove(str(root))


def forget(root: Path) -> None:
    """Drop every imported module that lies below `root`, so that it is read again.

    Its compiled code goes too: Python takes it for current when a file of the same size is
    saved within the second.
    """
    prefix = str(root) + os.sep
    folders = {root}
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and file.startswith(prefix) and "site-packages" not in file:
            folders.add(Path(file).parent)
            del sys.modules[name]
    for folder in folders:
        for compiled in folder.glob(f"__pycache__/*.{sys.implementation.cache_tag}.pyc"):
            compiled.unlink(missing_ok=True)
