"""URLSearchParams, and the encoding `application/x-www-form-urlencoded`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote_plus, unquote_to_bytes

from flarelocal.javascript.collections import LiteralMap, iterate
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.iterator import NamedIterator
from flarelocal.javascript.signature import USVString, properties_of, usv_string
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value, null

__all__ = ["URLSearchParams", "form_decode", "form_encode"]

_KEPT = "surrogateescape"
"""Bytes that are no UTF-8 are kept until the parameters are written again."""


def form_encode(pairs: Iterable[tuple[str, str]]) -> str:
    """The pairs as `application/x-www-form-urlencoded`."""
    return "&".join(f"{_encode(name)}={_encode(value)}" for name, value in pairs)


def form_decode(text: str, errors: str = "replace") -> list[tuple[str, str]]:
    """The pairs of a text in `application/x-www-form-urlencoded`.

    Args:
        errors: what becomes of bytes that are no UTF-8, as `bytes.decode` takes it.
    """
    pairs = []
    for part in text.split("&"):
        if part:
            name, _, value = part.partition("=")
            pairs.append((_decode(name, errors), _decode(value, errors)))
    return pairs


def _encode(text: str) -> str:
    return quote_plus(text, safe="*", errors=_KEPT).replace("~", "%7E")


def _decode(text: str, errors: str) -> str:
    text = text.replace("+", " ")
    return unquote_to_bytes(text).decode(errors=errors) if "%" in text else text


def _shown(text: str) -> str:
    """A text as programs read it: with U+FFFD for bytes that are no UTF-8."""
    return text if text.isascii() else text.encode(errors=_KEPT).decode(errors="replace")


class URLSearchParams(HostObject, constructible=True):
    """The pairs of a query (workerd, api/url-standard.c++)."""

    __slots__ = ("_changed", "_pairs")

    def __init__(self, init: Value = None) -> None:
        self._pairs: list[tuple[str, str]] = []
        self._changed: Callable[[str], None] | None = None
        if init is None:
            return
        if isinstance(init, URLSearchParams):
            self._pairs = init._pairs.copy()
        elif isinstance(init, dict | LiteralMap):
            properties = properties_of(init) or {}
            self._pairs = [
                (usv_string(name), usv_string(value)) for name, value in properties.items()
            ]
        elif isinstance(init, list | HostObject | Iterator):
            self._pairs = [_pair(entry) for entry in iterate(init)]
        else:
            self._pairs = form_decode(usv_string(init).removeprefix("?"), _KEPT)

    @classmethod
    def of_url(cls, search: str, changed: Callable[[str], None]) -> URLSearchParams:
        """The parameters of a URL, which is told of changes."""
        made = cls()
        made.reset(search)
        made._changed = changed
        return made

    def reset(self, search: str) -> None:
        """Take the pairs of a query, with or without `?`; the URL is not told."""
        self._pairs = form_decode(search.removeprefix("?"), _KEPT)

    def pairs(self) -> list[tuple[str, str]]:
        """The pairs of name and value, in order."""
        return self._pairs

    def _tell(self) -> None:
        if self._changed:
            self._changed(form_encode(self._pairs))

    @getter
    def size(self) -> int:
        return len(self._pairs)

    @method
    def append(self, name: USVString, value: USVString) -> None:
        self._pairs.append((name, value))
        self._tell()

    @method
    def delete(self, name: USVString, value: USVString | None = None) -> None:
        self._pairs[:] = [
            pair
            for pair in self._pairs
            if pair[0] != name or (value is not None and pair[1] != value)
        ]
        self._tell()

    @method
    def get(self, name: USVString) -> Value:
        return next((_shown(value) for key, value in self._pairs if key == name), null)

    @method
    def get_all(self, name: USVString) -> list[Value]:
        return [_shown(value) for key, value in self._pairs if key == name]

    @method
    def has(self, name: USVString, value: USVString | None = None) -> bool:
        return any(key == name and (value is None or other == value) for key, other in self._pairs)

    @method
    def set(self, name: USVString, value: USVString) -> None:
        for index, (key, _) in enumerate(self._pairs):
            if key == name:
                rest = [pair for pair in self._pairs[index + 1 :] if pair[0] != name]
                self._pairs[index:] = [(name, value), *rest]
                break
        else:
            self._pairs.append((name, value))
        self._tell()

    @method
    def sort(self) -> None:
        self._pairs.sort(key=lambda pair: pair[0].encode("utf-16-be", "surrogatepass"))
        self._tell()

    @method
    def for_each(self, callback: Callable[..., Value], this: Value = None) -> None:
        for name, value in list(self._pairs):
            callback(_shown(value), _shown(name), self)

    @method
    def entries(self) -> Iterator[Value]:
        entries = ([_shown(name), _shown(value)] for name, value in self._pairs)
        return NamedIterator.of("EntryIterator", entries)

    @method
    def keys(self) -> Iterator[Value]:
        return NamedIterator.of("KeyIterator", (_shown(name) for name, _ in self._pairs))

    @method
    def values(self) -> Iterator[Value]:
        return NamedIterator.of("ValueIterator", (_shown(value) for _, value in self._pairs))

    def iterate(self) -> Iterator[Value]:
        return self.entries()

    @method(name="toString")
    def to_js_string(self) -> str:
        return form_encode(self._pairs)


def _pair(entry: Value) -> tuple[str, str]:
    if not isinstance(entry, list | HostObject | Iterator):
        raise type_error("Incorrect type: the provided value is not of type 'Sequence'.")
    parts = [usv_string(to_string(part)) for part in iterate(entry)]
    if len(parts) != 2:
        raise type_error("Invalid URL search params sequence.")
    return parts[0], parts[1]
