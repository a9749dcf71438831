"""`pyodide_js`: Pyodide's own JavaScript interface."""

from __future__ import annotations

import importlib

from flarelocal.javascript.errors import not_emulated
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.values import Value
from flarelocal.pyodide import profile
from flarelocal.pyodide.boundary import from_python, to_python
from flarelocal.pyodide.code_runner import eval_code
from flarelocal.pyodide.js_modules import JsModules
from flarelocal.pyodide.pyproxy import PyProxy
from flarelocal.pyodide.to_py import to_py

__all__ = ["PyodideApi"]

_ELSEWHERE = frozenset(
    {
        "FS",
        "PATH",
        "ERRNO_CODES",
        "canvas",
        "ffi",
        "globals",
        "loadPackage",
        "loadPackagesFromImports",
        "loadedPackages",
        "lockfile",
        "mountNativeFS",
        "mountNodeFS",
        "runPythonAsync",
        "setInterruptBuffer",
        "setStderr",
        "setStdin",
        "setStdout",
        "unpackArchive",
    }
)
"""Names that Pyodide has and that have to do with WebAssembly, files or packages."""


class PyodideApi(HostObject, js_name="Object"):
    """The object itself.

    Args:
        modules: where modules are registered.
    """

    __slots__ = ("_modules",)

    def __init__(self, modules: JsModules) -> None:
        self._modules = modules

    @getter
    def version(self) -> str:
        return profile.current().version

    @method
    def register_js_module(self, name: Value = None, module: Value = None) -> None:
        self._modules.register_js_module(name, to_python(module))

    @method
    def unregister_js_module(self, name: Value = None) -> None:
        self._modules.unregister_js_module(name)

    @method
    def run_python(self, source: Value) -> Value:
        return from_python(eval_code(source))

    @method
    def pyimport(self, name: Value) -> Value:
        return from_python(importlib.import_module(name))

    @method
    def to_py(self, value: Value = None) -> Value:
        return from_python(to_py(value, depth=-1, default_converter=None))

    @method
    def is_py_proxy(self, value: Value = None) -> bool:
        return isinstance(value, PyProxy)

    def dynamic_property(self, name: str) -> Value:
        """What else Pyodide has.

        Raises:
            JsError: NotSupportedError.
        """
        if name in _ELSEWHERE:
            raise not_emulated(f"pyodide_js.{name}")
        return None
