"""The import finder that serves `js`, `pyodide` and the runtime's own modules to Worker code."""

from __future__ import annotations

import importlib.machinery
import sys
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from importlib.abc import Loader

__all__ = ["ModuleFinder"]

_ABSENT = frozenset({"pyodide_js", "_pyodide"})


class ModuleFinder:
    """Serves ready-made modules ahead of everything that is installed.

    `pyodide-py`, which stands in nearly every Python Worker's environment, converts nothing; so
    modules of these names that were imported before are put out of the way.
    """

    def __init__(self, modules: Mapping[str, Any]) -> None:
        self._modules = dict(modules)

    def install(self) -> None:
        """Serve the modules from now on."""
        for name in [*sys.modules]:
            if name in self._modules or name.partition(".")[0] == "pyodide":
                del sys.modules[name]
        sys.meta_path.insert(0, self)

    def remove(self) -> None:
        """Stop serving, and forget what was imported."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        for name, module in self._modules.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname in self._modules:
            loader = cast("Loader", self)
            is_package = fullname == "pyodide"
            return importlib.machinery.ModuleSpec(fullname, loader, is_package=is_package)
        if fullname in _ABSENT or fullname.startswith("pyodide."):
            raise ModuleNotFoundError(
                f"No module named {fullname!r}: flarelocal does not emulate it", name=fullname
            )
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> Any:
        return self._modules[spec.name]

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run: the module is ready."""
