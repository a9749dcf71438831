"""What to do about common mistakes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flarelocal.javascript.values import Value
from flarelocal.pyodide.proxy import JsProxy, js_value

__all__ = ["hint_for"]

_PARAMETERS = {"queue": "batch, env, ctx", "scheduled": "controller, env, ctx"}
_WRONG_CALL = re.compile(rf"\.({'|'.join(_PARAMETERS)})\(\) (?:takes|missing) ")


def hint_for(error: BaseException, env: Mapping[str, Value]) -> str | None:
    """How to mend what a handler raised, if that is known.

    It is for people only: the Worker itself may see the text of the exception.

    Args:
        env: the bindings of the Worker.
    """
    if isinstance(error, TypeError) and (found := _WRONG_CALL.search(str(error))):
        handler = found[1]
        parameters = _PARAMETERS[handler]
        return (
            f"The runtime calls {handler}({parameters}), with env and ctx empty: "
            f"write `async def {handler}(self, {parameters})`."
        )
    if isinstance(error, AttributeError) and isinstance(error.obj, JsProxy):
        if js_value(error.obj) is not env:
            return None
        names = ", ".join(env) or "none"
        return (
            f"There is no binding called {error.name}; there are: {names}. "
            "Add it to the wrangler file, or correct its name."
        )
    return None
