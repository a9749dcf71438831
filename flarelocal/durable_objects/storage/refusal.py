"""Errors of SQLite in the words of the runtime."""

from __future__ import annotations

import apsw

__all__ = ["explain"]


def explain(error: apsw.Error) -> str:
    """The message with its offset and codes (workerd: util/sqlite.c++, dbErrorMessage)."""
    result: int = getattr(error, "result", apsw.SQLITE_ERROR)
    extended: int = getattr(error, "extendedresult", result)
    offset: int = getattr(error, "error_offset", -1)
    message = str(error)
    if offset != -1:
        message += f" at offset {offset}"
    message += f": {apsw.mapping_result_codes[result]}"
    if extended != result and extended in apsw.mapping_extended_result_codes:
        message += f" (extended: {apsw.mapping_extended_result_codes[extended]})"
    return message
