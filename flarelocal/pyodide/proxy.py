"""JsProxy: a JavaScript object as Python sees it."""

from __future__ import annotations

import itertools
import operator
import weakref
from collections.abc import Callable
from keyword import iskeyword
from types import GenericAlias, MemberDescriptorType
from typing import Any, ClassVar, NoReturn, Protocol

from flarelocal.javascript.comparison import comparable
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.function import constructor_of, members_of
from flarelocal.javascript.properties import own_names, own_properties
from flarelocal.javascript.text import described, to_string, typeof
from flarelocal.javascript.values import Symbol, Value
from flarelocal.pyodide import profile
from flarelocal.pyodide.boundary import from_python, to_python

__all__ = ["HIDDEN", "JsProxy", "ProxyType", "is_dunder", "js_value", "meant_by", "register_to_py"]

_ids: weakref.WeakKeyDictionary[Any, int] = weakref.WeakKeyDictionary()
_next_id = itertools.count(1)


HIDDEN = frozenset({"_reserved", "_value", "of_one_kind", "parameters", "public_name"})
"""Attributes that only flarelocal knows."""


class _ToPy(Protocol):
    def __call__(self, value: Value, *, depth: int, default_converter: Any) -> Any: ...


_to_py: _ToPy


def register_to_py(function: _ToPy) -> None:
    """Give what `JsProxy.to_py` converts by, which needs proxies itself."""
    global _to_py
    _to_py = function


class ProxyType(type):
    """Gives every proxy class the name that Python code sees in Pyodide.

    The C-level name, which TypeErrors show, is `pyodide.ffi.JsProxy`; `__name__` and
    `__qualname__` are `JsProxy`.
    """

    public_name: str
    of_one_kind: bool
    """whether all values behind proxies of this class have the same constructor"""
    parameters: int
    """how many types a type hint may give in brackets: `JsMap[str, int]`"""

    def __new__(
        mcs,
        name: str,
        bases: tuple[type, ...],
        namespace: dict[str, Any],
        public_name: str = "JsProxy",
        of_one_kind: bool = False,
        parameters: int = 0,
    ) -> ProxyType:
        namespace |= {"__module__": "pyodide.ffi", "__qualname__": public_name}
        made = super().__new__(mcs, f"pyodide.ffi.{public_name}", bases, namespace)
        made.public_name = public_name
        made.of_one_kind = of_one_kind
        made.parameters = parameters
        return made

    def __init__(
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **_: Any
    ) -> None:
        super().__init__(name, bases, namespace)
        slot = cls.__dict__.get("_value")
        if isinstance(slot, MemberDescriptorType) and "_of" not in namespace:
            type.__setattr__(cls, "_of", staticmethod(_maker(cls, slot)))

    def __getitem__(cls, given: Any) -> GenericAlias:
        if not cls.parameters:
            raise TypeError(f"type {cls.public_name!r} is not subscriptable")
        count = len(given) if isinstance(given, tuple) else 1
        if count != cls.parameters:
            few = "few" if count < cls.parameters else "many"
            raise TypeError(
                f"Too {few} arguments for {cls!r}; actual {count}, expected {cls.parameters}"
            )
        return GenericAlias(cls, given)

    @property
    def __name__(cls) -> str:  # type: ignore[override]
        return cls.public_name

    def __repr__(cls) -> str:
        return f"<class 'pyodide.ffi.{cls.public_name}'>"


def _maker(cls: type, slot: MemberDescriptorType) -> Callable[[Value], Any]:
    """What makes a proxy of a value, on the shortest way: values cross all the time."""
    new, assign = object.__new__, slot.__set__

    def make(value: Value) -> Any:
        made: Any = new(cls)
        assign(made, value)
        return made

    return make


