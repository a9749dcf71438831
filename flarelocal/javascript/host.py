"""How a Python class becomes a class that JavaScript sees.

A `HostObject` is an ordinary Python object with ordinary snake_case methods. The decorators of
this module mark which of its members JavaScript sees, under their camelCase names; they leave the
members as they are, so that Python code calls them directly and with JavaScript values.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from types import FunctionType, MappingProxyType
from typing import Any, ClassVar, TypeVar, overload

from flarelocal.dataclass import dataclass
from flarelocal.javascript.attributes import Property
from flarelocal.javascript.departure import departing
from flarelocal.javascript.values import Symbol, Value

__all__ = ["Getter", "HostObject", "Member", "camel_case", "getter", "method", "static"]

F = TypeVar("F", bound=Callable[..., Any])


def camel_case(name: str) -> str:
    """`get_set_cookie` → `getSetCookie`; a trailing underscore (a Python keyword) goes away."""
    head, *rest = name.rstrip("_").split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a class as JavaScript sees it.

    Attributes:
        name: the JavaScript name.
        kind: `method`, `getter` or `static`.
        function: takes the object (not for `static`) and JavaScript values.
        setter: for a getter that can be assigned.
        promise: the result is a promise, and an error its rejection.
        required: how many arguments the function needs; missing ones are undefined.
        maximum: how many it takes, None for any number; further ones are dropped.
        own: the property is the object's own and enumerable.
    """

    name: str
    kind: str
    function: Callable[..., Value]
    setter: Callable[[Any, Value], None] | None = None
    promise: bool = False
    required: int = 0
    maximum: int | None = 0
    own: bool = False


@dataclass(frozen=True, slots=True)
class _Mark:
    name: str | None
    kind: str
    promise: bool


class Getter(property):
    """A property that JavaScript sees; assignable there if it has a setter."""

    js_name: str | None = None
    own: bool = False

    def setter(self, function: Callable[[Any, Any], None]) -> Getter:
        made = Getter(self.fget, function)
        made.js_name, made.own = self.js_name, self.own
        return made


@overload
def method(function: F, /) -> F: ...
@overload
def method(*, name: str | None = None, promise: bool = False) -> Callable[[F], F]: ...
def method(
    function: F | None = None, /, *, name: str | None = None, promise: bool = False
) -> F | Callable[[F], F]:
    """Show a method to JavaScript.

    An `async def` gives a promise. A plain `def` with `promise=True` works at once and gives a
    settled promise, which costs no task.
    """
    return (
        _marker("method", name, promise)(function) if function else _marker("method", name, promise)
    )


@overload
def static(function: F, /) -> F: ...
@overload
def static(*, name: str | None = None, promise: bool = False) -> Callable[[F], F]: ...
def static(
    function: F | None = None, /, *, name: str | None = None, promise: bool = False
) -> F | Callable[[F], F]:
    """Show a function as a static method of the class; put `@staticmethod` above it."""
    return (
        _marker("static", name, promise)(function) if function else _marker("static", name, promise)
    )


@overload
def getter(function: Callable[[Any], Any], /) -> Getter: ...
@overload
def getter(
    *, name: str | None = None, own: bool = False
) -> Callable[[Callable[[Any], Any]], Getter]: ...
def getter(
    function: Callable[[Any], Any] | None = None, /, *, name: str | None = None, own: bool = False
) -> Getter | Callable[[Callable[[Any], Any]], Getter]:
    """Show a property to JavaScript; `own` makes it an own, enumerable one."""

    def make(function: Callable[[Any], Any]) -> Getter:
        made = Getter(function)
        made.js_name, made.own = name, own
        return made

    return make(function) if function else make


def _marker(kind: str, name: str | None, promise: bool) -> Callable[[F], F]:
    def mark(function: F) -> F:
        marked: Any = function
        marked.__javascript__ = _Mark(name, kind, promise)
        return function

    return mark


