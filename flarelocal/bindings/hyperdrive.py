"""Hyperdrive: the database of the local connection string (workerd, api/hyperdrive.c++)."""

from __future__ import annotations

from typing import NoReturn
from urllib.parse import SplitResult, unquote, urlsplit

from flarelocal.javascript.errors import error
from flarelocal.javascript.host import HostObject, getter, method

__all__ = ["Hyperdrive"]

_PORTS = {"mysql": 3306}
_POSTGRES_PORT = 5432


class Hyperdrive(HostObject, io=True):
    """Where the database is; Python's own drivers connect to it without a detour."""

    __slots__ = ("_string",)

    def __init__(self, connection_string: str) -> None:
        self._string = connection_string

    @property
    def _url(self) -> SplitResult:
        return urlsplit(self._string)

    @getter(own=True)
    def database(self) -> str:
        return unquote(self._url.path.removeprefix("/"))

    @getter(own=True)
    def user(self) -> str:
        return unquote(self._url.username or "")

    @getter(own=True)
    def password(self) -> str:
        return unquote(self._url.password or "")

    @getter(own=True)
    def host(self) -> str:
        return self._url.hostname or ""

    @getter(own=True)
    def port(self) -> int:
        return self._url.port or _PORTS.get(self._url.scheme, _POSTGRES_PORT)

    @getter(own=True)
    def connection_string(self) -> str:
        return self._string

    @method
    def connect(self) -> NoReturn:
        raise error(
            "flarelocal does not emulate connect() of Hyperdrive: "
            "use a driver with env's connectionString, which works when deployed, too"
        )
