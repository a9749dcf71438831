"""navigator."""

from __future__ import annotations

from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.promise import run
from flarelocal.javascript.values import Value

__all__ = ["Navigator"]


class Navigator(HostObject):
    """`navigator`."""

    __slots__ = ()

    @getter
    def user_agent(self) -> str:
        return "Cloudflare-Workers"

    @getter
    def hardware_concurrency(self) -> int:
        return 1

    @getter
    def platform(self) -> str:
        return "linux"

    @getter
    def language(self) -> str:
        return "en"

    @getter
    def languages(self) -> list[Value]:
        return ["en"]

    @method
    def send_beacon(self, url: str, body: Value = None) -> bool:
        from flarelocal.javascript.web.fetch import fetch

        run(fetch(url, {"method": "POST", "body": body}))
        return True
