"""The modules that Worker code imports from Pyodide and from the runtime."""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from flarelocal.javascript.errors import type_error
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.global_scope import GlobalScope
from flarelocal.pyodide import (
    boundary,
    buffer,
    calling,
    code,
    code_runner,
    double_proxy,
    exception,
    future,
    http,
    iteration,
    kinds,
    promise,
    properties,
    proxy,
    sequence,
    suspension,
    webloop,
)
from flarelocal.pyodide.boundary import outgoing, to_python
from flarelocal.pyodide.js_modules import JsModules
from flarelocal.pyodide.profile import Profile
from flarelocal.pyodide.proxy import _ABSENT, is_dunder, register_to_py
from flarelocal.pyodide.pyodide_js import PyodideApi
from flarelocal.pyodide.pyproxy import PyProxy
from flarelocal.pyodide.to_js import to_js
from flarelocal.pyodide.to_py import to_py
from flarelocal.pyodide.wrappers import Wrappers

__all__ = ["GlobalProxy", "pyodide_modules"]

register_to_py(to_py)


class GlobalProxy(properties.MappableProxy):
    """`js`: the global object as a module that can be imported from."""

    __slots__ = ("__dict__", "_value")

    _value: GlobalScope

    @classmethod
    def _of(cls, value: GlobalScope) -> Any:
        made = super()._of(value)
        object.__setattr__(made, "__dict__", _attributes.setdefault(value, {}))
        return made

    def __getattr__(self, name: str) -> Any:
        found = self._value.found
        if name in found:
            seen = to_python(found[name])
            if isinstance(seen, calling.ConstructorProxy):
                # A plain attribute from now on: the SDK asks for `js.Response` with each answer.
                object.__setattr__(self, name, seen)
            return seen
        if name == "__all__":
            return sorted(each for each in self._value if not each.startswith("_"))
        if is_dunder(name):
            raise AttributeError(name)
        return super().__getattr__(name)

    def __setattr__(self, name: str, value: Any) -> None:
        # The import system leaves its notes on whatever stands in `sys.modules`.
        if is_dunder(name):
            object.__setattr__(self, name, value)
        else:
            super().__setattr__(name, value)

    def _property(self, name: str) -> Value:
        try:
            return self._value.lookup(name)
        except KeyError:
            return _ABSENT

    def _set_property(self, name: str, value: Value) -> None:
        super()._set_property(name, value)
        self.__dict__.pop(name, None)

    def _delete_property(self, name: str) -> None:
        super()._delete_property(name)
        self.__dict__.pop(name, None)


_attributes: WeakKeyDictionary[GlobalScope, dict[str, Any]] = WeakKeyDictionary()
"""Global object → the attributes of its proxies, of which there may be several."""

outgoing[GlobalScope] = GlobalProxy._of


def pyodide_modules(rules: Profile, registered: JsModules) -> dict[str, Any]:
    """The package `pyodide` of a version, and `pyodide_js`.

    Args:
        registered: takes the modules that Worker code registers.
    """
    version = "".join(map(str, rules.python))
    library = f"/lib/python{version}.zip"
    root = _module("pyodide", {"__version__": rules.version}, library, package=True)
    parts = {
        "ffi": {
            **_ffi(rules),
            "register_js_module": registered.register_js_module,
            "unregister_js_module": registered.unregister_js_module,
        },
        "http": http.members(keeps_request=rules.keeps_request, aborts=rules.has_null),
        "webloop": {
            "WebLoop": webloop.WebLoop,
            "PyodideFuture": future.PyodideFuture,
            "PyodideTask": future.PyodideTask,
        },
        "code": {
            "relaxed_call": code.relaxed_call,
            "relaxed_wrap": code.relaxed_wrap,
            **{name: getattr(code_runner, name) for name in code_runner.__all__},
        },
    }
    modules: dict[str, Any] = {"pyodide": root, "pyodide_js": to_python(PyodideApi(registered))}
    for name, members in parts.items():
        package = name == "ffi" or (name == "http" and rules.keeps_request)
        module = _module(f"pyodide.{name}", members, library, package=package)
        setattr(root, name, module)
        modules[module.__name__] = module
    ffi = modules["pyodide.ffi"]
    ffi.__all__ = [name for name in ffi.__all__ if name not in ("InternalError", "can_run_sync")]
    ffi.wrappers = _module("pyodide.ffi.wrappers", Wrappers().members(), library)
    ffi.wrappers.__all__ = [name for name in ffi.wrappers.__all__ if not name.isupper()]
    return modules | {
        "pyodide.ffi.wrappers": ffi.wrappers,
        "pyodide.console": lambda: _console(library),
    }


