"""What to do about common mistakes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flarelocal.config.own import Leniency
from flarelocal.javascript.values import Value
from flarelocal.pyodide.proxy import JsProxy, js_value

__all__ = ["hint_for", "lenient_hint", "way_around"]

_PARAMETERS = {"queue": "batch, env, ctx", "scheduled": "controller, env, ctx"}
_WRONG_CALL = rf"\.({'|'.join(_PARAMETERS)})\(\) (?:takes|missing) "
_REFUSALS = (
    (
        "Pbkdf2 failed: iteration counts above",
        Leniency.DERIVATION_LIMITS,
        "derives keys by PBKDF2 with 100,000 iterations at most",
    ),
    (
        (
            "SQLITE_TOOBIG|Maximum number of key value pairs is"
            "|Keys cannot be larger than|Values cannot be larger than"
        ),
        Leniency.OBJECT_LIMITS,
        "takes 128 keys in one call and rows of 2 MB (without SQLite, values of 128 KiB)",
    ),
    (
        "(?:message length|batch message count|batch size) of .* exceeds limit of",
        Leniency.QUEUE_LIMITS,
        "takes messages of 128 kB, and batches of 100 messages and 256 kB",
    ),
    (
        "Randomness is not allowed while a Worker is starting",
        Leniency.STARTUP_RANDOMNESS,
        "keeps one start for all instances, which would all draw the same numbers",
    ),
)
"""What refuses, the switch that turns it off, and what production does."""


def lenient_hint(text: str) -> str | None:
    """What production does where an error has this text, and how to go on here nevertheless."""
    for refusal, leniency, behaviour in _REFUSALS:
        if re.search(refusal, text):
            return way_around(leniency, behaviour)
    return None


def way_around(leniency: Leniency, behaviour: str) -> str:
    """What production does, and which switch turns that off here."""
    return (
        f"Production {behaviour}. To go beyond that here, use `--lenient {leniency}`, or"
        f' write lenient = ["{leniency}"] below [tool.flarelocal] in pyproject.toml.'
    )


def hint_for(error: BaseException, env: Mapping[str, Value]) -> str | None:
    """How to mend what a handler raised, if that is known.

    It is for people only: the Worker itself may see the text of the exception.

    Args:
        env: the bindings of the Worker.
    """
    if isinstance(error, TypeError) and (found := re.search(_WRONG_CALL, str(error))):
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
    return lenient_hint(str(error))
