"""A parsed file: plain values, and where in the text each of them stands."""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

__all__ = ["Json", "Keys", "Spot", "SyntaxFault", "Tree"]

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Keys: TypeAlias = tuple[str | int, ...]


class Spot(NamedTuple):
    """Offsets into the text; elements of a list have no key, and both offsets are the value's."""

    key: int
    value: int


class Tree(NamedTuple):
    """What a parser makes of a text.

    `repeated` are keys that their object holds more than once (JSON lets the last one count).
    TOML dates stay `datetime` values, for the checks to refuse.
    """

    value: object
    spots: Mapping[Keys, Spot]
    repeated: tuple[Keys, ...] = ()


class SyntaxFault(Exception):
    """The text is not of its format."""

    def __init__(self, message: str, fix: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.offset = offset
