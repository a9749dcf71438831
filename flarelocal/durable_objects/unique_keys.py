"""Which namespace belongs to which class, renames included."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = ["unique_keys"]


def unique_keys(
    worker: str, classes: Iterable[str], renames: Sequence[tuple[str, str]]
) -> dict[str, str]:
    """The unique key of each class: that of its first name, so that its objects stay its own.

    Args:
        worker: the name of the Worker.
        classes: those which there are.
        renames: pairs of an old and a new name, in the order in which they took place.
    """
    first: dict[str, str] = {}
    for old, new in renames:
        first[new] = first.pop(old, old)
    names = list(classes)
    taken = {first[name] for name in names if name in first}
    keys = {}
    for name in names:
        # A class with the former name of another one has nothing to do with its objects.
        origin = first.get(name) or (f"{name}.new" if name in taken else name)
        keys[name] = f"{worker}-{origin}"
    return keys
