"""`json.dumps` of `jsnull`, which newer versions of Pyodide write as null."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flarelocal.javascript.values import null
from flarelocal.pyodide import profile

__all__ = ["null_in_json"]


@contextmanager
def null_in_json() -> Iterator[None]:
    """Have `json` write `jsnull` as null by the rules that say so."""
    usual = json.JSONEncoder.default

    def default(encoder: json.JSONEncoder, o: Any) -> Any:
        return None if o is null and profile.current().null_in_json else usual(encoder, o)

    json.JSONEncoder.default = default  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        json.JSONEncoder.default = usual  # type: ignore[method-assign]
