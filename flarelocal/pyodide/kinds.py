"""Kinds of proxies that are only names for type hints."""

from __future__ import annotations

from flarelocal.pyodide.calling import JsCallable
from flarelocal.pyodide.double_proxy import JsDoubleProxy
from flarelocal.pyodide.proxy import JsProxy

__all__ = ["JsCallableDoubleProxy", "JsDomElement", "JsFetchResponse", "JsOnceCallable"]


class JsCallableDoubleProxy(JsCallable, JsDoubleProxy, public_name="JsCallableDoubleProxy"):
    """A proxy of a Python function."""

    __slots__ = ()


class JsDomElement(JsProxy, public_name="JsDomElement"):
    """An element of a page, of which a Worker has none."""

    __slots__ = ()


class JsFetchResponse(JsProxy, public_name="JsFetchResponse"):
    """What `js.fetch` gives."""

    __slots__ = ()


class JsOnceCallable(JsCallable, public_name="JsOnceCallable"):
    """What `create_once_callable` gives."""

    __slots__ = ()
