"""process, as far as the runtime's Node compatibility offers it to everybody."""

from __future__ import annotations

from flarelocal.javascript.host import HostObject, getter
from flarelocal.javascript.values import Value

__all__ = ["Process"]


class Process(HostObject, js_name="process"):
    """`process`."""

    __slots__ = ("_env",)

    def __init__(self) -> None:
        self._env: dict[str, Value] = {}

    @getter
    def versions(self) -> Value:
        return {"node": "22.23.4"}

    @getter
    def version(self) -> str:
        return "v22.23.4"

    @getter
    def platform(self) -> str:
        return "linux"

    @getter
    def env(self) -> Value:
        return self._env
