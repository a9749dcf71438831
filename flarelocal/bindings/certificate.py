"""An mTLS certificate (Cloudflare docs, "mTLS" of Workers)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from flarelocal.bindings.fetcher import Fetcher
from flarelocal.bindings.rpc import PropertyPath, remote_error
from flarelocal.bindings.rpc.stub import RpcPromise
from flarelocal.javascript.errors import error
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.request import Request
from flarelocal.worker.code import ReceiverError

__all__ = ["certificate"]


def certificate(binding: str) -> Fetcher:
    """The binding: its `fetch` says that only Cloudflare has the certificate."""

    async def fetch(request: Request) -> NoReturn:
        raise error(
            f"env.{binding}.fetch() presents a client certificate that only Cloudflare has: "
            "call it only when deployed, or plug in a stand-in by [tool.flarelocal.bindings]"
        )

    return Fetcher(fetch, _NoMethods())


class _NoMethods:
    """The receiver of calls: a certificate can only be fetched with."""

    def start(
        self, path: PropertyPath, arguments: Sequence[Value] | None, reply: RpcPromise
    ) -> NoReturn:
        raise remote_error(ReceiverError.missing(path[0]))

    def result(self, value: Value) -> Value:
        return value

    def error(self, error: BaseException, *, called: bool) -> BaseException:
        return error