class HostObject:
    """Base of every JavaScript object that is not a plain one.

    Class attributes:
        js_name: the name of the class, by which the SDK tells types apart.
        members: what JavaScript sees of an instance, the inherited members included.
        statics: what it sees of the class.
        constructible: whether a program may say `new`; `__init__` then gets its arguments.
        constants: values that the class has as static properties.
        shared_constants: whether its prototype, and so each instance, has them as well.
        io: its promises depend on the world outside, so that only events may ask for them, and
            those of objects only with what they stored made durable.
    """

    __slots__ = ("expando",)

    js_name: ClassVar[str] = "Object"
    members: ClassVar[Mapping[str, Member]] = MappingProxyType({})
    statics: ClassVar[Mapping[str, Member]] = MappingProxyType({})
    constructible: ClassVar[bool] = False
    constants: ClassVar[Mapping[str, Value]] = MappingProxyType({})
    shared_constants: ClassVar[bool] = False
    io: ClassVar[bool] = False

    expando: dict[str, Value]
    """Properties that a program added; absent until there is one."""

    def __init_subclass__(
        cls,
        *,
        js_name: str | None = None,
        constructible: bool | None = None,
        io: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init_subclass__(**kwargs)
        cls.io = cls.io or io
        cls.js_name = js_name or cls.__name__
        if constructible is not None:
            cls.constructible = constructible
        own = list(_collect(cls))
        methods = {member.name: member for member in own if member.kind != "static"}
        statics = {member.name: member for member in own if member.kind == "static"}
        bases = [base for base in reversed(cls.__bases__) if issubclass(base, HostObject)]
        inherited = {name: member for base in bases for name, member in base.members.items()}
        if cls.shared_constants:
            inherited |= {
                name: Member(name, "getter", lambda _, value=value: value)
                for name, value in cls.constants.items()
            }
        cls.members = MappingProxyType(inherited | methods)
        cls.statics = MappingProxyType({**cls.statics, **statics})

    def iterate(self) -> Iterator[Value]:
        """What `for … of` goes over; not overridden: the object is not iterable."""
        raise TypeError(f"{self.js_name} is not iterable")

    def iterate_async(self) -> AsyncIterator[Value]:
        """What `for await … of` goes over; not overridden: the object is not async iterable."""
        raise TypeError(f"{self.js_name} is not async iterable")

    def to_js_string(self) -> str:
        """What `String(object)` gives."""
        return f"[object {self.js_name}]"

    def clone_refusal(self) -> str:
        """What DataCloneError says where the object cannot be cloned."""
        return (
            f'Could not serialize object of type "{self.js_name}".'
            " This type does not support serialization."
        )

    def own_properties(self) -> dict[str, Value]:
        """The own enumerable properties: what JSON and `Object.keys` see."""
        own = {m.name: m.function(self) for m in self.members.values() if m.own}
        return own | getattr(self, "expando", {})

    def own_names(self) -> list[str]:
        """The names of all own properties."""
        return list(self.own_properties())

    def own_property(self, name: str) -> Property | None:
        """An own property, attributes that were noted apart."""
        found = self.own_properties()
        return Property(found[name]) if name in found else None

    def own_symbol(self, symbol: Symbol) -> Property | None:
        """An own property that a symbol names, those apart that were noted."""
        return None

    def storage(self) -> dict[str, Value] | None:
        """Where properties are that a program added; None where there is no such place."""
        if not hasattr(self, "expando"):
            self.expando = {}
        return self.expando

    def put_own(self, name: str, value: Value, enumerable: bool = True) -> bool:
        """Write an own property, or add one; whether the object has a place for it."""
        member = self.members.get(name)
        if member and member.own and member.setter:
            member.setter(self, value)
            return True
        if not enumerable or self.storage() is None:
            return False
        self.expando[name] = value
        return True


def _collect(cls: type[HostObject]) -> Iterator[Member]:
    # Conversions need the texts of values, which need this module.
    from flarelocal.javascript.signature import converting

    owner = cls.js_name
    for python_name, attribute in list(cls.__dict__.items()):
        if isinstance(attribute, Getter):
            name = attribute.js_name or camel_case(python_name)
            assert attribute.fget is not None
            setter = attribute.fset
            if setter:
                setter = converting(setter, owner, name, skip=1) or setter
            yield Member(name, "getter", attribute.fget, setter, own=attribute.own)
            continue
        is_static = isinstance(attribute, staticmethod)
        function = attribute.__func__ if is_static else attribute
        mark = getattr(function, "__javascript__", None)
        if mark is not None:
            name = mark.name or camel_case(python_name)
            promise = mark.promise or inspect.iscoroutinefunction(function)
            skip = 0 if mark.kind == "static" else 1
            required, maximum = arity(function, skip=skip)
            if adapted := converting(function, owner, name, skip=skip):
                # It tells a missing argument from one that is undefined.
                function, required = adapted, 0
            if promise and cls.io:
                function = departing(function)
            yield Member(name, mark.kind, function, None, promise, required, maximum)


def arity(function: Callable[..., Any], *, skip: int = 0) -> tuple[int, int | None]:
    """How many positional arguments a function needs and takes (None: any number)."""
    plain = inspect.unwrap(function)
    if isinstance(plain, FunctionType):
        maximum = max(0, plain.__code__.co_argcount - skip)
        required = max(0, maximum - len(plain.__defaults__ or ()))
        return required, None if plain.__code__.co_flags & inspect.CO_VARARGS else maximum
    required = maximum = 0
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is parameter.VAR_POSITIONAL:
            return max(0, required - skip), None
        if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            maximum += 1
            required += parameter.default is parameter.empty
    return max(0, required - skip), max(0, maximum - skip)
