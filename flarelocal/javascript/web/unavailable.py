"""Classes that the runtime has and flarelocal does not."""

from __future__ import annotations

import types
from functools import cache
from typing import cast

from flarelocal.javascript.errors import dom_exception
from flarelocal.javascript.function import Builtin
from flarelocal.javascript.values import Value

__all__ = ["unavailable_class"]


@cache
def unavailable_class(name: str) -> type[Builtin]:
    """A class that can be imported, but not used."""

    def construct(cls: type[Builtin], *arguments: Value) -> Value:
        raise dom_exception(
            f"flarelocal does not emulate js.{name}; guard the code that needs it, or test it on"
            " Cloudflare.",
            "NotSupportedError",
        )

    body = {"__slots__": (), "__module__": __name__, "construct": classmethod(construct)}
    made = types.new_class(name, (Builtin,), exec_body=lambda space: space.update(body))
    return cast("type[Builtin]", made)
