from __future__ import annotations

import pytest

from flarelocal.javascript.errors import JsError
from flarelocal.javascript.function import constructor_of_class
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.response import Response
from flarelocal.javascript.web.websocket_pair import WebSocketPair


def test_defaults() -> None:
    response = Response()
    assert (response.status, response.status_text, response.ok) == (200, "", True)
    assert (response.type, response.url, response.redirected) == ("default", "", False)
    assert response.cf is None
    assert response.web_socket is null


def test_init_of_an_object() -> None:
    response = Response("x", {"status": 404, "statusText": "None", "headers": [["a", "1"]]})
    assert (response.status, response.status_text, response.ok) == (404, "None", False)
    assert response.headers.raw() == [("a", "1"), ("content-type", "text/plain;charset=UTF-8")]


def test_init_of_a_response() -> None:
    response = Response("y", Response("x", {"status": 201, "headers": {"a": "1"}}))
    assert response.status == 201
    assert response.headers.get("a") == "1"


def test_a_given_content_type_stays() -> None:
    response = Response("x", {"headers": {"Content-Type": "a/b"}})
    assert response.headers.get("content-type") == "a/b"


@pytest.mark.parametrize(
    ("status", "outcome"), [("201", 201), (200.7, 200), (None, 200), (599, 599)]
)
def test_statuses_are_turned_into_integers(status: Value, outcome: int) -> None:
    assert Response(None, {"status": status}).status == outcome


@pytest.mark.parametrize("status", [0, 101, 199, 600, -1, float("nan"), "x"])
def test_other_statuses_are_refused(status: Value) -> None:
    with pytest.raises(JsError, match="in the range 200 to 599, inclusive") as refused:
        Response(None, {"status": status})
    assert refused.value.name == "RangeError"


@pytest.mark.parametrize("status", [204, 205, 304])
def test_some_statuses_have_no_body(status: int) -> None:
    with pytest.raises(JsError, match="null body status"):
        Response("x", {"status": status})
    assert Response("", {"status": status}).body is null


def test_a_web_socket_needs_101() -> None:
    socket = WebSocketPair().ends[0]
    assert Response(None, {"status": 101, "webSocket": socket}).web_socket is socket
    with pytest.raises(JsError, match="must have status code 101"):
        Response(None, {"webSocket": socket})


def test_json() -> None:
    response = Response.json_({"a": [1, null]}, {"status": 201, "headers": {"b": "1"}})
    assert response.body_bytes() == b'{"a":[1,null]}'
    assert response.status == 201
    assert response.headers.raw() == [("b", "1"), ("content-type", "application/json")]


def test_json_keeps_a_content_type() -> None:
    response = Response.json_(5, {"headers": {"content-type": "a/b"}})
    assert response.headers.get("content-type") == "a/b"


def test_redirect() -> None:
    response = Response.redirect("http://a/é", 307)
    assert response.status == 307
    assert response.headers.get("location") == "http://a/%C3%A9"
    with pytest.raises(JsError, match="immutable"):
        response.headers.set("a", "1")


def test_the_url_is_the_last_one_without_its_fragment() -> None:
    response = Response.received(200, [], b"", urls=("http://a/", "http://b/#x"))
    assert response.url == "http://b/"
    assert response.redirected


def test_the_runtime_makes_responses_with_converted_arguments() -> None:
    redirect = constructor_of_class(Response).statics["redirect"].function
    with pytest.raises(JsError, match="0 is not a redirect status code"):
        redirect("http://a/", "x")
    with pytest.raises(JsError, match="parameter 1 is not of type 'string'"):
        redirect()
