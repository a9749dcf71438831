"""JavaScript objects that are imported as modules, as in `from js.Math import PI`."""

from __future__ import annotations

import importlib.machinery
import sys
from collections.abc import Sequence
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

from flarelocal.pyodide.proxy import JsProxy, ProxyType, is_dunder

if TYPE_CHECKING:
    from importlib.abc import Loader

__all__ = ["JsModules"]


class JsModules:
    """Finds those that were registered, and the properties of what was imported from JavaScript."""

    def __init__(self) -> None:
        self._registered: dict[str, JsProxy] = {}

    def register_js_module(self, name: str, jsproxy: JsProxy) -> None:
        """`pyodide.ffi.register_js_module`; a module that was imported already stays as it is.

        Raises:
            TypeError: the name is no text, or the module no JavaScript object.
        """
        if not isinstance(name, str):
            raise TypeError(f"Argument 'name' must be a str, not {type(name).__name__!r}")
        if not isinstance(jsproxy, JsProxy):
            raise TypeError(f"Argument 'jsproxy' must be a JsProxy, not {type(jsproxy).__name__!r}")
        self._registered[name] = jsproxy

    def unregister_js_module(self, name: str) -> None:
        """`pyodide.ffi.unregister_js_module`; where it was imported it stays.

        Raises:
            ValueError: there is no such module.
        """
        if name not in self._registered:
            raise ValueError(
                f"Cannot unregister {name!r}: no Javascript module with that name is registered"
            )
        del self._registered[name]

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if self._found(fullname) is None:
            return None
        return importlib.machinery.ModuleSpec(fullname, cast("Loader", self), is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> Any:
        proxy = self._found(spec.name)
        assert proxy is not None
        made: Any = object.__new__(_module_type(type(proxy)))
        made._value = proxy._value
        return made

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run: the module is ready."""

    def _found(self, name: str) -> JsProxy | None:
        parent, _, last = name.rpartition(".")
        package = sys.modules.get(parent)
        found = getattr(package, last, None) if isinstance(package, JsProxy) else None
        return found if isinstance(found, JsProxy) else self._registered.get(name)


@cache
def _module_type(kind: type[JsProxy]) -> type[JsProxy]:
    """Proxies of a kind that keep what the import system leaves on modules."""

    def assign(module: JsProxy, name: str, value: Any) -> None:
        if is_dunder(name):
            object.__setattr__(module, name, value)
        else:
            kind.__setattr__(module, name, value)

    slots = () if kind.__dictoffset__ else ("__dict__",)
    made = ProxyType(kind.__name__, (kind,), {"__slots__": slots, "__setattr__": assign})
    return cast("type[JsProxy]", made)