class JsProxy(metaclass=ProxyType):
    """Base of all proxies; `_value` is the object in JavaScript-land."""

    __slots__ = ()

    _value: Value
    _reserved: ClassVar[frozenset[str]]

    def __new__(cls, *args: Any, **kwargs: Any) -> JsProxy:
        raise TypeError(f"{cls.__name__} cannot be instantiated.")

    @classmethod
    def _of(cls, value: Value) -> Any:
        made = object.__new__(cls)
        made._value = value
        return made

    # -- properties

    def __getattr__(self, name: str) -> Any:
        meant = meant_by(name) if name[-1:] == "_" else name
        value = self._property(meant)
        if value is not _ABSENT:
            return to_python(value)
        if meant != name and hasattr(type(self), meant):
            return getattr(self, meant)
        raise AttributeError(name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "_value":
            object.__setattr__(self, name, value)
        else:
            meant = meant_by(name) if name[-1:] == "_" else name
            self._set_property(meant, from_python(value))

    def __delattr__(self, name: str) -> None:
        self._delete_property(meant_by(name) if name[-1:] == "_" else name)

    def _property(self, name: str) -> Value:
        """The value of an own property, `_ABSENT` where there is none."""
        return getattr(self._value, "expando", {}).get(name, _ABSENT)

    def _set_property(self, name: str, value: Value) -> None:
        from flarelocal.pyodide.assignment import assign

        assign(self._value, name, value)

    def _delete_property(self, name: str) -> None:
        """`delete object.name`, which is silent where there is nothing to delete."""
        from flarelocal.pyodide.assignment import remove

        remove(self._value, name)

    def _own(self) -> dict[str, Value]:
        """The own enumerable properties."""
        return own_properties(self._value)

    def __dir__(self) -> list[str]:
        members = {*members_of(self._value), *own_names(self._value)}
        return sorted({*super().__dir__(), *members} - HIDDEN)

    # -- what every proxy has in Pyodide

    @property
    def constructor(self) -> Any:
        constructor = constructor_of(self._value)
        if constructor is None:
            raise AttributeError("constructor")
        seen = to_python(constructor)
        kind = type(self)
        if kind.of_one_kind:
            # The SDK asks for it many times with each value: a plain attribute is found at once.
            type.__setattr__(kind, "constructor", seen)
        return seen

    @property
    def typeof(self) -> str:
        return typeof(self._value)

    @property
    def js_id(self) -> int:
        try:
            return _ids.setdefault(self._value, next(_next_id))
        except TypeError:
            return id(self._value)

    def object_keys(self) -> Any:
        return to_python(list(self._own()))

    def object_values(self) -> Any:
        return to_python(list(self._own().values()))

    def object_entries(self) -> Any:
        return to_python([[key, value] for key, value in self._own().items()])

    def to_py(self, *, depth: int = -1, default_converter: Any = None) -> Any:
        """The value as Python data; see Pyodide's `JsProxy.to_py`."""
        return _to_py(self._value, depth=depth, default_converter=default_converter)

    def to_weakref(self) -> Any:
        """A `WeakRef` of the object (not in Pyodide 0.26)."""
        if not profile.current().has_null:
            raise AttributeError("to_weakref")
        from flarelocal.javascript.weak import WeakRef

        return to_python(WeakRef(self._value))

    # -- comparison

    def __eq__(self, other: object) -> bool:
        return isinstance(other, JsProxy) and self._value is other._value

    def __lt__(self, other: object) -> Any:
        return self._compared(other, operator.lt)

    def __le__(self, other: object) -> Any:
        return self._compared(other, operator.le)

    def __gt__(self, other: object) -> Any:
        return self._compared(other, operator.gt)

    def __ge__(self, other: object) -> Any:
        return self._compared(other, operator.ge)

    def _compared(self, other: object, order: Callable[[Any, Any], bool]) -> Any:
        if not isinstance(other, JsProxy):
            return NotImplemented
        return order(*comparable(self._value, other._value))

    def __str__(self) -> str:
        return _text(self._value)

    def __repr__(self) -> str:
        return _text(self._value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("cannot pickle 'pyodide.ffi.JsProxy' object")


def _text(value: Value) -> str:
    try:
        return described(value) if type(value) is Symbol else to_string(value)
    except JsError as error:
        raise to_python(error) from None


class _Absent:
    """Stands for a property that is not there."""


_ABSENT = _Absent()


def meant_by(name: str) -> str:
    """The property that an attribute stands for: `from_` for `from`, which is no name in Python.

    No other underscores are dropped, nor those after `match`, `type` and the like.
    """
    return name[:-1] if iskeyword(name.rstrip("_")) else name


def is_dunder(name: str) -> bool:
    """Whether it is a name of Python's own, such as `__spec__`."""
    return name.startswith("__") and name.endswith("__")


def js_value(proxy: Any) -> Value:
    """The JavaScript value behind a proxy; any other Python value as it would be passed."""
    return proxy._value if isinstance(proxy, JsProxy) else from_python(proxy)
