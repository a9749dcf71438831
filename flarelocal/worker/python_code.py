"""A Worker written in Python: entrypoints are found and called as the runtime does it.

Source of the contract: workerd, `python-entrypoint-helper.ts` and `introspection.py`.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from types import CoroutineType, FunctionType, ModuleType
from typing import Any

from flarelocal.javascript.errors import JsError, type_error
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.values import Value
from flarelocal.pyodide.boundary import to_python
from flarelocal.pyodide.code import relaxed_call
from flarelocal.pyodide.exception import JsException
from flarelocal.pyodide.proxy import js_value
from flarelocal.pyodide.realm import Realm
from flarelocal.worker.code import Instance, Kind, ReceiverError
from flarelocal.worker.loader import LoadError

__all__ = ["PythonCode", "methods_of"]

_RENAMED = frozenset({"fetch", "connect"})
_RENAMED_IN_OBJECTS = frozenset({"alarm", "webSocketMessage", "webSocketClose", "webSocketError"})
_OUT_OF_REACH = frozenset({"ctx", "env"})
_KINDS: tuple[Kind, ...] = ("DurableObject", "WorkerEntrypoint", "WorkflowEntrypoint")


class PythonCode:
    """The main module of a Python Worker.

    Args:
        module: the imported main module.
        env: the bindings, as a value of JavaScript-land.
        realm: what the code sees.
        global_handlers: whether functions such as `on_fetch` are handlers (before 2025-08-14).

    Attributes:
        classes: the entrypoints that the module shows, by kind and name.
        default: the class `Default`, if it shows one.
    """

    def __init__(
        self, module: ModuleType, env: Value, realm: Realm, *, global_handlers: bool
    ) -> None:
        self._module = module
        self._env = env
        self._seen_env = to_python(env)
        self._realm = realm
        self._global_handlers = global_handlers
        self.classes = {kind: _classes(module, kind) for kind in _KINDS}
        self.default = self.classes["WorkerEntrypoint"].get("Default")

    def names(self, kind: Kind) -> list[str]:
        return [name for name in self.classes[kind] if name != "Default"]

    def exports(self, entrypoint: str | None, handler: str) -> bool:
        if entrypoint is not None:
            return any(entrypoint in classes for classes in self.classes.values())
        return self.default is not None or self._global_handlers

    def construct(self, entrypoint: str | None, context: HostObject) -> Instance:
        if entrypoint is None and self.default is None:
            return _GlobalHandlers(self._module, self._env, context)
        name = entrypoint or "Default"
        found = getattr(self._module, name, None)
        if not callable(found):
            raise type_error(
                f"There is no '{name}' class defined in the Python Worker's main module"
            )
        is_object = name in self.classes["DurableObject"]
        try:
            made = self._realm.run(partial(found, to_python(context), self._seen_env))
        except JsException as raised:
            raise raised._value from raised
        return _PythonInstance(made, is_object=is_object, global_handlers=self._global_handlers)


class _PythonInstance:
    """An instance of a class of the Worker."""

    def __init__(self, instance: Any, *, is_object: bool, global_handlers: bool) -> None:
        self.instance = instance
        self._is_object = is_object
        self._global_handlers = global_handlers

    def has(self, method: str) -> bool:
        # The runtime puts a proxy before the instance that has every method.
        return True

    def call(self, method: str, arguments: list[Value]) -> Awaitable[Value]:
        if method in _OUT_OF_REACH:
            raise ReceiverError.missing(method)
        is_handler = method in _RENAMED or (self._is_object and method in _RENAMED_IN_OBJECTS)
        name = f"on_{method}" if is_handler and self._global_handlers else method
        function = getattr(self.instance, name, None)
        if not callable(function):
            raise type_error(f"Method {name} does not exist")
        if is_handler and method != "fetch":
            return _call_raw(function, arguments)
        return _call_converted(function, arguments, relaxed=method in ("fetch", "test"))

    def get(self, name: str) -> Value:
        # To the runtime, every property of the proxy is a function.
        if name in _OUT_OF_REACH:
            raise ReceiverError.missing(name)
        return lambda *arguments: self.call(name, list(arguments))


class _GlobalHandlers:
    """The functions `on_fetch`, `on_queue`, … of a module without a class `Default`."""

    def __init__(self, module: ModuleType, env: Value, context: HostObject) -> None:
        self._module = module
        self._extra = [env, context]

    def has(self, method: str) -> bool:
        return hasattr(self._module, f"on_{method}")

    def call(self, method: str, arguments: list[Value]) -> Awaitable[Value]:
        function = getattr(self._module, f"on_{method}", None)
        if function is None:
            file = f"{self._module.__name__}.py"
            raise JsError(
                f'Python entrypoint "{file}" does not export a handler named "on_{method}"',
                name="PythonUserError",
            )
        return _call_raw(function, [*arguments[:1], *self._extra])

    def get(self, name: str) -> Value:
        raise ReceiverError.missing(name)


async def _call_raw(function: Callable[..., Any], arguments: list[Value]) -> Value:
    result = relaxed_call(function, *map(to_python, arguments))
    if inspect.isawaitable(result):
        result = await result
    return js_value(getattr(result, "js_response", result))


async def _call_converted(
    function: Callable[..., Any], arguments: list[Value], *, relaxed: bool
) -> Value:
    sdk: Any = sys.modules["workers"]
    converted = [
        None if argument is None else sdk.python_from_rpc(to_python(argument))
        for argument in arguments
    ]
    result = relaxed_call(function, *converted) if relaxed else function(*converted)
    if type(result) is CoroutineType or inspect.isawaitable(result):
        result = await result
    return js_value(sdk.python_to_rpc(result))


def _classes(module: ModuleType, kind: str) -> dict[str, type]:
    import workers

    base = getattr(workers, kind)
    names = getattr(module, "__all__", None)
    if names is None:
        names = [name for name in dir(module) if not name.startswith("_")]
    try:
        found = [getattr(module, name) for name in names]
    except AttributeError as error:
        raise LoadError(f"{module.__file__}: __all__ is wrong: {error}") from None
    return {
        cls.__name__: cls
        for cls in found
        if inspect.isclass(cls) and issubclass(cls, base) and cls is not base
    }


def methods_of(cls: type) -> list[str]:
    """The public methods of a class, by which the runtime knows which events it handles."""
    return sorted(
        name
        for name in dir(cls)
        if not name.startswith("_") and isinstance(inspect.getattr_static(cls, name), FunctionType)
    )
