"""Prototypes: where values have the members from that are not their own.

Each class has one prototype, whose members are those that the class itself defines; what a program
makes by `Object.create` is an `Heir` of any object.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from flarelocal.javascript.array_like import argument_list
from flarelocal.javascript.attributes import NOTED, Accessor, Key, Property, note
from flarelocal.javascript.builtins import builtin
from flarelocal.javascript.errors import is_native, type_error
from flarelocal.javascript.function import (
    BoundMethod,
    Builtin,
    Constructor,
    constructor_of,
    constructor_of_class,
    members_of,
)
from flarelocal.javascript.host import HostObject, Member
from flarelocal.javascript.instance import Instance
from flarelocal.javascript.properties import own_property
from flarelocal.javascript.text import described
from flarelocal.javascript.values import Symbol, Value, null

__all__ = [
    "Heir",
    "Prototype",
    "PrototypeMethod",
    "chain_of",
    "change_prototype",
    "has_property",
    "noted_property",
    "property_of",
    "prototype_of",
    "prototype_of_class",
    "with_receiver",
]


_ILLEGAL_INVOCATION = (
    "Illegal invocation: function called with incorrect `this` reference. See"
    " https://developers.cloudflare.com/workers/observability/errors/#illegal-invocation-errors"
    " for details."
)


_WITHOUT_TAG = frozenset(
    {"Array", "Boolean", "Date", "Function", "Number", "Object", "RegExp", "String"}
)
"""The classes whose instances have no `Symbol.toStringTag`, errors apart."""

_VALUES = frozenset({"Array", "Set", "TypedArray"})
"""The classes whose `Symbol.iterator` is `values`; that of others is `entries`."""


class Heir(Instance, js_name="Object"):
    """An object with a prototype of its own, as `Object.create` makes it."""

    __slots__ = ("prototype",)

    def __init__(self, prototype: Value) -> None:
        super().__init__()
        self.prototype = prototype

    def to_js_string(self) -> str:
        constructor = property_of(self, "constructor")
        return f"[object {getattr(constructor, 'name', 'Object')}]"


class Prototype(Heir, js_name="Object"):
    """The prototype of a class; its own prototype is that of the class above.

    Attributes:
        kind: the class.
    """

    __slots__ = ("kind",)

    def __init__(self, kind: type[HostObject]) -> None:
        above = _class_above(kind)
        super().__init__(prototype_of_class(above) if above else null)
        self.kind = kind

    @property
    def constructor(self) -> Constructor:
        """The class, as JavaScript sees it."""
        return constructor_of_class(self.kind)

    def own_members(self) -> dict[str, Member]:
        """The members that the class defines itself."""
        above = self.prototype.kind.members if self.prototype is not null else {}
        return {name: m for name, m in self.kind.members.items() if above.get(name) is not m}

    def storage(self) -> None:
        """None: what programs add is noted, for all values of the class to see."""

    def own_names(self) -> list[str]:
        return ["constructor", *self.own_members()]

    def own_symbol(self, symbol: Symbol) -> Property | None:
        known = builtin("Symbol").constants
        if symbol is known["toStringTag"] and self.kind.js_name not in _WITHOUT_TAG:
            return (
                None if is_native(self.kind.js_name) else Property(self.kind.js_name, False, False)
            )
        if symbol is known["iterator"]:
            names = {each.__name__ for each in self.kind.__mro__}
            name = "values" if names & _VALUES else "entries"
            member = self.own_members().get(name)
            if member is not None and self.kind is not builtin("Object"):
                return Property(PrototypeMethod(self.kind, member, self), enumerable=False)
        return None

    def own_property(self, name: str) -> Property | None:
        if name == "constructor":
            return Property(self.constructor, enumerable=False)
        member = self.own_members().get(name)
        if member is None:
            return None
        enumerable = not self.constructor.of_language
        if member.kind != "getter":
            return Property(PrototypeMethod(self.kind, member, self), enumerable=enumerable)
        setter = member.setter and replace(member, function=member.setter, maximum=1)
        accessor = Accessor(
            PrototypeMethod(self.kind, member, self),
            setter and PrototypeMethod(self.kind, setter, self),
            self,
        )
        return Property(accessor, enumerable=enumerable)


class PrototypeMethod:
    """A method that was read from a prototype, or from an heir of one.

    Args:
        owner: what it was read from, which need not be an object that the method works on.
    """

    __slots__ = ("kind", "member", "owner")

    def __init__(self, kind: type[HostObject], member: Member, owner: Value) -> None:
        self.kind = kind
        self.member = member
        self.owner = owner

    @property
    def __name__(self) -> str:
        return self.member.name

    def __call__(self, *arguments: Value) -> Value:
        return self.of(self.owner)(*arguments)

    def of(self, receiver: Value) -> BoundMethod:
        """The method of another object.

        Raises:
            JsError: TypeError, the method does not work on it.
        """
        if self.kind is builtin("Array") and not isinstance(receiver, list):
            if self.member.name == "concat":
                return BoundMethod(self.member, [receiver])
            receiver = list(receiver if isinstance(receiver, str) else argument_list(receiver))
        _require(self.kind, self.member, receiver)
        return BoundMethod(self.member, receiver)


def with_receiver(function: Value, receiver: Value) -> Value:
    """The function as it is called with `this`, which most functions do not look at."""
    if isinstance(function, PrototypeMethod):
        return function.of(receiver)
    if isinstance(function, BoundMethod) and (
        members_of(receiver).get(function.member.name) is function.member
    ):
        return BoundMethod(function.member, receiver)
    return function


_prototypes: dict[type, Prototype] = {}


def prototype_of_class(kind: type[HostObject]) -> Prototype:
    """The prototype that the instances of a class have; always the same object."""
    found = _prototypes.get(kind)
    if found is None:
        found = _prototypes[kind] = Prototype(kind)
    return found


def prototype_of(value: Value) -> Value:
    """What `Object.getPrototypeOf(value)` gives; null for undefined and null."""
    noted = NOTED.get(id(value))
    if noted is not None and noted.prototype is not None:
        return noted.prototype
    if isinstance(value, Heir):
        return value.prototype
    if isinstance(value, Constructor) and issubclass(value.kind, Builtin):
        above = _class_above(value.kind)
        if above and above is not builtin("Object"):
            return constructor_of_class(above)
    constructor = constructor_of(value)
    return prototype_of_class(constructor.kind) if constructor else null


def change_prototype(value: Value, prototype: Value) -> bool:
    """Give a value another prototype; whether it has that one now.

    Raises:
        JsError: TypeError, the prototype would be one of itself.
    """
    if prototype_of(value) is prototype:
        return True
    noted = NOTED.get(id(value))
    if noted is not None and not noted.extensible:
        return False
    if any(holder is value for holder in chain_of(prototype)):
        raise type_error("Cyclic __proto__ value")
    if isinstance(value, Heir):
        value.prototype = prototype
    else:
        note(value).prototype = prototype
    return True


def chain_of(value: Value) -> Iterator[Value]:
    """The value, its prototype, the prototype of that, and so on."""
    while value is not null and value is not None:
        yield value
        value = prototype_of(value)


def has_property(value: Value, key: Key) -> bool:
    """What `key in value` gives."""
    return any(own_property(holder, key) for holder in chain_of(value))


def property_of(value: Value, key: Key) -> Value:
    """What `value[key]` gives.

    Raises:
        JsError: a getter does, or it was read from a prototype.
    """
    for holder in chain_of(value):
        if isinstance(holder, Prototype) and isinstance(key, str) and not _kept(holder, key):
            member = holder.own_members().get(key)
            if member is not None:
                return _read(member, holder.kind, value)
        found = own_property(holder, key)
        if found is not None:
            held = found.held
            return held.read_for(value) if isinstance(held, Accessor) else held
    return None


def noted_property(value: Value, key: Key) -> Property | None:
    """A property with a note that reading `value[key]` finds first; None where there is none."""
    noted = NOTED.get(id(value))
    given = noted is not None and noted.prototype is not None
    for holder in chain_of(value):
        if _kept(holder, key) or (given and holder is not value and own_property(holder, key)):
            return own_property(holder, key)
        if isinstance(holder, Prototype) and key in holder.own_members():
            return None
    return None


def _kept(holder: Value, key: Key) -> bool:
    noted = NOTED.get(id(holder))
    return noted is not None and key in noted.kept


def _read(member: Member, kind: type[HostObject], receiver: Value) -> Value:
    if member.kind == "getter":
        _require(kind, member, receiver)
        return member.function(receiver)
    if isinstance(receiver, Heir):
        return PrototypeMethod(kind, member, receiver)
    return BoundMethod(member, receiver)


def _require(kind: type[HostObject], member: Member, receiver: Value) -> None:
    """Refuse an object that is none of the class."""
    constructor = constructor_of(receiver)
    if kind is builtin("Object") or (constructor and issubclass(constructor.kind, kind)):
        return
    if not constructor_of_class(kind).of_language:
        raise type_error(_ILLEGAL_INVOCATION)
    if kind.js_name == "Date":
        raise type_error("this is not a Date object.")
    read = "get " if member.kind == "getter" else ""
    raise type_error(
        f"Method {read}{kind.js_name}.prototype.{member.name} called on incompatible receiver"
        f" {described(receiver)}"
    )


def _class_above(kind: type[HostObject]) -> type[HostObject] | None:
    """The class that one extends; other bases are how flarelocal shares code."""
    from flarelocal.javascript.web.global_names import NAMES

    if kind is builtin("Object"):
        return None
    above = (base for base in kind.__mro__[1:] if issubclass(base, HostObject))
    named = (base for base in above if base.js_name in NAMES and base.js_name != "Object")
    return next(named, builtin("Object"))
