"""What the code of a Worker finds around it."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import Context, ContextVar
from dataclasses import field
from typing import Any

from flarelocal.dataclass import dataclass
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.console import current_console
from flarelocal.pyodide.realm import Realm
from flarelocal.worker.output import console

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
    _surroundings: tuple[object, Context] | None = None

    def enter(self) -> None:
        """Have the code of the present context find all that is the same for every event."""
        if self.realm is not None:
            self.realm.make_current()
        current_console.set(console)
        for variable, value in (*self.rules, *self.ambient):
            variable.set(value)

    def context(self) -> Context:
        """A new context in which `enter` was called; to copy one is cheaper than to fill it."""
        filled = (self.realm, self.rules, self.ambient)
        if self._surroundings is None or self._surroundings[0] != filled:
            context = Context()
            context.run(self.enter)
            self._surroundings = filled, context
        return self._surroundings[1].copy()
