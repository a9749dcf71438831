"""`@dataclass(slots=True, …)` whose methods are compiled when they are first needed.

The standard library compiles them when the module is imported, which takes a millisecond for each
class: with a hundred classes, a quarter of the time until a Worker answers. Of a class that only
has plain fields, the first instance needs `__init__` alone.
"""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

_COMPILED = (
    "__init__",
    "__repr__",
    "__eq__",
    "__hash__",
    "__setattr__",
    "__delattr__",
    "__getstate__",
    "__setstate__",
    "__match_args__",
    "__dataclass_fields__",
    "__dataclass_params__",
)

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(**options: bool) -> Any:
        """A decorator that does what the standard library's does; `slots` has to be among them."""
        assert options["slots"]
        return partial(_made, options)


class _Attribute:
    """Stands for what is compiled with the class; asking for it has the class compiled."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, instance: object, owner: type) -> Any:
        for each in owner.__mro__:
            _compile(each)
        return getattr(owner if instance is None else instance, self._name)


_pending: dict[type, tuple[dict[str, bool], dict[str, Any]]] = {}
_plain: dict[type, dict[str, Any]] = {}
"""of classes with plain fields only: these, with their defaults, `_NOTHING` where there is none"""
_NOTHING = dataclasses.MISSING
_LATE = {
    name: _Attribute(name)
    for name in ("__repr__", "__eq__", "__hash__", "__getstate__", "__setstate__")
}
_LATE_IF_FROZEN = {name: _Attribute(name) for name in ("__setattr__", "__delattr__")}
_ALWAYS = {
    name: _Attribute(name)
    for name in ("__dataclass_fields__", "__dataclass_params__", "__match_args__")
}


def _made(options: dict[str, bool], cls: type) -> type:
    """The class with slots, and the rest still to come."""
    body = {
        name: value
        for name, value in cls.__dict__.items()
        if name not in ("__dict__", "__weakref__")
    }
    annotations = body.get("__annotations__", {})
    fields = tuple(name for name, kind in annotations.items() if "ClassVar" not in kind)

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        _begin(made)
        made.__dict__["__init__"](self, *args, **kwargs)

    late: dict[str, Any] = dict(_LATE)
    if options.get("frozen"):
        late |= _LATE_IF_FROZEN
    elif body.get("__hash__") is None:
        late["__hash__"] = None
    shown = {name: value for name, value in body.items() if name not in fields}
    own = {name: value for name, value in shown.items() if value is not None or name != "__hash__"}
    made = type(cls)(
        cls.__name__,
        cls.__bases__,
        late | own | _ALWAYS | {"__slots__": fields, "__init__": __init__},
    )
    _pending[made] = options, body
    plain = _plain_fields(made, fields, options, body)
    if plain is not None:
        _plain[made] = plain
    return made


def _plain_fields(
    cls: type, names: tuple[str, ...], options: dict[str, bool], body: dict[str, Any]
) -> dict[str, Any] | None:
    """All fields with their defaults; None if one of them, or the class, is out of the ordinary."""
    found: dict[str, Any] = {}
    for base in reversed(cls.__mro__[1:]):
        if base in _plain:
            found |= _plain[base]
        elif base in _pending or hasattr(base, "__dataclass_fields__"):
            return None
    if not options.keys() <= {"frozen", "slots"} or hasattr(cls, "__post_init__"):
        return None
    for name in names:
        kind = body["__annotations__"][name]
        default = body.get(name, _NOTHING)
        if isinstance(default, dataclasses.Field) or "InitVar" in kind or "KW_ONLY" in kind:
            return None
        found[name] = default
    return found


def _begin(cls: Any) -> None:
    """Compile what the first instance needs."""
    if cls not in _plain:
        _compile(cls)
    elif cls in _pending:
        options, _ = _pending[cls]
        cls.__init__ = _init_of(cls, _plain[cls], frozen=bool(options.get("frozen")))


def _init_of(cls: Any, fields: dict[str, Any], *, frozen: bool) -> Any:
    """The method that hands the values to the slots.

    That of the standard library has those of frozen classes looked up by name, which takes twice
    as long.
    """
    space: dict[str, Any] = {}
    lines = []
    for name in fields:
        if frozen:
            space[f"_fill_{name}"] = getattr(cls, name).__set__
            lines.append(f"_fill_{name}(self, {name})")
        else:
            lines.append(f"self.{name} = {name}")
    parameters = [
        name if default is _NOTHING else f"{name}=_default_{name}"
        for name, default in fields.items()
    ]
    space |= {f"_default_{name}": default for name, default in fields.items()}
    text = "\n    ".join([f"def __init__({', '.join(['self', *parameters])}):", *lines, "return"])
    exec(text, space)
    init = space["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    init.__module__ = cls.__module__
    return init


def _compile(cls: Any) -> None:
    if cls not in _pending:
        return
    options, body = _pending.pop(cls)
    plain = type(cls)(cls.__name__, cls.__bases__, body)
    model: type = dataclasses.dataclass(**options)(plain)
    for name in _COMPILED:
        if name in model.__dict__:
            setattr(cls, name, model.__dict__[name])
        elif isinstance(cls.__dict__.get(name), _Attribute):
            delattr(cls, name)
    fields = _plain.get(cls)
    if fields is not None:
        annotations = model.__dict__["__init__"].__annotations__
        cls.__init__ = _init_of(cls, fields, frozen=bool(options.get("frozen")))
        cls.__init__.__annotations__ = annotations
