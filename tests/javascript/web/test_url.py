from __future__ import annotations

import pytest

from flarelocal.javascript.errors import JsError
from flarelocal.javascript.function import constructor_of_class
from flarelocal.javascript.values import null
from flarelocal.javascript.web.url import URL, normalised
from flarelocal.javascript.web.url_search_params import URLSearchParams


def test_parts() -> None:
    url = URL("https://u:p@Host:8080/a/../b?q#h")
    assert (url.protocol, url.username, url.password) == ("https:", "u", "p")
    assert (url.host, url.hostname, url.port) == ("host:8080", "host", "8080")
    assert (url.pathname, url.search, url.hash) == ("/b", "?q", "#h")
    assert url.origin == "https://host:8080"


def test_a_relative_url_needs_a_base() -> None:
    assert URL("../x", "http://a/b/c/d").href == "http://a/b/x"
    with pytest.raises(JsError, match=r"Invalid URL string\."):
        URL("/x")


def test_a_part_that_cannot_be_parsed_is_ignored() -> None:
    url = URL("http://a:1/")
    url.port = "x"
    url.host = "b c"
    assert url.href == "http://a:1/"


def test_query_and_search_params_follow_each_other() -> None:
    url = URL("http://a/?x=1")
    params = url.search_params
    params.append("y", "é")
    assert url.search == "?x=1&y=%C3%A9"
    url.search = "z=2"
    assert list(params.iterate()) == [["z", "2"]]
    params.delete("z")
    assert url.href == "http://a/"


def test_assigning_a_wrong_href_throws() -> None:
    with pytest.raises(JsError):
        URL("http://a").href = "nope"


def test_static_functions() -> None:
    assert URL.can_parse("x", "http://a")
    assert URL.parse("nope") is null


def test_lone_surrogates_are_replaced() -> None:
    url = constructor_of_class(URL).construct("http://a/\ud800")
    assert url.pathname == "/%EF%BF%BD"


def test_normal_form() -> None:
    assert normalised("HTTP://A") == "http://a/"
    assert normalised("/x") is None


def test_params_of_texts_pairs_and_objects() -> None:
    assert URLSearchParams("?a=1&b=&=c&&d").pairs() == [
        ("a", "1"),
        ("b", ""),
        ("", "c"),
        ("d", ""),
    ]
    assert URLSearchParams([["a", 1]]).pairs() == [("a", "1")]
    assert URLSearchParams({"a": "1"}).pairs() == [("a", "1")]


def test_params_are_encoded_as_forms_are() -> None:
    params = URLSearchParams([["a b", "c&d=~*"]])
    assert params.to_js_string() == "a+b=c%26d%3D%7E*"
    assert URLSearchParams("a=%C3%A9+%zz").get("a") == "é %zz"


def test_sorting_keeps_the_order_of_equal_names() -> None:
    params = URLSearchParams("b=1&a=2&b=3")
    params.sort()
    assert params.to_js_string() == "a=2&b=1&b=3"


def test_pairs_of_another_length_are_refused() -> None:
    with pytest.raises(JsError, match=r"Invalid URL search params sequence\."):
        URLSearchParams([["a"]])


def test_bytes_that_are_no_text_survive_in_a_query() -> None:
    params = URLSearchParams("c=%F0%9F&d=%C3%A9")
    assert params.get("c") == "\ufffd"
    assert list(params.entries()) == [["c", "\ufffd"], ["d", "é"]]
    assert params.to_js_string() == "c=%F0%9F&d=%C3%A9"
