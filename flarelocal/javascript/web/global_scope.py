"""The global scope: what `globalThis` offers, each name made when it is first used."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Annotated, ClassVar

from flarelocal.javascript.attributes import Property
from flarelocal.javascript.errors import JsError, type_error
from flarelocal.javascript.function import HostFunction
from flarelocal.javascript.host import Member, method
from flarelocal.javascript.numbers import to_number
from flarelocal.javascript.signature import NO_OPTIONS, Options
from flarelocal.javascript.text import to_string
from flarelocal.javascript.uri import RESERVED, UNRESERVED, decode, encode, escape, unescape
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.event_target import EventTarget
from flarelocal.javascript.web.global_names import NAMES, value_of

__all__ = ["GlobalScope"]

_ITSELF = frozenset({"global", "globalThis", "self"})
_FIXED = frozenset({"Infinity", "NaN", "undefined"})


class GlobalScope(EventTarget, js_name="ServiceWorkerGlobalScope"):
    """The global object of one Worker.

    Args:
        provided: makes the values of further names, or of names that are here already.

    Attributes:
        found: the values of the names that were asked for or assigned.
    """

    __slots__ = ("__weakref__", "_provided", "found")

    names: ClassVar[frozenset[str]]
    """All names that the language and the platform offer."""

    def __init__(self, provided: Mapping[str, Callable[[], Value]] | None = None) -> None:
        super().__init__()
        self._provided = provided or {}
        self.found: dict[str, Value] = {}

    def __contains__(self, name: str) -> bool:
        return name in self.found or name in self.names or name in self._provided

    def __iter__(self) -> Iterator[str]:
        return iter(self.names | set(self._provided) | set(self.found))

    def lookup(self, name: str) -> Value:
        """The value of a global name; always the same.

        Raises:
            KeyError: there is no such global.
        """
        if name in self.found:
            return self.found[name]
        if name in self._provided:
            value = self._provided[name]()
        elif name in _functions:
            member = _functions[name]
            value = HostFunction(
                name,
                partial(member.function, self),
                promise=member.promise,
                maximum=member.maximum,
            )
        elif name in _ITSELF:
            value = self
        elif name in NAMES:
            value = value_of(name)
        else:
            raise KeyError(name)
        self.found[name] = value
        return value

    def assign(self, name: str, value: Value) -> None:
        """`globalThis[name] = value`."""
        self.found[name] = value

    def forget(self, name: str) -> None:
        """`delete globalThis[name]`, for what a program assigned."""
        self.found.pop(name, None)

    def own_properties(self) -> dict[str, Value]:
        return {name: value for name, value in self.found.items() if name not in self.names}

    def own_names(self) -> list[str]:
        return list(self)

    def own_property(self, name: str) -> Property | None:
        if name not in self:
            return None
        fixed = name in _FIXED
        return Property(self.lookup(name), not fixed, name not in self.names, not fixed)

    def storage(self) -> dict[str, Value]:
        return self.found

    def put_own(self, name: str, value: Value, enumerable: bool = True) -> bool:
        self.assign(name, value)
        return True

    def to_js_string(self) -> str:
        return "[object global]"

    # -- functions

    @method
    def set_timeout(self, callback: Callable[..., Value], delay: Value = None, *rest: Value) -> int:
        from flarelocal.javascript.web.timer import set_timeout

        return set_timeout(callback, delay, *rest)

    @method
    def set_interval(
        self, callback: Callable[..., Value], delay: Value = None, *rest: Value
    ) -> int:
        from flarelocal.javascript.web.timer import set_interval

        return set_interval(callback, delay, *rest)

    @method
    def clear_timeout(self, number: Value = None) -> None:
        from flarelocal.javascript.web.timer import clear_timer

        clear_timer(number)

    @method
    def clear_interval(self, number: Value = None) -> None:
        self.clear_timeout(number)

    @method
    def set_immediate(self, callback: Callable[..., Value], *rest: Value) -> int:
        return self.set_timeout(callback, 0, *rest)

    @method
    def clear_immediate(self, number: Value = None) -> None:
        self.clear_timeout(number)

    @method
    def queue_microtask(self, callback: Callable[..., Value]) -> None:
        from flarelocal.javascript.web.microtasks import queue_microtask

        queue_microtask(callback)

    @method(promise=True)
    def fetch(self, resource: Annotated[Value, "Request or string"], init: Value = None) -> Value:
        from flarelocal.javascript.web.fetch import fetch

        return fetch(resource, init)

    @method
    def structured_clone(
        self, value: Value, options: Annotated[Options, "StructuredCloneOptions"] = NO_OPTIONS
    ) -> Value:
        from flarelocal.javascript.clone import structured_clone

        transfer = options.get("transfer", [])
        if transfer is not None and not isinstance(transfer, list):
            raise type_error(
                "Incorrect type for the 'transfer' field on 'StructuredCloneOptions': the provided"
                " value is not of type 'Array'."
            )
        return structured_clone(value, transfer or ())

    @method
    def btoa(self, data: Annotated[Value, "string"]) -> str:
        from flarelocal.javascript.web.encoding import btoa

        return btoa(data)

    @method
    def atob(self, data: Annotated[Value, "string"]) -> str:
        from flarelocal.javascript.web.encoding import atob

        return atob(data)

    @method
    def report_error(self, error: Value) -> None:
        from flarelocal.javascript.promise import exception_of
        from flarelocal.javascript.web.console import report

        report(exception_of(error))

    @method
    def parse_int(self, text: Value = None, radix: Value = None) -> float:
        from flarelocal.javascript.builtins.number import parse_int

        return parse_int(text, radix)

    @method
    def parse_float(self, text: Value = None) -> float:
        from flarelocal.javascript.builtins.number import parse_float

        return parse_float(text)

    @method(name="isNaN")
    def is_nan(self, value: Value = None) -> bool:
        return math.isnan(to_number(value))

    @method
    def is_finite(self, value: Value = None) -> bool:
        return math.isfinite(to_number(value))

    @method(name="encodeURIComponent")
    def encode_uri_component(self, text: Value = None) -> str:
        return encode(to_string(text), UNRESERVED)

    @method(name="encodeURI")
    def encode_uri(self, text: Value = None) -> str:
        return encode(to_string(text), UNRESERVED + RESERVED)

    @method(name="decodeURIComponent")
    def decode_uri_component(self, text: Value = None) -> str:
        return decode(to_string(text))

    @method(name="decodeURI")
    def decode_uri(self, text: Value = None) -> str:
        return decode(to_string(text), keep=RESERVED)

    @method
    def escape(self, text: Value = None) -> str:
        return escape(to_string(text))

    @method
    def unescape(self, text: Value = None) -> str:
        return unescape(to_string(text))

    @method
    def eval(self, source: Value = None) -> Value:
        raise JsError("Code generation from strings disallowed for this context", name="EvalError")


def _lookup(name: str) -> Callable[[GlobalScope], Value]:
    return lambda scope: scope.lookup(name)


_functions: Mapping[str, Member] = GlobalScope.members

GlobalScope.names = NAMES | _functions.keys() | _ITSELF

# Names are members as well, so that `globalThis.Response` needs no code of its own.
GlobalScope.members = MappingProxyType(
    {name: Member(name, "getter", _lookup(name)) for name in GlobalScope.names}
)
