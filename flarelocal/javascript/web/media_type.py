"""Media types, as Content-Type gives them."""

from __future__ import annotations

import re
from dataclasses import field

from flarelocal.dataclass import dataclass

__all__ = ["MediaType"]

_TYPE = re.compile(r"\s*([!#$%&'*+\-.^_`|~\w]+/[!#$%&'*+\-.^_`|~\w]+)\s*(?:;|$)", re.ASCII)
_PARAMETER = re.compile(r"""\s*([^=;\s"]+)=(?:"((?:[^"\\]|\\.)*)"|([^;]*))\s*(?:;|$)""")


@dataclass(frozen=True, slots=True)
class MediaType:
    """A media type.

    Attributes:
        essence: `type/subtype`, in lower case.
        parameters: by name, in lower case.
    """

    essence: str
    parameters: dict[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> MediaType | None:
        """The media type of a header; None for a text that is none."""
        found = _TYPE.match(text)
        if found is None:
            return None
        parameters: dict[str, str] = {}
        for name, quoted, plain in _PARAMETER.findall(text[found.end() :]):
            value = re.sub(r"\\(.)", r"\1", quoted) if quoted else plain.strip()
            parameters.setdefault(name.lower(), value)
        return cls(found[1].lower(), parameters)
