"""`jsnull` in JSON."""

from __future__ import annotations

import json

import pytest

from flarelocal.javascript.values import null
from flarelocal.pyodide.json_null import null_in_json


def test_jsnull_is_written_as_null() -> None:
    with null_in_json():
        assert json.dumps({"a": [null]}) == '{"a": [null]}'


def test_it_is_refused_afterwards() -> None:
    with null_in_json():
        pass
    with pytest.raises(TypeError, match="not JSON serializable"):
        json.dumps(null)
