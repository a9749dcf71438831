"""Lists of objects, with keys that go together as one prefix."""

from __future__ import annotations

import base64
import re
import sqlite3

from flarelocal.dataclass import dataclass
from flarelocal.storage.r2.index import COLUMNS, object_of
from flarelocal.storage.r2.objects import R2Object

__all__ = ["Listing", "Selection", "key_of", "select"]

# The byte FF is in no text, so that it ends the range of the keys that begin with a prefix.
_FROM = f"""
    SELECT {COLUMNS} FROM r2_object
    WHERE bucket = ? AND key >= ? AND key < CAST(? AS TEXT) AND key IS NOT ? ORDER BY key LIMIT ?
"""
_LAST = """
    SELECT key FROM r2_object WHERE bucket = ? AND key >= ? AND key < CAST(? AS TEXT)
    ORDER BY key DESC LIMIT 1
"""
_NO_DIGIT = re.compile(r"[^A-Za-z0-9+/]")
_URL_SAFE = str.maketrans("-_", "+/")


@dataclass(frozen=True, slots=True)
class Selection:
    """Which objects of a bucket: those that begin with `prefix`, behind `start_after`.

    Attributes:
        delimiter: keys with it behind the prefix are given as prefixes; "" gives every key.
    """

    bucket: str
    prefix: str
    delimiter: str
    start_after: str | None
    limit: int


@dataclass(frozen=True, slots=True)
class Listing:
    """Some objects; `cursor` gives the next ones, None if these were the last."""

    objects: list[R2Object]
    prefixes: list[str]
    cursor: str | None


def select(selection: Selection, connection: sqlite3.Connection) -> Listing:
    """The first objects of a selection."""
    bucket, prefix, delimiter = selection.bucket, selection.prefix, selection.delimiter
    objects: list[R2Object] = []
    prefixes: list[str] = []
    end = prefix.encode() + b"\xff"
    last = selection.start_after
    while True:
        start = prefix if last is None else max(prefix, last, key=str.encode)
        left = selection.limit - len(objects) - len(prefixes)
        grouped = False
        for row in connection.execute(_FROM, (bucket, start, end, last, left + 1)).fetchall():
            if len(objects) + len(prefixes) == selection.limit:
                return Listing(objects, prefixes, _cursor_of(last or ""))
            last = row[0]
            at = last.find(delimiter, len(prefix)) if delimiter else -1
            if at >= 0:
                prefixes.append(last[: at + len(delimiter)])
                last = _last_of(connection, bucket, prefixes[-1])
                grouped = True
                break
            objects.append(object_of(row))
        if not grouped:
            return Listing(objects, prefixes, None)


def _last_of(connection: sqlite3.Connection, bucket: str, group: str) -> str:
    bounds = (bucket, group, group.encode() + b"\xff")
    key: str = connection.execute(_LAST, bounds).fetchone()[0]
    return key


def _cursor_of(key: str) -> str:
    return base64.b64encode(key.encode()).decode("ascii")


def key_of(cursor: str) -> str:
    """The key that a cursor stands for; any text stands for one, what is no base64 left out."""
    digits = _NO_DIGIT.sub("", cursor.partition("=")[0].translate(_URL_SAFE))
    whole = digits[:-1] if len(digits) % 4 == 1 else digits
    return base64.b64decode(whole + -len(whole) % 4 * "=").decode("utf-8", "replace")
