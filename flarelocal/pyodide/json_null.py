"""`json.dumps` of `jsnull`, which newer versions of Pyodide write as null."""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import Any

from flarelocal.javascript.values import null
from flarelocal.pyodide import profile

__all__ = ["null_in_json"]


def null_in_json() -> ExitStack:
    """Have `json` write `jsnull` as null by the rules that say so; closing ends that."""
    usual = json.JSONEncoder.default

    def default(encoder: json.JSONEncoder, o: Any) -> Any:
        return None if o is null and profile.current().null_in_json else usual(encoder, o)

    json.JSONEncoder.default = default  # type: ignore[assignment, method-assign]
    undo = ExitStack()
    undo.callback(setattr, json.JSONEncoder, "default", usual)
    return undo
