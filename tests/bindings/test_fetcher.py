"""Service bindings: what the other side gets, redirects, further events."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.emulated import Emulated, write_project

SELF = [{"binding": "SELF", "service": "worker"}]

SOURCE = """
    import gzip
    import js
    from pyodide.ffi import create_proxy, to_js

    def js_object(value):
        return to_js(value, dict_converter=js.Object.fromEntries)

    def stream(text, failure):
        def pull(controller):
            if pending:
                controller.enqueue(pending.pop())
            else:
                controller.error(failure)
        pending = [text]
        return js.ReadableStream.new(pull=create_proxy(pull))

    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            path = request.url.partition(".com")[2]
            if path == "/start":
                return await self.start()
            if path == "/here":
                raw = request.js_object
                shown = [request.method, dict(request.headers), raw.redirect, raw.cf]
                return Response.json([*shown, await request.text()])
            if path == "/url":
                return Response(request.url)
            if path == "/cf":
                return Response(js.JSON.stringify(request.js_object.cf))
            if path == "/headers":
                return Response.json(dict(request.headers))
            if path == "/stream":
                return Response(stream("a", js.RangeError.new("the reason")))
            if path == "/text":
                return Response(await request.text())
            if path.startswith("/status/"):
                return Response(None, status=int(path[8:]))
            if path == "/packed":
                options = {"headers": {"content-encoding": "gzip"}, "encodeBody": "manual"}
                return js.Response.new(to_js(gzip.compress(b"plain")), js_object(options))
            if path == "/error":
                return js.Response.error()
            if path == "/away":
                return Response.redirect("http://example.com/here", 302)
            return Response.redirect("http://example.com/round", 307)
"""


async def _start(tmp_path: Path, body: str, **config: object) -> str:
    source = f"{SOURCE}\n        async def start(self):\n            {body}\n"
    worker = Emulated(write_project(tmp_path, source, services=SELF, **config))
    async with worker.emulator:
        return await worker.get("/start")


async def test_the_other_side_learns_the_length_of_a_body(tmp_path: Path) -> None:
    shown = await _start(
        tmp_path,
        'return await self.env.SELF.fetch("http://x.com/here", method="POST", body="four")',
    )
    assert '"content-length": "4"' in shown
    assert shown.endswith('"manual", null, "four"]')


async def test_the_length_of_a_stream_is_not_known(tmp_path: Path) -> None:
    shown = await _start(
        tmp_path,
        """import js
            pair = js.TransformStream.new()
            writer = pair.writable.getWriter()
            writer.write(js.TextEncoder.new().encode("four"))
            writer.close()
            return await self.env.SELF.fetch(
                "http://x.com/here", method="POST", body=pair.readable
            )""",
    )
    assert shown.startswith('["POST", {"transfer-encoding": "chunked"}')
    assert shown.endswith('"four"]')


async def test_redirects_are_followed_on_the_other_side(tmp_path: Path) -> None:
    shown = await _start(
        tmp_path,
        """answer = await self.env.SELF.fetch("http://example.com/away", method="POST", body="b")
            return Response.json([answer.url, answer.redirected, await answer.json()])""",
    )
    assert shown == (
        '["http://example.com/here", true, '
        '["GET", {"content-type": "text/plain;charset=UTF-8"}, "manual", null, ""]]'
    )


async def test_redirects_can_be_left_to_the_worker(tmp_path: Path) -> None:
    shown = await _start(
        tmp_path,
        """answer = await self.env.SELF.fetch("http://example.com/away", redirect="manual")
            return Response.json([answer.status, answer.headers["location"]])""",
    )
    assert shown == '[302, "http://example.com/here"]'


async def test_redirects_that_never_end_are_refused(tmp_path: Path) -> None:
    shown = await _start(
        tmp_path,
        """try:
                await self.env.SELF.fetch("http://example.com/round")
            except Exception as error:
                return Response(str(error))""",
    )
    assert shown == f"Too many redirects.{', '.join(['http://example.com/round'] * 21)}"


async def test_a_request_is_used_up_by_sending_it(tmp_path: Path) -> None:
    shown = await _start(
        tmp_path,
        """import js
            request = js.Request.new("http://example.com/here", method="POST", body="b")
            await self.env.SELF._binding.fetch(request)
            return Response.json(request.bodyUsed)""",
    )
    assert shown == "true"


EVENTS = """
    import js
    from pyodide.ffi import create_proxy

    def stream(text, failure):
        def pull(controller):
            if pending:
                controller.enqueue(pending.pop())
            else:
                controller.error(failure)
        pending = [text]
        return js.ReadableStream.new(pull=create_proxy(pull))

    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            if "scheduled" in request.url:
                cron = {"scheduledTime": 5, "cron": "* * * * *"}
                return Response.json(await self.env.SELF.scheduled(cron))
            message = {"id": "a", "timestamp": js.Date.new(7), "body": {"n": 1}, "attempts": 2}
            return Response.json(await self.env.SELF.queue("q", [message]))

        async def scheduled(self, controller, env, ctx):
            assert (controller.cron, controller.scheduledTime) == ("* * * * *", 5)
            controller.noRetry()

        async def queue(self, batch, env, ctx):
            [message] = batch.messages
            assert (batch.queue, message.body["n"], message.attempts) == ("q", 1, 2)
            assert message.timestamp.timestamp() == 0.007
            message.retry(delaySeconds=3)
