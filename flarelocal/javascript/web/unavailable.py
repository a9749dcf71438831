"""Globals that the runtime has and flarelocal does not: they can be imported, but not used."""

from __future__ import annotations

import types
from functools import cache
from typing import cast

from flarelocal.javascript.errors import not_emulated
from flarelocal.javascript.function import Builtin
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.values import Value

__all__ = ["UnavailableObject", "illegal_class", "unavailable_class"]


class UnavailableObject(HostObject, js_name="Object"):
    """An object none of whose properties is there.

    Args:
        name: of the global.
    """

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def dynamic_property(self, name: str) -> Value:
        """What any property gives.

        Raises:
            JsError: NotSupportedError, always.
        """
        raise not_emulated(f"js.{self._name}.{name}")


@cache
def unavailable_class(name: str) -> type[Builtin]:
    """A class that has no instances and can make none."""

    def construct(cls: type[Builtin], *arguments: Value) -> Value:
        raise not_emulated(f"js.{name}")

    body = {"__slots__": (), "__module__": __name__, "construct": classmethod(construct)}
    made = types.new_class(name, (Builtin,), exec_body=lambda space: space.update(body))
    return cast("type[Builtin]", made)


@cache
def illegal_class(name: str) -> type[HostObject]:
    """A class that programs cannot make instances of, in the runtime neither."""
    body = {"__slots__": (), "__module__": __name__}
    return types.new_class(name, (HostObject,), exec_body=lambda space: space.update(body))
