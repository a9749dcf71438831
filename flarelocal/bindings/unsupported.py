"""Bindings to services that flarelocal does not emulate."""

from __future__ import annotations

from flarelocal.javascript.errors import error
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.values import Value

__all__ = ["Unsupported"]


class Unsupported(HostObject, js_name="Object"):
    """Stands in `env` for a binding; every use of it raises an error that names it."""

    __slots__ = ("_message",)

    def __init__(self, binding: str, kind: str) -> None:
        self._message = (
            f"env.{binding} is a {kind} binding, which flarelocal does not emulate: "
            "call it only when deployed, or replace it in tests"
        )

    def dynamic_property(self, name: str) -> Value:
        """What any property gives.

        Raises:
            JsError: always.
        """
        raise error(self._message)