"""


async def test_a_flag_lets_bindings_hand_on_further_events(tmp_path: Path) -> None:
    flags = ["python_workers", "service_binding_extra_handlers"]
    config = write_project(tmp_path, EVENTS, services=SELF, compatibility_flags=flags)
    worker = Emulated(config)
    async with worker.emulator:
        assert await worker.get("/scheduled") == '{"outcome": "ok", "noRetry": true}'
        assert await worker.get("/queue") == (
            '{"outcome": "ok", "ackAll": false, "retryBatch": {"retry": false},'
            ' "explicitAcks": [], "retryMessages": [{"msgId": "a", "delaySeconds": 3}]}'
        )


async def test_a_stream_cannot_be_sent_a_second_time(tmp_path: Path) -> None:
    shown = await _start(
        tmp_path,
        """import js
            body = js.Response.new("text").body
            try:
                await self.env.SELF.fetch("http://example.com/away", method="POST", body=body)
            except Exception as error:
                return Response(str(error))""",
    )
    assert shown.startswith("A request with a one-time-use body (it was initialized from a stream")


async def test_user_and_fragment_stay_at_home(tmp_path: Path) -> None:
    shown = await _start(
        tmp_path,
        """answer = await self.env.SELF.fetch("http://me:word@x.com/url#part")
            return Response.json([answer.url, await answer.text()])""",
    )
    assert shown == '["http://me:word@x.com/url", "http://x.com/url"]'


async def test_a_head_request_gets_no_body(tmp_path: Path) -> None:
    shown = await _start(
        tmp_path,
        """answer = await self.env.SELF.fetch("http://x.com/url", method="HEAD")
            return Response.json([answer.body is None, await answer.text()])""",
    )
    assert shown == '[true, ""]'


async def test_a_signal_aborts_a_request(tmp_path: Path) -> None:
    shown = await _start(
        tmp_path,
        """import js
            try:
                await self.env.SELF.fetch("http://x.com/url", signal=js.AbortSignal.abort())
            except Exception as error:
                return Response(type(error).__name__)""",
    )
    assert shown == "AbortError"


@pytest.mark.parametrize(
    ("status", "text"),
    [(201, "Created"), (413, "Payload Too Large"), (299, "Successful"), (599, "Server Error")],
)
async def test_a_status_gets_its_text_on_the_way(tmp_path: Path, status: int, text: str) -> None:
    shown = await _start(
        tmp_path,
        f"""answer = await self.env.SELF.fetch("http://x.com/status/{status}")
            return Response(answer.js_object.statusText)""",
    )
    assert shown == text


async def test_cf_goes_along_as_json(tmp_path: Path) -> None:
    shown = await _start(
        tmp_path,
        'return await self.env.SELF.fetch("http://x.com/cf", cf={"cacheTtl": 5, "a": ["b"]})',
    )
    assert shown == '{"cacheTtl":5,"a":["b"],"cacheControl":"max-age=5"}'


async def test_requests_that_must_not_be_cached_say_so(tmp_path: Path) -> None:
    shown = await _start(
        tmp_path, 'return await self.env.SELF.fetch("http://x.com/headers", cache="no-cache")'
    )
    assert shown == '{"cache-control": "no-cache", "pragma": "no-cache"}'


async def test_an_error_response_is_no_answer(tmp_path: Path) -> None:
    shown = await _start(
        tmp_path,
        """try:
                await self.env.SELF.fetch("http://x.com/error")
            except Exception as error:
                return Response(str(error))""",
    )
    assert shown.endswith(
        "Return value from serve handler must not be an error response (like Response.error())"
    )


async def test_a_body_that_fails_tells_why(tmp_path: Path) -> None:
    shown = await _start(
        tmp_path,
        """answer = await self.env.SELF.fetch("http://x.com/stream")
            reader = answer.body.getReader()
            first = await reader.read()
            try:
                await reader.read()
            except Exception as error:
                return Response(f"{first.value.to_bytes()} {error} {error.remote}")""",
    )
    assert shown == "b'a' RangeError: the reason True"


async def test_the_body_of_a_request_that_fails_ends(tmp_path: Path) -> None:
    shown = await _start(
        tmp_path,
        """body = stream("a", js.RangeError.new("the reason"))
            return await self.env.SELF.fetch("http://x.com/text", method="POST", body=body)""",
    )
    assert shown == "a"


async def test_a_body_that_was_packed_arrives_plain(tmp_path: Path) -> None:
    shown = await _start(
        tmp_path, 'return Response(await (await self.env.SELF.fetch("http://x.com/packed")).text())'
    )
    assert shown == "plain"
