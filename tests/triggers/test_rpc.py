"""Calls of entrypoints."""

from __future__ import annotations

from typing import Any

from tests.triggers.conftest import Start

_SERVICES: dict[str, Any] = {
    "services": [
        {"binding": "SELF", "service": "worker"},
        {"binding": "API", "service": "worker", "entrypoint": "Api", "props": {"a": 1}},
    ]
}

_API = """
class Api(WorkerEntrypoint):
    async def echo(self, value):
        return value
    async def props(self):
        return self.ctx.props.a
    async def count(self):
        self.calls = getattr(self, "calls", 0) + 1
        return self.calls
    async def fail(self):
        raise ValueError("the reason")

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        {body}
        return Response(repr(result))
"""


async def result_of(start: Start, body: str) -> str:
    emulated = await start(_API.format(body=body), **_SERVICES)
    answer: str = await emulated.get()
    return answer


async def test_arguments_and_results_are_copies(start: Start) -> None:
    body = "d = {'a': [1]}; result = (await self.env.API.echo(d)) is d, await self.env.API.echo(d)"
    assert await result_of(start, body) == "(False, {'a': [1]})"


async def test_each_call_has_an_instance_of_its_own(start: Start) -> None:
    body = "result = [await self.env.API.count(), await self.env.API.count()]"
    assert await result_of(start, body) == "[1, 1]"


async def test_an_entrypoint_sees_the_props_of_the_binding(start: Start) -> None:
    assert await result_of(start, "result = await self.env.API.props()") == "1"


async def test_an_exception_arrives_as_an_error_of_javascript(start: Start) -> None:
    body = """
        try:
            await self.env.API.fail()
        except Exception as error:
            result = [type(error).__name__, error.name, error.message.rstrip().split("\\n")[-1]]
    """.strip()
    assert await result_of(start, body) == (
        "['JsException', 'PythonError', 'ValueError: the reason']"
    )


async def test_a_service_can_be_fetched(start: Start) -> None:
    emulated = await start(
        """
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                if request.url.endswith("/inner"):
                    return Response("inner")
                return await self.env.SELF.fetch("http://any.host/inner")
        """,
        services=[{"binding": "SELF", "service": "worker"}],
    )
    assert await emulated.get("/outer") == "inner"
