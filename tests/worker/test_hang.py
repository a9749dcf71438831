"""Handlers that wait for what can never happen."""

from __future__ import annotations

import asyncio

import pytest

from flarelocal.javascript.errors import JsError
from tests.worker.conftest import Start

_HANDLER = """
import asyncio, js, threading
from workers import env

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        {body}
        return Response("woken")
"""


@pytest.mark.parametrize(
    "body",
    [
        "await asyncio.get_running_loop().create_future()",
        "await js.Promise.reject('no error')",
        "await asyncio.gather(asyncio.Event().wait(), asyncio.Event().wait())",
    ],
)
async def test_a_handler_that_nothing_can_wake_up_is_ended(start: Start, body: str) -> None:
    emulated = await start(_HANDLER.format(body=body))
    with pytest.raises(JsError, match="detected that your Worker's code had hung"):
        await emulated.get()


async def test_a_handler_that_waits_for_a_timer_is_left_alone(start: Start) -> None:
    emulated = await start(_HANDLER.format(body="await asyncio.sleep(60)"))
    asked = asyncio.ensure_future(emulated.get())
    await asyncio.sleep(0.3)
    await emulated.clock.advance(60_000)
    assert await asked == "woken"


async def test_a_handler_that_waits_for_a_thread_is_left_alone(start: Start) -> None:
    body = "await asyncio.to_thread(threading.Event().wait, 0.3)"
    emulated = await start(_HANDLER.format(body=body))
    assert await emulated.get() == "woken"


async def test_a_handler_that_waits_for_a_socket_is_left_alone(start: Start) -> None:
    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.3)
        writer.close()

    server = await asyncio.start_server(slow, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    body = f"r, w = await asyncio.open_connection('127.0.0.1', {port}); await r.read(); w.close()"
    emulated = await start(_HANDLER.format(body=body))
    assert await emulated.get() == "woken"
    server.close()


async def test_a_handler_that_others_can_wake_up_is_left_alone(start: Start) -> None:
    emulated = await start(
        """
        import asyncio
        event = asyncio.Event()
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                await event.wait()
                return Response("woken")
            async def queue(self, batch, env, ctx):
                event.set()
        """
    )
    asked = asyncio.ensure_future(emulated.get())
    await asyncio.sleep(0.3)
    await emulated.queue("wake up")
    assert await asked == "woken"
