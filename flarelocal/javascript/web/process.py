"""process, as far as the runtime's Node compatibility offers it to everybody."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flarelocal.javascript.host import HostObject, getter
from flarelocal.javascript.json import stringify
from flarelocal.javascript.values import JsNull, Value

__all__ = ["Process"]


class Process(HostObject, js_name="process"):
    """`process`.

    Args:
        env: the bindings that `process.env` shows: texts as they are, other plain values as JSON
            (workerd, `internal_process.ts`).
    """

    __slots__ = ("_env",)

    def __init__(self, env: Mapping[str, Value] = MappingProxyType({})) -> None:
        self._env: Value = {
            name: value if isinstance(value, str) else stringify(value)
            for name, value in env.items()
            if _is_plain(value)
        }

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


def _is_plain(value: Value) -> bool:
    if type(value) is dict:
        return all(map(_is_plain, value.values()))
    if type(value) is list:
        return all(map(_is_plain, value))
    return type(value) in (str, bool, int, float, JsNull)
