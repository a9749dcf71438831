"""What V8 says of a value that contains itself and so has no JSON."""

from __future__ import annotations

from collections.abc import Iterator

from flarelocal.javascript.errors import JsError, range_error, type_error
from flarelocal.javascript.foreign import Foreign
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.text import class_name
from flarelocal.javascript.values import Value

__all__ = ["too_deep"]


def too_deep(value: Value) -> JsError:
    """The error for a value that is too deep to be written: mostly one that contains itself."""
    path: list[tuple[str, Value]] = []
    places: dict[int, int] = {}
    open_members = [iter([("", value)])]
    while open_members:
        step = next(open_members[-1], None)
        if step is None:
            open_members.pop()
            if path:
                places.pop(id(path.pop()[1]))
            continue
        label, member = step
        if id(member) in places:
            return _circular([*path[places[id(member)] :], (label, member)])
        members = _labelled_members(member)
        if members is not None:
            places[id(member)] = len(path)
            path.append(step)
            open_members.append(members)
    return range_error("Maximum call stack size exceeded")


def _labelled_members(value: Value) -> Iterator[tuple[str, Value]] | None:
    if isinstance(value, list):
        return ((f"index {index}", member) for index, member in enumerate(value))
    if isinstance(value, JsError):
        value = value.properties
    elif isinstance(value, HostObject) and "toJSON" not in value.members:
        value = value.own_properties()
    elif isinstance(value, Foreign):
        return _labelled_members(value.to_json())
    if isinstance(value, dict):
        return ((f"property '{name}'", member) for name, member in value.items())
    return None


def _circular(path: list[tuple[str, Value]]) -> JsError:
    """V8's message: the first steps of the circle, its last two, and the one that closes it."""
    lines = [
        f"    |     {label} -> object with constructor '{class_name(member)}'"
        for label, member in path[1:-1]
    ]
    if len(lines) > 3:
        lines[2:-1] = ["    |     ..."]
    start = f"    --> starting at object with constructor '{class_name(path[0][1])}'"
    end = f"    --- {path[-1][0]} closes the circle"
    return type_error("\n".join(["Converting circular structure to JSON", start, *lines, end]))
