"""FormData."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, TypeAlias

from flarelocal.javascript.host import HostObject, method
from flarelocal.javascript.iterator import NamedIterator
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.blob import Blob, File

__all__ = ["Entry", "FormData"]

Entry: TypeAlias = str | File


def _entry(name: str, value: Value, filename: str | None) -> Entry:
    if isinstance(value, File) and filename is None:
        return value
    if isinstance(value, Blob):
        return File.named(value.data, name if filename is None else filename, value.type)
    return to_string(value)


class FormData(HostObject, constructible=True):
    """Names with texts and files (workerd, api/form-data.c++)."""

    __slots__ = ("_entries",)

    def __init__(self) -> None:
        self._entries: list[tuple[str, Entry]] = []

    @classmethod
    def of(cls, entries: list[tuple[str, Entry]]) -> FormData:
        """A form with these entries."""
        made = cls()
        made._entries = entries
        return made

    def items(self) -> list[tuple[str, Entry]]:
        """The entries as pairs, for Python code."""
        return self._entries

    @method
    def append(
        self,
        name: str,
        value: Annotated[Value, "File or Blob or string"],
        filename: str | None = None,
    ) -> None:
        self._entries.append((name, _entry(name, value, filename)))

    @method
    def set(
        self,
        name: str,
        value: Annotated[Value, "File or Blob or string"],
        filename: str | None = None,
    ) -> None:
        entry = _entry(name, value, filename)
        for index, (key, _) in enumerate(self._entries):
            if key == name:
                rest = [pair for pair in self._entries[index + 1 :] if pair[0] != name]
                self._entries[index:] = [(name, entry), *rest]
                return
        self._entries.append((name, entry))

    @method
    def delete(self, name: str) -> None:
        self._entries[:] = [pair for pair in self._entries if pair[0] != name]

    @method
    def get(self, name: str) -> Value:
        return next((value for key, value in self._entries if key == name), null)

    @method
    def get_all(self, name: str) -> list[Value]:
        return [value for key, value in self._entries if key == name]

    @method
    def has(self, name: str) -> bool:
        return any(key == name for key, _ in self._entries)

    @method
    def for_each(self, callback: Callable[..., Value], this: Value = None) -> None:
        for name, value in list(self._entries):
            callback(value, name, self)

    @method
    def entries(self) -> Iterator[Value]:
        return NamedIterator.of("EntryIterator", map(list, list(self._entries)))

    @method
    def keys(self) -> Iterator[Value]:
        return NamedIterator.of("KeyIterator", (name for name, _ in list(self._entries)))

    @method
    def values(self) -> Iterator[Value]:
        return NamedIterator.of("ValueIterator", (value for _, value in list(self._entries)))

    def iterate(self) -> Iterator[Value]:
        return self.entries()
