"""An instance of a class that a program defined in JavaScript."""

from __future__ import annotations

from collections.abc import Mapping

from flarelocal.javascript.host import HostObject
from flarelocal.javascript.values import Value

__all__ = ["Instance"]


class Instance(HostObject):
    """Base of such classes.

    Structured clone makes a plain object of one; RPC refuses it.
    """

    __slots__ = ()

    def __init__(self, properties: Mapping[str, Value] | None = None) -> None:
        self.expando = dict(properties or {})
