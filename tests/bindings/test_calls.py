"""Calls between Workers: what happens to functions, requests, responses and streams."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.emulated import Emulated, write_project

SELF = [{"binding": "SELF", "service": "worker"}]

SOURCE = """
    import js
    from pyodide.ffi import create_proxy

    KEPT = []

    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            try:
                return Response.json(await self.start(self.env.SELF))
            except Exception as error:
                return Response(str(error))
        async def keep(self, function):
            KEPT.append(function)
            return await function(1)
        async def duplicate(self, function):
            KEPT.append(function.dup())
        async def use(self):
            return await KEPT.pop()(2)
        async def same(self, value):
            return value
        async def adder(self):
            return create_proxy(lambda number: number + 1)
        async def look(self, message):
            raw = message.js_object
            return [raw.url, dict(message.headers), await message.text()]
        async def stream(self, *chunks):
            async def pull(controller):
                chunk = pending.pop(0) if pending else None
                if chunk == "fail":
                    controller.error(js.RangeError.new("the reason"))
                elif chunk is None:
                    controller.close()
                else:
                    controller.enqueue(chunk)
            pending = list(chunks)
            return js.ReadableStream.new(pull=create_proxy(pull))
        async def drain(self, stream):
            return await js.Response.new(stream).text()
"""


async def _start(tmp_path: Path, body: str) -> str:
    source = f"{SOURCE}\n        async def start(self, other):\n            {body}\n"
    worker = Emulated(write_project(tmp_path, source, services=SELF))
    async with worker.emulator:
        return await worker.get("/")


async def test_a_function_is_gone_when_the_call_is_over(tmp_path: Path) -> None:
    shown = await _start(
        tmp_path,
        """print(await other.keep(create_proxy(lambda number: number)))
            return await other.use()""",
    )
    assert "RPC stub used after being disposed." in shown


async def test_a_duplicate_of_a_function_stays(tmp_path: Path) -> None:
    shown = await _start(
        tmp_path,
        """await other.duplicate(create_proxy(lambda number: number))
            return await other.use()""",
    )
    assert shown == "2"


async def test_a_function_that_comes_back_stays(tmp_path: Path) -> None:
    shown = await _start(
        tmp_path,
        """adder = await other.adder()
            returned = await other.same(adder)
            return [await returned(1), await adder(2)]""",
    )
    assert shown == "[2, 3]"


async def test_a_response_moves(tmp_path: Path) -> None:
    shown = await _start(
        tmp_path,
        """response = js.Response.new("text", headers=js.Object.new())
            seen = await other.look(response)
            return [seen, response.bodyUsed]""",
    )
    assert shown == '[["", {"content-type": "text/plain;charset=UTF-8"}, "text"], true]'


async def test_a_response_has_headers_of_its_own_on_each_side(tmp_path: Path) -> None:
    shown = await _start(
        tmp_path,
        """response = js.Response.new("text")
            returned = await other.same(response)
            returned.js_object.headers.set("a", "b")
            return [response.headers.has("a"), await returned.text()]""",
    )
    assert shown == '[false, "text"]'


async def test_a_request_keeps_its_url(tmp_path: Path) -> None:
    shown = await _start(
        tmp_path, 'return await other.look(js.Request.new("http://me@x.com/path#part"))'
    )
    assert shown == '["http://me@x.com/path#part", {}, ""]'


@pytest.mark.parametrize(
    ("made", "refusal"),
    [
        ('js.Response.new("x"); await value.text()', "has been locked to a reader"),
        ('js.Response.new("x").body; value.getReader()', "has been locked to a reader"),
        ('js.Response.new("x").body; await value.cancel()', "This ReadableStream is disturbed."),
        (
            'js.Request.new("http://x", signal=js.AbortSignal.timeout(9))',
            "AbortSignal serialization is not enabled.",
        ),
        ("other._binding.same", 'Could not serialize object of type "RpcProperty".'),
    ],
)
async def test_what_cannot_be_sent(tmp_path: Path, made: str, refusal: str) -> None:
    shown = await _start(tmp_path, f"value = {made}; return await other._binding.same(value)")
    assert refusal in shown


async def test_a_stream_is_locked_when_it_was_sent(tmp_path: Path) -> None:
    shown = await _start(
        tmp_path,
        """stream = js.Response.new("text").body
            return [await other.drain(stream), stream.locked]""",
    )
    assert shown == '["text", true]'


async def test_texts_of_a_stream_arrive_as_bytes(tmp_path: Path) -> None:
    shown = await _start(tmp_path, 'return await other.drain(await other.stream("a", "é"))')
    assert shown == '"a\\u00e9"'


async def test_a_stream_that_fails_breaks_off(tmp_path: Path) -> None:
    shown = await _start(tmp_path, 'return await other.drain(await other.stream("a", "fail"))')
    assert "ReadableStream received over RPC disconnected prematurely." in shown
