"""What the code of a Worker finds around it."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import field
from typing import Any

from flarelocal.dataclass import dataclass
from flarelocal.javascript.values import Value
from flarelocal.pyodide.realm import Realm

__all__ = ["Scope"]


@dataclass(slots=True)
class Scope:
    """Filled before and while the code is loaded, and when it is loaded anew.

    Attributes:
        env: the bindings as JavaScript sees them.
        exports: what `ctx.exports` shows; undefined where that is not enabled.
        realm: the modules and the rules of its Python; None for code that is none.
        rules: context variables by which the configuration changes what the code finds.
        ambient: context variables that all events find set, such as where their requests go.
    """

    env: dict[str, Value] = field(default_factory=dict)
    exports: Value = None
    realm: Realm | None = None
    rules: Sequence[tuple[ContextVar[Any], Any]] = ()
    ambient: Sequence[tuple[ContextVar[Any], Any]] = ()
