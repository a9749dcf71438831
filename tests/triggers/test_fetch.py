"""Requests."""

from __future__ import annotations

import asyncio

import pytest

from flarelocal.javascript.errors import JsError
from flarelocal.javascript.web.request import Request
from flarelocal.worker.events import InvocationFinished
from tests.triggers.conftest import Start


async def test_a_request_is_recorded_with_its_path_and_status(start: Start) -> None:
    emulated = await start(
        """
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                return Response("made", status=201)
        """
    )
    assert await emulated.get("/things?a=1#b") == "made"
    [finished] = emulated.events(InvocationFinished)
    assert (finished.trigger, finished.subject) == ("fetch", "GET /things")
    assert (finished.outcome, finished.detail) == ("ok", "201")


async def test_what_is_no_response_is_refused(start: Start) -> None:
    emulated = await start(
        """
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                return "text"
        """
    )
    with pytest.raises(JsError, match="the Promise did not resolve to 'Response'"):
        await emulated.get()


async def test_a_response_that_was_read_is_refused(start: Start) -> None:
    emulated = await start(
        """
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                response = Response("x")
                await response.text()
                return response
        """
    )
    with pytest.raises(JsError, match="Body has already been used"):
        await emulated.get()


async def test_an_exception_is_that_of_the_worker(start: Start) -> None:
    emulated = await start(
        """
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                raise ValueError("the reason")
        """
    )
    with pytest.raises(ValueError, match="the reason"):
        await emulated.get()
    [finished] = emulated.events(InvocationFinished)
    assert finished.outcome == "exception"
    assert finished.error is not None
    assert 'raise ValueError("the reason")' in finished.error


async def test_a_body_that_streams_keeps_the_event_open(start: Start) -> None:
    emulated = await start(
        """
        import asyncio, js
        from pyodide.ffi import to_js
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                stream = js.TransformStream.new()
                writer = stream.writable.getWriter()
                async def write():
                    for text in (b"a", b"b"):
                        await asyncio.sleep(1)
                        await writer.write(to_js(text))
                    await writer.close()
                self.task = asyncio.create_task(write())
                return Response(stream.readable)
        """
    )
    reading = asyncio.ensure_future(emulated.get())
    await emulated.clock.advance(2000)
    assert await reading == "ab"


async def test_a_client_that_leaves_ends_the_handler(start: Start) -> None:
    emulated = await start(
        """
        import asyncio
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                try:
                    await asyncio.sleep(60)
                finally:
                    print("ended")
        """
    )
    request = Request.incoming("GET", "http://example.com/", [], None)
    asking = asyncio.ensure_future(emulated.emulator.fetch(request))
    await emulated.clock.idle()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert emulated.events(InvocationFinished)[-1].outcome == "canceled"
