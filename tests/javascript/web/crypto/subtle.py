"""crypto.subtle as tests use it: as a program does, but at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from flarelocal.javascript.binary import Uint8Array
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.host import camel_case
from flarelocal.javascript.json import stringify
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.crypto.key import CryptoKey
from flarelocal.javascript.web.crypto.subtle import SubtleCrypto

__all__ = ["SUBTLE", "array", "exported", "imported", "members", "refused"]


class _Subtle:
    """The methods, with the arguments converted."""

    def __init__(self) -> None:
        self._host = SubtleCrypto()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return partial(SubtleCrypto.members[camel_case(name)].function, self._host)


SUBTLE = _Subtle()


def array(data: bytes) -> Value:
    """A Uint8Array."""
    return Uint8Array.of_bytes(data)


def imported(
    format: str, data: Value, algorithm: Value, *usages: str, extractable: bool = True
) -> CryptoKey:
    """The key of `importKey`."""
    given = array(data) if isinstance(data, bytes) else data
    key: CryptoKey = SUBTLE.import_key(format, given, algorithm, extractable, [*usages])
    return key


def exported(format: str, key: CryptoKey) -> Any:
    """What `exportKey` gives: bytes, or the members that a JSON Web Key has."""
    value = SUBTLE.export_key(format, key)
    return members(value) if isinstance(value, dict) else bytes(value.data)


def members(value: Value) -> Any:
    """An object without what is undefined."""
    return json.loads(stringify(value) or "")


class refused:
    """Expects an error with this name and, in it, this message."""

    def __init__(self, name: str, message: str) -> None:
        self._name = name
        self._message = message
        self._raises = pytest.raises(JsError)

    def __enter__(self) -> None:
        self._error = self._raises.__enter__()

    def __exit__(self, *details: Any) -> bool:
        expected = self._raises.__exit__(*details)
        if expected:
            assert self._error.value.name == self._name
            assert self._message in self._error.value.message
        return bool(expected)
