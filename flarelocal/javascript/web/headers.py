"""Headers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from flarelocal.javascript.collections import iterate
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.foreign import Foreign
from flarelocal.javascript.host import HostObject, method
from flarelocal.javascript.iterator import NamedIterator
from flarelocal.javascript.signature import properties_of
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value, null

__all__ = ["Headers", "require_headers"]

_NOT_A_TOKEN = re.compile(r'[\0- "(),/:-@\[-\]{}\x7f]')
_LATIN_LOWER = bytes(byte + 32 * (0xC0 <= byte <= 0xDE) for byte in range(256))
_ASCII_LOWER = {code: code + 32 for code in range(65, 91)}
_NOT_A_VALUE = re.compile("[\0\r\n]")
_WHITESPACE = " \t\r\n"
_BAD_INIT = (
    "Failed to construct 'Headers': constructor parameter 1 is not of type"
    " 'Headers or Sequence or object'."
)


@lru_cache(maxsize=1024)
def _name(name: str) -> str:
    if _NOT_A_TOKEN.search(name):
        raise type_error("Invalid header name.")
    return name.translate(_ASCII_LOWER)


def _shown(name: str) -> str:
    """A name as programs read it: the runtime lowers its bytes, those of other letters, too."""
    if name.isascii():
        return name
    return name.encode(errors="replace").translate(_LATIN_LOWER).decode(errors="replace")


def _value(value: str) -> str:
    value = value.strip(_WHITESPACE)
    if _NOT_A_VALUE.search(value):
        raise type_error("Invalid header value.")
    return value


class Headers(HostObject, constructible=True):
    """HTTP headers; names are kept in lower case (workerd, api/headers.c++)."""

    __slots__ = ("_pairs", "immutable")

    def __init__(self, init: Value = None) -> None:
        self._pairs: list[tuple[str, str]] = []
        self.immutable = False
        if init is None:
            return
        if type(init) is Headers:
            self._pairs = init._pairs.copy()
        elif isinstance(init, dict):
            for name, value in init.items():
                self.append(name, to_string(value))
        else:
            self._fill(init)

    def _fill(self, init: Value) -> None:
        if init is null or isinstance(init, str | bool | int | float):
            raise type_error(_BAD_INIT)
        try:
            entries = iterate(init)
        except Exception:
            properties = properties_of(init)
            if properties is None or isinstance(init, Foreign):
                raise type_error(_BAD_INIT) from None
            entries = iter([[name, value] for name, value in properties.items()])
        for entry in entries:
            if entry is None or entry is null or isinstance(entry, str | bool | int | float):
                raise type_error("Incorrect type: the provided value is not of type 'Sequence'.")
            pair = [to_string(part) for part in iterate(entry)]
            if len(pair) != 2:
                raise type_error(
                    "To initialize a Headers object from a sequence, each inner sequence must"
                    " have exactly two elements."
                )
            self.append(pair[0], pair[1])

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]], *, immutable: bool = False) -> Headers:
        """Headers of these pairs, which are valid and have names in lower case."""
        made = cls.__new__(cls)
        made._pairs = pairs if isinstance(pairs, list) else list(pairs)
        made.immutable = immutable
        return made

    def raw(self) -> list[tuple[str, str]]:
        """The pairs of name (in lower case) and value, one for each that was appended."""
        return self._pairs

    def copy(self) -> Headers:
        """The same headers, with the same guard."""
        return Headers.of(self._pairs.copy(), immutable=self.immutable)

    def moved(self) -> Headers:
        """What arrives of them elsewhere."""
        return self.copy()

    def first(self, name: str) -> str | None:
        """All values of a header joined by a comma, None where there is none.

        Args:
            name: in lower case.
        """
        found = [value for key, value in self._pairs if key == name]
        if not found:
            return None
        return found[0] if len(found) == 1 else ", ".join(found)

    def _change(self) -> None:
        if self.immutable:
            raise type_error("Can't modify immutable headers.")

    @method
    def get(self, name: str) -> Value:
        found = self.first(_name(name))
        return null if found is None else found

    @method
    def get_set_cookie(self) -> list[Value]:
        return [value for key, value in self._pairs if key == "set-cookie"]

    @method
    def get_all(self, name: str) -> list[Value]:
        if name.lower() != "set-cookie":
            raise type_error('getAll() can only be used with the header name "Set-Cookie".')
        return self.get_set_cookie()

    @method
    def has(self, name: str) -> bool:
        key = _name(name)
        return any(other == key for other, _ in self._pairs)

    @method
    def set(self, name: str, value: str) -> None:
        self._change()
        value, key = _value(value), _name(name)
        for index, (other, _) in enumerate(self._pairs):
            if other == key:
                rest = [pair for pair in self._pairs[index + 1 :] if pair[0] != key]
                self._pairs[index:] = [(key, value), *rest]
                return
        self._pairs.append((key, value))

    @method
    def append(self, name: str, value: str) -> None:
        self._change()
        value = _value(value)
        self._pairs.append((_name(name), value))

    @method
    def delete(self, name: str) -> None:
        self._change()
        key = _name(name)
        self._pairs[:] = [pair for pair in self._pairs if pair[0] != key]

    def combined(self) -> list[tuple[str, str]]:
        """The headers in the order of their names, each once; but each Set-Cookie by itself."""
        made: dict[str, str] = {}
        cookies: list[tuple[str, str]] = []
        for key, value in self._pairs:
            if key == "set-cookie":
                cookies.append((key, value))
            else:
                made[key] = f"{made[key]}, {value}" if key in made else value
        return sorted([*made.items(), *cookies], key=lambda pair: pair[0])

    @method
    def for_each(self, callback: Callable[..., Value], this: Value = None) -> None:
        for name, value in self.combined():
            callback(value, _shown(name), self)

    @method
    def entries(self) -> Iterator[Value]:
        entries = ([_shown(name), value] for name, value in self.combined())
        return NamedIterator.of("EntryIterator", entries)

    @method
    def keys(self) -> Iterator[Value]:
        return NamedIterator.of("KeyIterator", [_shown(name) for name, _ in self.combined()])

    @method
    def values(self) -> Iterator[Value]:
        return NamedIterator.of("ValueIterator", [value for _, value in self.combined()])

    def iterate(self) -> Iterator[Value]:
        return self.entries()


def require_headers(value: Value, dictionary: str) -> None:
    """Refuse what headers cannot be made of, as a member of an object of options.

    Args:
        dictionary: what the runtime calls such an object.

    Raises:
        JsError: TypeError.
    """
    if value is None or (value is not null and properties_of(value) is not None):
        return
    raise type_error(
        f"Incorrect type for the 'headers' field on '{dictionary}': the provided value is not of"
        " type 'Headers or Sequence or object'."
    )
