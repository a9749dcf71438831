"""Facets of a Python object."""

from __future__ import annotations

import json

from tests.triggers.conftest import Start

_WORKER = """
import json
import js
from pyodide.ffi import create_proxy, to_js

def options(**given):
    return to_js(given, dict_converter=js.Object.fromEntries)

class Part(DurableObject):
    async def count(self):
        count = (await self.ctx.storage.get("count") or 0) + 1
        await self.ctx.storage.put("count", count)
        return count

    async def about(self):
        return [str(self.ctx.id), getattr(self.ctx.props, "size", None)]

class Whole(DurableObject):
    def part(self, name, props=None, **more):
        part = self.ctx.exports.Part if props is None else self.ctx.exports.Part(props=props)
        return self.ctx.facets.get(name, create_proxy(lambda: options(**{"class": part}, **more)))

    async def counts(self):
        return [await self.part(name).count() for name in ("a", "b", "a")]

    async def abouts(self):
        sized = self.part("sized", options(size=7), id="any id")
        return [list(await self.part("plain").about()), list(await sized.about())]

    async def ends(self):
        facets, found = self.ctx.facets, [await self.part("a").count()]
        part = self.part("a")
        await part.about()
        facets.abort("a", js.Error.new("for a test"))
        try:
            await part.count()
        except Exception as error:
            found.append(str(error))
        found.append(await self.part("a").count())
        facets.clone("a", "copy")
        facets.delete("a")
        return [*found, await self.part("a").count(), await self.part("copy").count()]

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        whole = self.env.WHOLE.getByName("one")
        found = await getattr(whole, request.url.rpartition("/")[2])()
        return Response(json.dumps([whole.id.toString(), list(found)]))
"""
_CONFIG = {
    "durable_objects": {"bindings": [{"name": "WHOLE", "class_name": "Whole"}]},
    "migrations": [{"tag": "v1", "new_sqlite_classes": ["Whole"]}],
}


async def test_each_facet_counts_for_itself(start: Start) -> None:
    emulated = await start(_WORKER, **_CONFIG)
    assert json.loads(await emulated.get("/counts"))[1] == [1, 1, 2]
    assert json.loads(await emulated.get("/counts"))[1] == [3, 2, 4]


async def test_a_facet_has_an_id_and_props(start: Start) -> None:
    emulated = await start(_WORKER, **_CONFIG)
    id, abouts = json.loads(await emulated.get("/abouts"))
    assert abouts == [[id, None], ["any id", 7]]


async def test_facets_are_aborted_cloned_and_deleted(start: Start) -> None:
    emulated = await start(_WORKER, **_CONFIG)
    assert json.loads(await emulated.get("/ends"))[1] == [1, "Error: for a test", 2, 1, 3]
