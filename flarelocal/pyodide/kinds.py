"""Kinds of proxies that are only names for type hints."""

from __future__ import annotations

from typing import Any, Protocol

from flarelocal.pyodide.calling import JsCallable
from flarelocal.pyodide.double_proxy import JsDoubleProxy
from flarelocal.pyodide.proxy import JsProxy, ProxyType

__all__ = [
    "JsCallableDoubleProxy",
    "JsDomElement",
    "JsFetchResponse",
    "JsOnceCallable",
    "JsWeakRef",
    "ToJsConverter",
]


class JsCallableDoubleProxy(
    JsCallable, JsDoubleProxy, public_name="JsCallableDoubleProxy", parameters=2
):
    """A proxy of a Python function."""

    __slots__ = ()


class _AnyProxyType(ProxyType):
    """Of kinds that tell nothing: each proxy is of them, for all that Pyodide looks at."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, JsProxy)


class _AnyCallableType(ProxyType):
    """The same of whatever can be called."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, JsCallable)


class JsDomElement(JsProxy, metaclass=_AnyProxyType, public_name="JsDomElement"):
    """An element of a page, of which a Worker has none."""

    __slots__ = ()


class JsFetchResponse(JsProxy, metaclass=_AnyProxyType, public_name="JsFetchResponse"):
    """What `js.fetch` gives."""

    __slots__ = ()


class JsOnceCallable(
    JsCallable, metaclass=_AnyCallableType, public_name="JsOnceCallable", parameters=2
):
    """What `create_once_callable` gives."""

    __slots__ = ()


class JsWeakRef(JsProxy, metaclass=_AnyProxyType, public_name="JsWeakRef"):
    """What `to_weakref` of a proxy gives."""

    __slots__ = ()


class ToJsConverter(Protocol):
    """What converters given to `to_js` are called with to go on converting."""

    def __call__(self, obj: Any, /) -> Any: ...


ToJsConverter.__module__ = "pyodide.ffi"
