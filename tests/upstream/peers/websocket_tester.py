"""What `durable-object-websocket` tests in JavaScript."""

import asyncio

from pyodide.ffi import create_proxy
from workers import WorkerEntrypoint

__all__ = ["Tester"]


class Tester(WorkerEntrypoint):
    async def test(self):
        response = await self.env.PYTHON.fetch(
            "http://example.com/websocket", headers={"Upgrade": "websocket"}
        )
        socket = response.js_object.webSocket
        assert socket, "No websocket"
        socket.accept()
        received = asyncio.get_running_loop().create_future()
        listener = create_proxy(lambda event: received.set_result(event.data))
        socket.addEventListener("message", listener)
        socket.send("test")
        assert await received == "hello"
        socket.close()
