"""`env.OBJECTS` and the ids that it makes."""

from __future__ import annotations

import pytest

from flarelocal.javascript import json
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.values import Value
from tests.bindings.durable_objects.stage import Stage, call, read, refusal


@pytest.fixture
def namespace(stage: Stage) -> HostObject:
    return stage.program.scope.env["OBJECTS"]  # type: ignore[no-any-return]


def test_only_a_named_id_has_a_name_to_show(namespace: HostObject) -> None:
    assert json.stringify(call(namespace, "idFromName", "a")) == '{"name":"a"}'
    assert json.stringify(call(namespace, "newUniqueId")) == "{}"


def test_an_id_is_compared_with_ids_only(namespace: HostObject) -> None:
    one = call(namespace, "idFromName", "a")
    assert call(one, "equals", call(namespace, "idFromString", call(one, "toString")))
    with pytest.raises(JsError, match="parameter 1 is not of type 'DurableObjectId'"):
        call(one, "equals", "a")


def test_a_name_has_to_be_given(namespace: HostObject) -> None:
    with pytest.raises(JsError, match="'getByName' on 'DurableObjectNamespace': parameter 1"):
        call(namespace, "getByName")


def test_an_id_of_another_namespace_is_refused(stage: Stage, namespace: HostObject) -> None:
    other = call(stage.program.scope.env["OLD"], "idFromName", "a")
    with pytest.raises(JsError, match="not valid for this namespace"):
        call(namespace, "get", other)


async def test_fetch_needs_a_request(stage: Stage) -> None:
    error = await refusal(lambda: call(stage.stub(), "fetch"))
    assert error.message == (
        "Failed to execute 'fetch' on 'Fetcher': parameter 1 is not of type 'Request or string'."
    )


async def test_the_error_of_a_fetch_is_remote(stage: Stage) -> None:
    error = await refusal(lambda: call(stage.stub(), "fetch", "http://x/"))
    assert error.properties == {"remote": True}


async def test_every_name_of_a_stub_is_a_method_but_then(stage: Stage) -> None:
    stub: Value = stage.stub()
    assert callable(read(stub, "anything"))
    assert read(stub, "then") is None
