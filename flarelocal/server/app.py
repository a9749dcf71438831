"""The ASGI application: the Worker's traffic on raw ASGI, because it is the hot path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flarelocal.emulator import Emulator
from flarelocal.pyodide.traceback import format_error
from flarelocal.server.answer import Answer, Download
from flarelocal.server.exchange import BodyError, ClientLeft, Exchange, Message, Receive, Send
from flarelocal.server.failure import failure
from flarelocal.server.guard import refusal
from flarelocal.server.rest.paths import PREFIX, STORES
from flarelocal.server.scheduled import (
    HANDLER_PREFIX,
    LOCAL_PATHS,
    MIDDLEWARE_PATH,
    run_middleware,
    run_scheduled,
    unknown_handler,
)
from flarelocal.worker.events import BodyFailed

if TYPE_CHECKING:
    from flarelocal.javascript.web.abort import ClientSignal
    from flarelocal.javascript.web.response import Response
    from flarelocal.server.rest.api import RestApi

__all__ = ["App"]

_EMAIL_PATHS = frozenset({"/cdn-cgi/local/email", "/cdn-cgi/handler/email"})
_QUEUE_PATH = "/cdn-cgi/local/queue/"
_RESTARTED = (
    "Your worker restarted mid-request. Please try sending the request again. "
    "Only GET or HEAD requests are retried automatically."
)
_CACHE_PATH = "/cdn-cgi/local/cache"
_CLOCK_PATH = "/cdn-cgi/local/clock"
_OBJECTS_PATH = "/cdn-cgi/local/objects"


class _RestartedError(Exception):
    """The Worker was loaded anew while it handled a request that may not be repeated."""


class App:
    """Serves an emulator.

    Args:
        listening: the address that the server listens on, which the guard accepts as host.
    """

    def __init__(self, emulator: Emulator, listening: str) -> None:
        self._emulator = emulator
        self._listening = listening

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._http(Exchange(scope, receive, send))

    async def _http(self, exchange: Exchange) -> None:
        path = exchange.path
        own = path.startswith("/cdn-cgi/") or path == MIDDLEWARE_PATH
        if own or PREFIX.match(path) or STORES.match(path):
            answer = await self._local(exchange, path)
            if answer is not None:
                await exchange.answer(answer)
                return
        try:
            with exchange.attended():
                response = await self._fetch(exchange)
        except ClientLeft:
            return
        except _RestartedError:
            await exchange.answer(Answer.text(503, _RESTARTED, ("retry-after", "0")))
            return
        except Exception as error:
            await exchange.answer(failure(error, exchange))
            return
        try:
            await exchange.respond(response)
        except BodyError as error:
            cause = format_error(error.__cause__ or error)
            worker = self._emulator.recipient(exchange.request().url).name
            failed = BodyFailed(worker, f"{exchange.method} {path}", cause)
            self._emulator.journal.record(failed)

    async def _fetch(self, exchange: Exchange) -> Response:
        """The Worker's response; what fails because the code was changed meanwhile is repeated.

        Source: wrangler, `ProxyWorker.ts`.

        Raises:
            _RestartedError: the request is none to be repeated.
            Exception: what the handler raised.
        """
        reloads = self._emulator.reloads
        try:
            return await self._emulator.fetch(exchange.request(self._signal()))
        except Exception as error:
            if self._emulator.reloads == reloads:
                raise
            if exchange.method not in ("GET", "HEAD"):
                raise _RestartedError from error
        return await self._emulator.fetch(exchange.request(self._signal()))

    def _signal(self) -> ClientSignal | None:
        """What tells the Worker that a client went away, if it wants to know."""
        if not self._emulator.config.compatibility.enabled("enable_request_signal"):
            return None
        from flarelocal.javascript.web.abort import ClientSignal

        return ClientSignal()

    def _routes(self) -> list[str]:
        workers = self._emulator.workers.values()
        return [route.pattern for worker in workers for route in worker.config.routes]

    async def _local(self, exchange: Exchange, path: str) -> Answer | Download | None:
        """The answer to a request that is not the Worker's; None if it is."""
        refused = refusal(exchange.headers, self._listening, self._routes())
        if refused:
            return Answer.text(403, refused)
        try:
            if path in LOCAL_PATHS:
                return await run_scheduled(exchange.query, self._emulator)
            if path in _EMAIL_PATHS:
                return await self._email(exchange)
            if path.startswith(HANDLER_PREFIX):
                return unknown_handler(path)
            if path == MIDDLEWARE_PATH:
                return await run_middleware(exchange.query, self._emulator.scheduled)
            if path.startswith(_QUEUE_PATH):
                return await self._queue(exchange.method, path, await exchange.body())
            if path == _CLOCK_PATH or path.startswith(_CLOCK_PATH + "/"):
                return await self._clock(exchange.method, path, await exchange.body())
            if path == _CACHE_PATH:
                return await self._cache(exchange)
            if path == _OBJECTS_PATH or path.startswith(_OBJECTS_PATH + "/"):
                return await self._objects(exchange, path)
            if PREFIX.match(path):
                body = await exchange.body()
                return await self._rest().answer(exchange.method, path, exchange.query, body)
            if STORES.match(path):
                return await self._stores(exchange)
        except Exception as error:
            return failure(error, exchange)
        return None

    async def _queue(self, method: str, path: str, body: bytes) -> Answer:
        from flarelocal.server.queue import run_queue

        if method != "POST":
            return Answer.text(405, "Messages are handed over by POST.")
        return await run_queue(self._emulator, path.removeprefix(_QUEUE_PATH), body)

    async def _cache(self, exchange: Exchange) -> Answer:
        from flarelocal.server.cache import run_cache

        return await run_cache(self._emulator.engines.caches, exchange.method, exchange.query)

    async def _email(self, exchange: Exchange) -> Answer:
        from flarelocal.server.email import run_email

        return await run_email(self._emulator, exchange.query, await exchange.body())

    async def _clock(self, method: str, path: str, body: bytes) -> Answer:
        from flarelocal.server.clock import run_clock

        return await run_clock(self._emulator.timekeeper, method, path, body)

    async def _objects(self, exchange: Exchange, path: str) -> Answer:
        from flarelocal.server.objects.api import ObjectsApi

        api = ObjectsApi(self._emulator.namespaces, self._emulator.run_alarm)
        return await api.answer(exchange.method, path, exchange.query, await exchange.body())

    async def _stores(self, exchange: Exchange) -> Answer | Download:
        from flarelocal.server.rest.stores.access import Access
        from flarelocal.server.rest.stores.api import StoresApi

        configs = [each.config for each in self._emulator.workers.values()]
        api = StoresApi(Access(self._emulator.engines, configs))
        return await api.answer(
            exchange.method, exchange.raw_path, exchange.query, exchange.chunks()
        )

    def _rest(self) -> RestApi:
        from flarelocal.server.rest.account import Account
        from flarelocal.server.rest.api import RestApi

        return RestApi(Account.of(self._emulator))
