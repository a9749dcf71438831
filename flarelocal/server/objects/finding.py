"""Which class and which object a request is about."""

from __future__ import annotations

import re
from collections.abc import Iterable

from flarelocal.durable_objects import Namespace, ObjectId
from flarelocal.server.objects.errors import ObjectsError

__all__ = ["find_class", "find_object"]

_ID = re.compile(r"[0-9a-fA-F]{64}\Z")


def find_class(namespaces: Iterable[Namespace], name: str) -> Namespace:
    """The namespace of a class.

    Args:
        name: of the class, or the unique key of its namespace, `<worker>-<class>`.

    Raises:
        ObjectsError: there is none, or there are several classes of that name.
    """
    known = list(namespaces)
    for namespace in known:
        if namespace.unique_key == name:
            return namespace
    found = [namespace for namespace in known if namespace.class_name == name]
    if len(found) == 1:
        return found[0]
    keys = ", ".join(namespace.unique_key for namespace in found or known)
    if found:
        raise ObjectsError(409, f'There are several classes "{name}": name one of {keys}.')
    raise ObjectsError(
        404,
        f'There is no class "{name}" of Durable Objects: '
        + (f"name one of {keys}." if known else "none has objects, and none is configured."),
    )


def find_object(namespace: Namespace, text: str) -> ObjectId:
    """The id of an object that has stored something or is in memory.

    Args:
        text: its name, or its id in 64 hexadecimal digits.

    Raises:
        ObjectsError: there is no such object, or there are several of that name.
    """
    if _ID.match(text) and (known := namespace.find(text.lower())) is not None:
        return known.id
    derived = namespace.ids.from_name(text)
    if namespace.find(derived.hex) is not None:
        return derived
    # An id of a jurisdiction derives from more than the name.
    found = [info.id for info in namespace.list() if info.id.name == text]
    if len(found) == 1:
        return found[0]
    name = namespace.class_name
    if found:
        ids = ", ".join(id.hex for id in found)
        raise ObjectsError(409, f'{name} has several objects "{text}": name one of {ids}.')
    raise ObjectsError(
        404, f'{name} has no object "{text}": see `flarelocal do list {name}` for those it has.'
    )
