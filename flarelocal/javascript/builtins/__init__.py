"""The classes and namespaces of the language itself, imported when they are first used."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flarelocal.javascript.function import Builtin

__all__ = ["BUILTINS", "builtin", "iterator_class"]

BUILTINS = {
    "AggregateError": "error",
    "Array": "array",
    "BigInt": "number",
    "Boolean": "number",
    "DOMException": "error",
    "Error": "error",
    "EvalError": "error",
    "Function": "callable",
    "Iterator": "iterator",
    "Number": "number",
    "Object": "object",
    "Promise": "promise",
    "RangeError": "error",
    "ReferenceError": "error",
    "String": "string",
    "Symbol": "symbol",
    "SyntaxError": "error",
    "TypeError": "error",
    "URIError": "error",
}
"""Name of the class → the module that defines it."""

_OF_PYODIDE = {"PythonError": "error"}
"""The same for classes that are no globals."""


def iterator_class(name: str) -> type[Builtin]:
    """The class of iterators of that name, see `NamedIterator`."""
    from flarelocal.javascript.builtins.iterator import PLATFORM_ITERATORS

    return PLATFORM_ITERATORS.get(name, builtin("Iterator"))


@cache
def builtin(name: str) -> type[Builtin]:
    """The class of that name; `Error` for a name that is not known."""
    modules = BUILTINS | _OF_PYODIDE
    known = name if name in modules else "Error"
    module = import_module(f"flarelocal.javascript.builtins.{modules[known]}")
    kind: type[Builtin] = getattr(module, f"{known}Type", None) or getattr(module, known)
    return kind
