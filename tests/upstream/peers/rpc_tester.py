"""What `python-rpc` has in JavaScript: an entrypoint to call, and calls of those of the Worker."""

from js import Map, Object, Request, Response
from pyodide.ffi import to_js
from workers import WorkerEntrypoint

__all__ = ["JsRpcTester", "Tester"]


class JsRpcTester(WorkerEntrypoint):
    async def noArgs(self):
        return "hello from js"

    async def oneArg(self, value):
        return f"{value}"

    async def identity(self, value):
        return value

    async def handleResponse(self, response):
        assert response.js_object.constructor.name == "Response"
        return response

    async def handleRequest(self, request):
        assert request.js_object.constructor.name == "Request"
        return request

    async def newCounter(self):
        value = 0

        def count(amount=0):
            nonlocal value
            value += amount
            return value

        return count

    async def useCounter(self, counter):
        return await counter(10)


class Tester(WorkerEntrypoint):
    async def test(self):
        # Past the SDK, as JavaScript sees it.
        rpc = self.env._env.PythonRpc
        for value in (1, "test", 42, 1.2345, False, True):
            assert await rpc.identity(value) == value
        assert (await rpc.identity(to_js([1, 2, 3]))).to_py() == [1, 2, 3]
        mapped = await rpc.identity(Map.new(to_js([["key", 42]])))
        assert mapped.constructor.name == "Object"
        assert mapped.key == 42

        has_null = await rpc.supports_jsnull()
        for nothing in (None, _null()):
            assert _is_nothing(await rpc.identity(nothing), has_null)
        given = to_js(
            {"a": 1, "b": _null(), "c": {"d": _null()}}, dict_converter=Object.fromEntries
        )
        nested = await rpc.identity(given)
        assert nested.a == 1
        assert _is_nothing(nested.b, has_null)
        assert _is_nothing(nested.c.d, has_null)

        response = await rpc.handle_response(Response.new("this is a response"))
        assert await response.text() == "this is a response"
        assert response.constructor.name == "Response"
        options = to_js({"method": "POST"}, dict_converter=Object.fromEntries)
        request = await rpc.handle_request(Request.new("https://test.com", options))
        assert request.method == "POST"
        assert request.constructor.name == "Request"

        counter = await rpc.new_counter()
        assert [await counter(amount) for amount in (2, 1, -5)] == [2, 3, -2]
        assert await rpc.use_counter(await rpc.new_counter()) == 10


def _null():
    try:
        from pyodide.ffi import jsnull
    except ImportError:
        return None
    return jsnull


def _is_nothing(value, has_null):
    return value is (_null() if has_null else None)
