"""A class of Durable Objects as a value, which is what facets are made of."""

from __future__ import annotations

from typing import Protocol

from flarelocal.bindings.durable_objects.stub import ObjectCalls
from flarelocal.durable_objects.object_class import ObjectClass
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.values import Value

__all__ = ["CallableClass", "DurableObjectClass"]


class CallableClass(ObjectClass, ObjectCalls, Protocol):
    """Makes objects, and calls their methods."""

    def with_props(self, props: Value) -> CallableClass:
        """The same class, whose objects see other `ctx.props`."""


class DurableObjectClass(HostObject):
    """What `ctx.exports.MyClass` is, for a class that no migration declares."""

    __slots__ = ("objects",)

    def __init__(self, objects: CallableClass) -> None:
        self.objects = objects
