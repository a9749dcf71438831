"""`@dataclass(slots=True, …)` whose methods are compiled when they are first needed.

The standard library compiles them when the module is imported, which takes a millisecond for each
class: with a hundred classes, a quarter of the time until a Worker answers.
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
_NOTHING = dataclasses.MISSING
_FIELDS = _Attribute("__dataclass_fields__")
_MATCH_ARGS = _Attribute("__match_args__")


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
        _compile(made)
        made.__dict__["__init__"](self, *args, **kwargs)

    late = {
        "__slots__": fields,
        "__init__": __init__,
        "__dataclass_fields__": _FIELDS,
        "__match_args__": _MATCH_ARGS,
    }
    shown = {name: value for name, value in body.items() if name not in fields}
    made = type(cls)(cls.__name__, cls.__bases__, shown | late)
    _pending[made] = options, body
    return made


def _compile(cls: type) -> None:
    if cls not in _pending:
        return
    options, body = _pending.pop(cls)
    plain = type(cls)(cls.__name__, cls.__bases__, body)
    model: type = dataclasses.dataclass(**options)(plain)
    for name in _COMPILED:
        if name in model.__dict__:
            setattr(cls, name, model.__dict__[name])
    if options.get("frozen"):
        _fill_slots(cls, model)


def _fill_slots(cls: Any, model: Any) -> None:
    """Have `__init__` of a frozen class hand the values to the slots themselves.

    The standard library's has them looked up by name, which takes twice as long.
    """
    fields = dataclasses.fields(model)
    special = [each for each in fields if each.kw_only or each.default_factory is not _NOTHING]
    if special or not fields or hasattr(model, "__post_init__"):
        return
    names = [each.name for each in fields]
    lines = "".join(f"\n    _fill_{name}(self, {name})" for name in names)
    space = {f"_fill_{name}": getattr(cls, name).__set__ for name in names}
    exec(f"def __init__(self, {', '.join(names)}):{lines}", space)
    cls.__init__ = space["__init__"]
    cls.__init__.__defaults__ = model.__init__.__defaults__
    cls.__init__.__annotations__ = model.__init__.__annotations__
    cls.__init__.__qualname__ = f"{cls.__qualname__}.__init__"
