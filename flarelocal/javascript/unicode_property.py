"""The characters of a Unicode property, for `\\p{…}` in regular expressions."""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache
from itertools import groupby

from flarelocal.javascript.errors import dom_exception

__all__ = ["characters_of"]

_CATEGORIES = {
    "Letter": "L",
    "Lowercase_Letter": "Ll",
    "Uppercase_Letter": "Lu",
    "Titlecase_Letter": "Lt",
    "Modifier_Letter": "Lm",
    "Other_Letter": "Lo",
    "Mark": "M",
    "Number": "N",
    "Decimal_Number": "Nd",
    "Letter_Number": "Nl",
    "Other_Number": "No",
    "Punctuation": "P",
    "punct": "P",
    "Symbol": "S",
    "Currency_Symbol": "Sc",
    "Math_Symbol": "Sm",
    "Separator": "Z",
    "Space_Separator": "Zs",
    "Other": "C",
    "Control": "Cc",
}
_KNOWN = re.compile("L[lutmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?|C[cfson]?")


@cache
def characters_of(name: str) -> str:
    """The members of a character class that are all characters of a general category.

    Args:
        name: `L`, `Letter`, `gc=L` or `General_Category=Letter`.

    Raises:
        JsError: NotSupportedError for all other properties.
    """
    short = name.removeprefix("General_Category=").removeprefix("gc=")
    short = _CATEGORIES.get(short, short)
    if not _KNOWN.fullmatch(short):
        raise dom_exception(
            f"flarelocal does not know the characters of \\p{{{name}}}; use a general category,"
            " such as \\p{Letter}, or list the characters.",
            "NotSupportedError",
        )
    codes = range(sys.maxunicode + 1)
    ranges = []
    for belongs, run in groupby(
        codes, lambda code: unicodedata.category(chr(code)).startswith(short)
    ):
        if belongs:
            first, *_, last = [*run] * 2
            ranges.append(f"\\U{first:08x}-\\U{last:08x}")
    return "".join(ranges)