def _ffi(rules: Profile) -> dict[str, Any]:
    members: dict[str, Any] = {
        "ConversionError": exception.ConversionError,
        "InternalError": exception.InternalError,
        "JsArray": sequence.JsArray,
        "JsAsyncGenerator": iteration.JsAsyncGenerator,
        "JsAsyncIterable": iteration.JsAsyncIterable,
        "JsAsyncIterator": iteration.JsAsyncIterator,
        "JsBuffer": buffer.JsBuffer,
        "JsCallable": calling.JsCallable,
        "JsDoubleProxy": double_proxy.JsDoubleProxy,
        "JsDomElement": kinds.JsDomElement,
        "JsException": exception.JsException,
        "JsFetchResponse": kinds.JsFetchResponse,
        "JsGenerator": iteration.JsGenerator,
        "JsIterable": iteration.JsIterable,
        "JsIterator": iteration.JsIterator,
        "JsMap": properties.JsMap,
        "JsMutableMap": properties.JsMutableMap,
        "JsPromise": promise.JsPromise,
        "JsProxy": proxy.JsProxy,
        "JsTypedArray": buffer.JsTypedArray,
        "create_once_callable": double_proxy.create_once_callable,
        "create_proxy": double_proxy.create_proxy,
        "destroy_proxies": _destroy_proxies,
        "to_js": to_js,
    }
    if rules.has_null:
        members |= {
            "JsCallableDoubleProxy": kinds.JsCallableDoubleProxy,
            "JsWeakRef": kinds.JsWeakRef,
            "ToJsConverter": kinds.ToJsConverter,
            "JsNull": type(null),
            "JsOnceCallable": kinds.JsOnceCallable,
            "jsnull": null,
        }
    if rules.can_run_sync:
        members |= {
            "can_run_sync": suspension.can_run_sync,
            "run_sync": suspension.run_sync,
        }
    if rules.big_int_type:
        members |= {"IN_PYODIDE": True, "JsBigInt": boundary.JsBigInt}
    else:
        members["IN_BROWSER"] = True
    return members


def _console(library: str) -> Any:
    from flarelocal.pyodide import console

    members = {name: getattr(console, name) for name in console.__all__}
    module: Any = _module("pyodide.console", members, library)
    module.__all__.remove("shorten")
    return module


def _destroy_proxies(proxies: Any) -> None:
    """Destroy the proxies of an array that `to_js` filled.

    Raises:
        TypeError: it is no array of JavaScript.
        JsException: something else than a proxy is in it.
    """
    if not isinstance(proxies, proxy.JsProxy):
        raise TypeError("Expected a JsProxy for the argument")
    for value in proxies._value:
        if not isinstance(value, PyProxy):
            raise exception.JsException._of_error(type_error("proxy.destroy is not a function"))
        value.release()


def _module(
    name: str, members: Mapping[str, Any], library: str, *, package: bool = False
) -> types.ModuleType:
    """A module, which says that it is where Pyodide keeps it: texts of errors have that."""
    module = types.ModuleType(name)
    module.__file__ = f"{library}/{name.replace('.', '/')}{'/__init__' if package else ''}.py"
    module.__dict__.update(members)
    module.__all__ = sorted(n for n in members if not n.startswith("_"))  # type: ignore[attr-defined]
    if package:
        module.__path__ = []
    return module
