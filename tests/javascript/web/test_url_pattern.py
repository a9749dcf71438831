"""What is expected here is what the real runtime answers."""

from __future__ import annotations

import pytest

from flarelocal.javascript.errors import JsError
from flarelocal.javascript.function import constructor_of_class
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.url_pattern import URLPattern


def pattern(*arguments: Value) -> Value:
    return constructor_of_class(URLPattern).construct(*arguments)


def test_a_text_is_divided_into_components() -> None:
    found = pattern("https://:sub.example.com:8080/books/:id\\?q=*#top")
    assert (found.protocol, found.hostname, found.port) == ("https", ":sub.example.com", "8080")
    assert (found.pathname, found.search, found.hash) == ("/books/:id", "q=*", "top")
    assert (found.username, found.password) == ("*", "*")


def test_a_question_mark_after_a_group_makes_it_optional() -> None:
    assert pattern("https://example.com/:id?q").search == "*"


def test_what_is_not_given_matches_anything() -> None:
    found = pattern({"pathname": "/a"})
    assert found.hostname == found.search == "*"
    assert found.test("https://anywhere/a?b#c")
    assert not found.test("https://anywhere/b")


def test_groups_by_name_and_by_number() -> None:
    result = pattern({"pathname": "/:kind/(\\d+)/*"}).exec("https://a.b/book/12/x/y")
    assert result["pathname"] == {
        "input": "/book/12/x/y",
        "groups": {"kind": "book", "0": "12", "1": "x/y"},
    }
    assert result["inputs"] == ["https://a.b/book/12/x/y"]


def test_a_group_that_matches_nothing_is_undefined() -> None:
    result = pattern({"pathname": "/a/:b?"}).exec({"pathname": "/a"})
    assert result["pathname"]["groups"] == {"b": None}


def test_no_match_is_null() -> None:
    assert pattern({"pathname": "/a"}).exec("https://a/b") is null
    assert pattern({"pathname": "/a"}).exec("http://[bad") is null


def test_a_relative_pattern_needs_a_base() -> None:
    assert pattern("../:x", "https://a.b/c/d?q").pathname == "//:x"
    with pytest.raises(JsError, match="Failed to construct URLPattern"):
        pattern("/:x")


def test_a_base_gives_what_comes_before_the_first_component() -> None:
    found = pattern({"pathname": "x", "baseURL": "https://a.b:80/c/d?q#h"})
    assert (found.hostname, found.port, found.pathname) == ("a.b", "80", "/c/x")
    assert found.search == "*"


@pytest.mark.parametrize(
    ("given", "pathname"),
    [
        ("/{a}", "/a"),
        ("/:x(.*)", "/:x(.*)"),
        ("/([^\\/]+?)", "/([^\\/]+?)"),
        ("/(.*)", "/*"),
        ("/a{/:b}?", "/a/:b?"),
        ("/:a{b}", "{/:a}b"),
        ("/é", "/%C3%A9"),
    ],
)
def test_patterns_are_normalised(given: str, pathname: str) -> None:
    assert pattern({"pathname": given}).pathname == pathname


@pytest.mark.parametrize(
    "given", ["/(", "/:", "/{a", "/(?x)", "/(é)", "/(a**)", "/:a/:a", "/(\\m)", "/([(])", "/(a(b))"]
)
def test_what_is_no_pattern_throws(given: str) -> None:
    with pytest.raises(JsError, match="Failed to construct URLPattern"):
        pattern({"pathname": given})


def test_case_counts_unless_it_is_ignored() -> None:
    assert not pattern({"pathname": "/a"}).test({"pathname": "/A"})
    assert pattern({"pathname": "/a"}, {"ignoreCase": True}).test({"pathname": "/A"})
    assert pattern("https://x/a", None, {"ignoreCase": True}).test("https://x/A")


def test_groups_with_expressions_of_their_own() -> None:
    assert pattern({"pathname": "/(\\d+)"}).has_reg_exp_groups
    assert not pattern({"pathname": "/:a/*"}).has_reg_exp_groups


def test_default_ports_are_left_out() -> None:
    assert pattern("https://a.b:443/").port == ""
    assert pattern({"protocol": "http{s}?", "port": "443"}).port == "443"


def test_hosts() -> None:
    assert pattern({"hostname": "bücher.DE"}).hostname == "xn--bcher-kva.de"
    assert pattern({"hostname": "[\\:\\:AB]"}).hostname == "[\\:\\:ab]"
    assert pattern({"hostname": "*.b"}).exec("http://x.y.b/")["hostname"]["groups"] == {"0": "x.y"}


def test_components_and_a_base_url_exclude_each_other() -> None:
    with pytest.raises(JsError, match="Failed to construct URLPattern"):
        pattern({"pathname": "/a"}, "https://a.b")
    with pytest.raises(JsError, match="Failed to exec URLPattern"):
        pattern({}).exec({"pathname": "/a"}, "https://a.b")


def test_opaque_paths() -> None:
    found = pattern("data\\:text/:kind,*")
    assert found.exec("data:text/plain,x")["pathname"]["groups"] == {"kind": "plain", "0": "x"}
