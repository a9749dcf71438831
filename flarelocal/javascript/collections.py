"""Map and Set: keys are compared as JavaScript does (SameValueZero), in order of insertion."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator

from flarelocal.javascript.callback import callback
from flarelocal.javascript.errors import JsError, type_error
from flarelocal.javascript.foreign import Foreign
from flarelocal.javascript.host import HostObject, getter, method, static
from flarelocal.javascript.iterator import NamedIterator
from flarelocal.javascript.numbers import to_number
from flarelocal.javascript.signature import to_boolean
from flarelocal.javascript.text import described, to_string, typeof
from flarelocal.javascript.values import BigInt, JsNull, Value, null

__all__ = [
    "LiteralMap",
    "Map",
    "Set",
    "iterate",
    "iterate_required",
    "not_iterable",
    "same_value_zero",
]


def _key(value: Value) -> Hashable:
    kind = type(value)
    if kind is str:
        text: str = value
        return text
    if kind is bool or kind is BigInt:
        return (kind, value)
    if kind is int or kind is float:
        return ("number", "NaN" if value != value else value)
    if isinstance(value, str):
        return str(value)
    return (kind, id(value))


def _kept(key: Value) -> Value:
    """The key as it is kept: a negative zero becomes a zero."""
    return 0 if type(key) is float and key == 0 else key


def same_value_zero(left: Value, right: Value) -> bool:
    """Whether two values are the same key."""
    return _key(left) == _key(right)


class Map(HostObject, constructible=True):
    """A JavaScript Map."""

    __slots__ = ("_entries",)

    def __init__(self, entries: Value = None) -> None:
        self._entries: dict[Hashable, tuple[Value, Value]] = {}
        for entry in iterate(entries):
            if entry is None or isinstance(entry, JsNull | bool | int | float | str):
                raise type_error(f"Iterator value {to_string(entry)} is not an entry object")
            if isinstance(entry, dict):
                self.set(entry.get("0"), entry.get("1"))
                continue
            pair = iterate(entry)
            key = next(pair, None)
            self.set(key, next(pair, None))

    @classmethod
    def of(cls, items: Iterable[tuple[Value, Value]]) -> Map:
        made = cls()
        made._entries = {_key(key): (_kept(key), value) for key, value in items}
        return made

    @staticmethod
    @static
    def group_by(members: Value = None, function: Value = None) -> Map:
        """A Map of the members, as lists, by what the function gives for each."""
        if not callable(function):
            raise type_error(f"{described(function)} is not a function")
        made = Map()
        for index, member in enumerate(iterate_required(members)):
            key = function(member, index)
            made.get_or_insert(key, []).append(member)
        return made

    @method
    def get_or_insert(self, key: Value = None, value: Value = None) -> Value:
        return self._entries.setdefault(_key(key), (_kept(key), value))[1]

    @method
    def get_or_insert_computed(self, key: Value = None, function: Value = None) -> Value:
        call = callback(function)
        if not self.has(key):
            self.set(key, call(_kept(key)))
        return self.get(key)

    @method
    def get(self, key: Value) -> Value:
        entry = self._entries.get(_key(key))
        return entry[1] if entry else None

    @method
    def set(self, key: Value, value: Value) -> Map:
        self._entries[_key(key)] = (_kept(key), value)
        return self

    @method
    def has(self, key: Value) -> bool:
        return _key(key) in self._entries

    @method
    def delete(self, key: Value) -> bool:
        return self._entries.pop(_key(key), None) is not None

    @method
    def clear(self) -> None:
        self._entries.clear()

    @getter
    def size(self) -> int:
        return len(self._entries)

    @method
    def keys(self) -> Iterator[Value]:
        return NamedIterator.of("Map Iterator", [key for key, _ in self._entries.values()])

    @method
    def values(self) -> Iterator[Value]:
        return NamedIterator.of("Map Iterator", [value for _, value in self._entries.values()])

    @method
    def entries(self) -> Iterator[Value]:
        return NamedIterator.of("Map Iterator", map(list, list(self._entries.values())))

    @method
    def for_each(self, function: Value = None) -> None:
        call = callback(function)
        for key, value in list(self._entries.values()):
            call(value, key, self)

    def items(self) -> list[tuple[Value, Value]]:
        """The entries as pairs, for Python code."""
        return list(self._entries.values())

    def iterate(self) -> Iterator[Value]:
        return self.entries()


class LiteralMap(Map):
    """What Pyodide before 314 makes of a dict: a Map whose text keys are properties as well.

    It cannot be cloned.
    """

    __slots__ = ()

    def to_js_string(self) -> str:
        return "[object Map]"

    def own_properties(self) -> dict[str, Value]:
        texts = {key: value for key, value in self.items() if isinstance(key, str)}
        return texts | super().own_properties()


class Set(HostObject, constructible=True):
    """A JavaScript Set."""

    __slots__ = ("_members",)

    def __init__(self, members: Value = None) -> None:
        self._members: dict[Hashable, Value] = {_key(m): _kept(m) for m in iterate(members)}

    @method
    def add(self, member: Value) -> Set:
        self._members.setdefault(_key(member), _kept(member))
        return self

    @method
    def has(self, member: Value) -> bool:
        return _key(member) in self._members

    @method
    def delete(self, member: Value) -> bool:
        key = _key(member)
        if key not in self._members:
            return False
        del self._members[key]
        return True

    @method
    def clear(self) -> None:
        self._members.clear()

    @getter
    def size(self) -> int:
        return len(self._members)

    @method
    def values(self) -> Iterator[Value]:
        return NamedIterator.of("Set Iterator", list(self._members.values()))

    @method
    def keys(self) -> Iterator[Value]:
        return self.values()

    @method
    def entries(self) -> Iterator[Value]:
        members = list(self._members.values())
        return NamedIterator.of("Set Iterator", ([member, member] for member in members))

    @method
    def union(self, other: Value = None) -> Set:
        record = _record(other, "union")
        return Set([*self._members.values(), *record.members()])

    @method
    def intersection(self, other: Value = None) -> Set:
        record = _record(other, "intersection")
        if len(self._members) <= record.size:
            return Set([m for m in list(self._members.values()) if record.has(m)])
        return Set([m for m in record.members() if self.has(m)])

    @method
    def difference(self, other: Value = None) -> Set:
        record = _record(other, "difference")
        return Set([m for m in list(self._members.values()) if not record.has(m)])

    @method
    def symmetric_difference(self, other: Value = None) -> Set:
        record = _record(other, "symmetricDifference")
        others = list(record.members())
        common = Set(others)
        mine = [m for m in self._members.values() if not common.has(m)]
        return Set([*mine, *(m for m in others if not self.has(m))])

    @method
    def is_subset_of(self, other: Value = None) -> bool:
        record = _record(other, "isSubsetOf")
        return len(self._members) <= record.size and all(
            record.has(m) for m in list(self._members.values())
        )

    @method
    def is_superset_of(self, other: Value = None) -> bool:
        record = _record(other, "isSupersetOf")
        return len(self._members) >= record.size and all(self.has(m) for m in record.members())

    @method
    def is_disjoint_from(self, other: Value = None) -> bool:
        record = _record(other, "isDisjointFrom")
        return not any(record.has(m) for m in list(self._members.values()))

    @method
    def for_each(self, function: Value = None) -> None:
        call = callback(function)
        for member in list(self._members.values()):
            call(member, member, self)

    def iterate(self) -> Iterator[Value]:
        return self.values()


class _SetRecord:
    """What the methods of sets ask of the other one: any object with `size`, `has` and `keys`."""

    __slots__ = ("_has", "_keys", "size")

    def __init__(self, size: float, has: Callable[..., Value], keys: Callable[..., Value]) -> None:
        self.size = size
        self._has = has
        self._keys = keys

    def has(self, member: Value) -> bool:
        return to_boolean(self._has(member))

    def members(self) -> Iterator[Value]:
        return iterate(self._keys())


def _record(other: Value, name: str) -> _SetRecord:
    from flarelocal.javascript.prototype import property_of

    if isinstance(other, Set | Map):
        return _SetRecord(other.size, other.has, other.keys)
    if typeof(other) not in ("object", "function") or other is null:
        raise type_error(f"Set.prototype.{name} argument must be an object")
    foreign = isinstance(other, Foreign)
    size, has, keys = (
        other.property(each) if foreign else property_of(other, each)
        for each in ("size", "has", "keys")
    )
    count = to_number(size)
    if count != count:
        raise type_error("The .size property is NaN")
    for each, function in (("has", has), ("keys", keys)):
        if not callable(function):
            raise type_error(f"The .{each} property is not callable")
    return _SetRecord(count, has, keys)


def iterate(value: Value) -> Iterator[Value]:
    """Go over an iterable value as `for … of` does; undefined and null give nothing.

    Raises:
        JsError: TypeError where the value is not iterable.
    """
    if value is None or value is null:
        return iter(())
    if isinstance(value, list | str):
        return iter(value)
    if isinstance(value, HostObject) and type(value).iterate is not HostObject.iterate:
        return value.iterate()
    if isinstance(value, Iterator):
        return value
    if isinstance(value, Foreign):
        return value.iterate()
    raise not_iterable(value)


def iterate_required(value: Value) -> Iterator[Value]:
    """As `iterate`, but undefined and null cannot be gone over either."""
    if value is None or value is null:
        raise not_iterable(value)
    return iterate(value)


def not_iterable(value: Value) -> JsError:
    """What V8 says of a value that `for … of` cannot go over."""
    kind = typeof(value)
    if value is None or isinstance(value, JsNull | bool | float) or kind == "number":
        kind = "undefined" if value is None else f"{kind} {to_string(value)}"
    return type_error(f"{kind} is not iterable (cannot read property Symbol(Symbol.iterator))")
