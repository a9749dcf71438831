"""`ctx.exports`: a Worker's way to itself."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.conftest import StartSeveral

_CODE = """
from pyodide.ffi import to_js
import js

def js_object(**values):
    return to_js(values, dict_converter=js.Object.fromEntries)

class Greeter(WorkerEntrypoint):
    async def greet(self, name):
        return f"{getattr(self.ctx.props, 'greeting', 'hello')} {name}"
    async def fetch(self, request):
        return Response(f"greeter at {request.url}")

class Counter(DurableObject):
    async def add(self):
        value = (await self.ctx.storage.get("n") or 0) + 1
        await self.ctx.storage.put("n", value)
        return value
    async def names(self):
        return sorted(js.Object.keys(self.ctx.exports).to_py())

class Part(DurableObject):
    async def who(self):
        return f"part of {self.ctx.props.name}"

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        if request.url.endswith("/inner"):
            return Response("inner")
        exports = self.ctx.exports
        BODY
        return Response(str(result))
"""
_CONFIG: dict[str, Any] = {"migrations": [{"tag": "v1", "new_sqlite_classes": ["Counter"]}]}


async def result_of(start: StartSeveral, body: str, **config: Any) -> str:
    source = _CODE.replace("BODY", body.strip().replace("\n", "\n        "))
    found: str = await (await start(worker=(source, {**_CONFIG, **config}))).get()
    return found


async def test_all_entrypoints_and_classes_are_there(start: StartSeveral) -> None:
    body = "result = sorted(js.Object.keys(exports).to_py())"
    assert await result_of(start, body) == "['Counter', 'Greeter', 'Part', 'default']"


async def test_an_entrypoint_can_be_called(start: StartSeveral) -> None:
    assert await result_of(start, "result = await exports.Greeter.greet('you')") == "hello you"


async def test_a_call_of_an_entrypoint_gives_it_props(start: StartSeveral) -> None:
    body = """
greeter = exports.Greeter(props=js_object(greeting="good morning"))
result = await greeter.greet("you")
"""
    assert await result_of(start, body) == "good morning you"


async def test_the_default_entrypoint_can_be_fetched(start: StartSeveral) -> None:
    body = "result = await (await exports.default.fetch('http://any/inner')).text()"
    assert await result_of(start, body) == "inner"


async def test_a_class_that_a_migration_declares_is_a_namespace(start: StartSeveral) -> None:
    body = """
stub = exports.Counter.getByName("a")
result = [await stub.add(), await stub.add()]
"""
    assert await result_of(start, body) == "[1, 2]"


async def test_objects_see_it_too(start: StartSeveral) -> None:
    body = "result = (await exports.Counter.getByName('a').names()).to_py()"
    assert await result_of(start, body) == "['Counter', 'Greeter', 'Part', 'default']"


async def test_it_is_in_the_module_as_well(start: StartSeveral) -> None:
    body = """
from workers import import_from_javascript
module = import_from_javascript("cloudflare:workers")
result = await module.exports.Greeter.greet("you")
"""
    assert await result_of(start, body) == "hello you"


async def test_an_entrypoint_without_props_stays_here(start: StartSeveral) -> None:
    body = """
try:
    await exports.Greeter.greet(exports.Greeter)
except Exception as error:
    result = f"{error.name}: {error.message}"
"""
    assert await result_of(start, body) == (
        'DataCloneError: Could not serialize object of type "LoopbackServiceStub". '
        "This type does not support serialization."
    )


async def test_the_call_takes_options(start: StartSeveral) -> None:
    body = """
try:
    exports.Greeter()
except Exception as error:
    result = error.name
"""
    assert await result_of(start, body) == "TypeError"


@pytest.mark.parametrize(
    ("config", "there"),
    [
        ({"compatibility_date": "2025-11-16"}, "False"),
        ({"compatibility_date": "2025-11-17"}, "True"),
        ({"compatibility_flags": ["python_workers", "disable_ctx_exports"]}, "False"),
    ],
)
async def test_it_depends_on_the_compatibility_date(
    start: StartSeveral, config: dict[str, Any], there: str
) -> None:
    assert await result_of(start, "result = exports is not None", **config) == there
