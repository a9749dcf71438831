from __future__ import annotations

from collections.abc import Callable

import pytest

from flarelocal.javascript.collections import Map
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.function import constructor_of_class
from flarelocal.javascript.values import null
from flarelocal.javascript.web.headers import Headers

new_headers = constructor_of_class(Headers).construct


def test_names_are_compared_without_regard_to_case() -> None:
    headers = Headers([["Content-Type", "a/b"]])
    assert headers.get("content-TYPE") == "a/b"
    assert headers.raw() == [("content-type", "a/b")]


def test_values_of_one_name_are_joined() -> None:
    headers = Headers([["a", "1"], ["A", "2"]])
    assert headers.get("a") == "1, 2"
    assert list(headers.iterate()) == [["a", "1, 2"]]


def test_set_replaces_all_values_in_the_first_place() -> None:
    headers = Headers([["a", "1"], ["b", "2"], ["a", "3"]])
    headers.set("A", "4")
    assert headers.raw() == [("a", "4"), ("b", "2")]


def test_iteration_is_in_the_order_of_names() -> None:
    headers = Headers({"b": "1", "a": "2"})
    assert list(headers.keys()) == ["a", "b"]
    assert list(headers.values()) == ["2", "1"]


def test_each_cookie_stays_by_itself() -> None:
    headers = Headers([["set-cookie", "a=1"], ["Set-Cookie", "b=2"]])
    assert headers.get_set_cookie() == ["a=1", "b=2"]
    assert list(headers.iterate()) == [["set-cookie", "a=1"], ["set-cookie", "b=2"]]


def test_whitespace_around_values_goes_away() -> None:
    assert Headers({"a": " \t1 \r\n"}).get("a") == "1"


def test_a_map_or_other_headers_can_be_the_init() -> None:
    assert Headers(Map([["a", "1"]])).get("a") == "1"
    assert Headers(Headers({"a": "1"})).get("a") == "1"


def test_missing_header() -> None:
    assert Headers().get("a") is null
    assert not Headers().has("a")


@pytest.mark.parametrize("name", ["bad name", "a:b", "ä b"])
def test_invalid_names_are_refused(name: str) -> None:
    with pytest.raises(JsError, match=r"Invalid header name\."):
        Headers().set(name, "x")


@pytest.mark.parametrize("value", ["a\nb", "a\rb", "a\0b"])
def test_invalid_values_are_refused(value: str) -> None:
    with pytest.raises(JsError, match=r"Invalid header value\."):
        Headers({"a": value})


def test_headers_of_a_received_message_cannot_be_changed() -> None:
    headers = Headers.of([("a", "1")], immutable=True)
    changes: tuple[Callable[[], object], ...] = (
        lambda: headers.set("a", "2"),
        lambda: headers.append("a", "2"),
        lambda: headers.delete("a"),
    )
    for change in changes:
        with pytest.raises(JsError, match=r"Can't modify immutable headers\."):
            change()
    assert Headers(headers).append("a", "2") is None


def test_arguments_from_javascript_are_converted() -> None:
    headers = new_headers()
    headers.members["set"].function(headers, "a", 5)
    headers.members["append"].function(headers, "a", None)
    assert headers.get("a") == "5, undefined"


def test_missing_arguments_are_refused() -> None:
    headers = new_headers()
    with pytest.raises(JsError) as refused:
        headers.members["set"].function(headers, "a")
    assert refused.value.message == (
        "Failed to execute 'set' on 'Headers': parameter 2 is not of type 'string'."
    )


def test_names_beyond_ascii_are_taken_and_cannot_be_read() -> None:
    headers = Headers({"é": "1"})
    headers.append("É", "2")
    assert headers.get("é") == "1"
    assert not headers.has("ä")
    assert list(headers.keys()) == ["\ufffd", "\ufffd"]
    assert list(Headers({"日本": "1"}).keys()) == ["日本"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Ā", "\ufffd"), ("é字", "\ufffd字"), ("א", "\ufffd\ufffd"), ("字", "字")],
)
def test_the_bytes_of_letters_beyond_ascii_are_lowered(name: str, shown: str) -> None:
    headers = Headers()
    headers.append(name, "1")
    assert list(headers.keys()) == [shown]
    assert headers.get(name) == "1"
