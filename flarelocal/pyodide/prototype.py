"""Prototypes, and what has one of its own, as Python sees them."""

from __future__ import annotations

from typing import Any

from flarelocal.javascript.errors import JsError
from flarelocal.javascript.prototype import Heir, has_property, property_of
from flarelocal.javascript.values import Value
from flarelocal.pyodide.exception import JsException
from flarelocal.pyodide.properties import MappableProxy
from flarelocal.pyodide.proxy import _ABSENT

__all__ = ["HeirProxy"]


class HeirProxy(MappableProxy):
    """An object whose properties are its own and those of its prototypes."""

    __slots__ = ("_value",)

    _value: Heir

    @property
    def constructor(self) -> Any:
        return self.__getattr__("constructor")

    def _property(self, name: str) -> Value:
        try:
            return property_of(self._value, name) if has_property(self._value, name) else _ABSENT
        except JsError as error:
            raise JsException._of_error(error) from None
