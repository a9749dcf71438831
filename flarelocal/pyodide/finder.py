"""The import finder that serves `js`, `pyodide` and the runtime's own modules to Worker code."""

from __future__ import annotations

import importlib.machinery
from collections.abc import Mapping, Sequence
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, cast

from flarelocal.pyodide.proxy import JsProxy

if TYPE_CHECKING:
    from importlib.abc import Loader

__all__ = ["ModuleFinder"]


class ModuleFinder:
    """Serves modules ahead of everything that is installed.

    Args:
        modules: ready-made ones by name, or functions that make one when it is imported.
    """

    def __init__(self, modules: Mapping[str, Any]) -> None:
        self._modules = dict(modules)

    def serves(self, name: str) -> bool:
        """Whether a module of that name can come from nowhere else."""
        return name in self._modules or name.partition(".")[0] == "pyodide"

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname in self._modules:
            loader = cast("Loader", self)
            module = self._modules[fullname]
            is_package = isinstance(module, JsProxy) or hasattr(module, "__path__")
            return importlib.machinery.ModuleSpec(fullname, loader, is_package=is_package)
        if fullname == "_pyodide" or fullname.startswith("pyodide."):
            raise ModuleNotFoundError(
                f"No module named {fullname!r}: flarelocal does not emulate it", name=fullname
            )
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> Any:
        found = self._modules[spec.name]
        return found() if isinstance(found, FunctionType) else found

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run: the module is ready."""
