"""`ctx.exports`: the way from a Worker to its own entrypoints and classes.

Source: workerd, api/export-loopback.h.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from flarelocal.bindings.durable_objects.namespace import DurableObjectNamespace, Objects
from flarelocal.bindings.durable_objects.object_class import CallableClass, DurableObjectClass
from flarelocal.bindings.fetcher import Fetch, Fetcher
from flarelocal.bindings.rpc import Receiver, passed
from flarelocal.bindings.rpc.message import ByReference, unserializable
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.signature import properties_of
from flarelocal.javascript.values import Value

__all__ = ["LoopbackClass", "LoopbackNamespace", "LoopbackService", "Specialise"]

Specialise: TypeAlias = Callable[[Value], tuple[Fetch, Receiver]]
"""Gives the way to an entrypoint whose `ctx.props` are as given."""


class LoopbackService(Fetcher, js_name="LoopbackServiceStub"):
    """An entrypoint: a service binding without props; a call gives one with props."""

    __slots__ = ("_specialise",)

    def __init__(self, specialise: Specialise) -> None:
        super().__init__(*specialise(None))
        self._specialise = specialise

    def __call__(self, options: Value = None) -> Fetcher:
        return Fetcher(*self._specialise(_props(options)))

    def stub(self, object_id: str | None) -> HostObject:
        raise unserializable(self.js_name)


class LoopbackClass(DurableObjectClass, ByReference, js_name="LoopbackDurableObjectClass"):
    """A class of Durable Objects without storage of its own; a call gives it props."""

    __slots__ = ()

    def __call__(self, options: Value = None) -> DurableObjectClass:
        return DurableObjectClass(self.objects.with_props(_props(options)))

    def stub(self, object_id: str | None) -> HostObject:
        raise unserializable(self.js_name)


class LoopbackNamespace(
    DurableObjectNamespace, ByReference, js_name="LoopbackDurableObjectNamespace"
):
    """The objects of a class; a call gives the class with props, for facets."""

    __slots__ = ("_class",)

    def __init__(self, objects: Objects, object_class: CallableClass) -> None:
        super().__init__(objects, object_class)
        self._class = object_class

    @property
    def objects(self) -> CallableClass:
        """The class, as that of a facet."""
        return self._class

    def __call__(self, options: Value = None) -> DurableObjectClass:
        return DurableObjectClass(self._class.with_props(_props(options)))

    def stub(self, object_id: str | None) -> HostObject:
        raise unserializable(self.js_name)


def _props(options: Value) -> Value:
    """A copy of the props in options.

    Raises:
        JsError: TypeError where there are no options; DataCloneError where the props cannot be
            cloned.
    """
    given = None if options is None else properties_of(options)
    if given is None:
        raise type_error(
            "Failed to execute 'call': parameter 1 is not of type 'Options': "
            "write ctx.exports.Name({props: …}), in Python ctx.exports.Name(props=to_js(…))."
        )
    return passed(given.get("props"))
