"""`json.dumps` of `jsnull`, which Pyodide writes as null."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flarelocal.javascript.values import null

__all__ = ["null_in_json"]


@contextmanager
def null_in_json() -> Iterator[None]:
    """Have `json` write `jsnull` as null."""
    usual = json.JSONEncoder.default

    def default(encoder: json.JSONEncoder, o: Any) -> Any:
        return None if o is null else usual(encoder, o)

    json.JSONEncoder.default = default  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        json.JSONEncoder.default = usual  # type: ignore[method-assign]
