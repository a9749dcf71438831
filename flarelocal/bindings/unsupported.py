"""Bindings to services that flarelocal does not emulate."""

from __future__ import annotations

import types
from functools import cache
from typing import cast

from flarelocal.javascript.errors import error
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.values import Value

__all__ = ["Unsupported", "unsupported"]

_CLASSES = {
    "AI": "Ai",
    "Images": "ImagesBindingImpl",
    "Vectorize Index": "VectorizeIndexImpl",
    "Workflow": "WorkflowImpl",
}
"""Resource → the class by whose name the SDK knows its binding."""


class Unsupported(HostObject, js_name="Fetcher"):
    """Stands in `env` for a binding; every use of it raises an error that names it."""

    __slots__ = ("_message",)

    def __init__(self, binding: str, kind: str) -> None:
        self._message = (
            f"env.{binding} is bound to {kind}, a service of Cloudflare's that flarelocal does not "
            "emulate: use it only when deployed, or plug in a stand-in by "
            "[tool.flarelocal.bindings]"
        )

    def dynamic_property(self, name: str) -> Value:
        """What any property gives.

        Raises:
            JsError: always.
        """
        raise error(self._message)


def unsupported(binding: str, kind: str) -> Unsupported:
    """What stands for a binding of that kind."""
    return _class(_CLASSES.get(kind, "Fetcher"))(binding, kind)


@cache
def _class(name: str) -> type[Unsupported]:
    made = types.new_class(
        name, (Unsupported,), {"js_name": name}, lambda body: body.update(__slots__=())
    )
    return cast("type[Unsupported]", made)
