"""The file `_redirects`."""

import pytest

from tests.storage.assets.conftest import Site


@pytest.mark.parametrize(
    ("rule", "path", "expected"),
    [
        ("/old /new", "/old", "302 → /new"),
        ("old /new 301", "/old", "301 → /new"),
        ("/old /new 303 # why", "/old", "303 → /new"),
        ("/old /new 307", "/old?a=b", "307 → /new?a=b"),
        ("/old /new?c=d#e 308", "/old?a=b", "308 → /new?c=d#e"),
        ("/old https://x.dev/y", "/old?a=b", "302 → https://x.dev/y?a=b"),
        ("/old https://example.com/y", "/old", "302 → https://example.com/y"),
        ("/old http://example.com/y", "/old", "404"),
        ("/o/* /n/:splat", "/o/a/b", "302 → /n/a/b"),
        ("/o/* //n//:splat", "/o//x", "302 → /n/x"),
        ("/o/:year/:name /n/:name-:year", "/o/1/two", "302 → /n/two-1"),
        ("/o/:year /n", "/o/1/2", "404"),
        ("/o/:host https://:host.dev/", "/o/x", "302 → https://x.dev/"),
        ("/o/:host https://:host/", "/o/%25", "500"),
        ("/caf%C3%A9 /n", "/caf%C3%A9", "302 → /n"),
        ("/café /n", "/caf%C3%A9", "302 → /n"),
    ],
)
def test_a_rule(site: Site, rule: str, path: str, expected: str) -> None:
    assert site({"_redirects": rule}).see(path) == expected


def test_a_rule_comes_before_a_file_and_for_all_methods(site: Site) -> None:
    visitor = site({"old.txt": "", "_redirects": "/old.txt /new"})
    assert visitor.ask("/old.txt", "POST").status == 302


def test_rules_without_variables_come_first(site: Site) -> None:
    visitor = site({"_redirects": "/a /one\n/* /two/:splat\n/b /three"})
    assert visitor.see("/a") == "302 → /one"
    assert visitor.see("/b") == "302 → /two/b"


def test_a_proxy_serves_another_file_under_the_same_path(site: Site) -> None:
    visitor = site(
        {"user.html": "", "_redirects": "/users/* /user 200\n/gone /nothing 200"},
        not_found_handling="none",
    )
    assert visitor.see("/users/5") == "user.html"
    answer = visitor.assets.find("GET", "http://example.com/gone", {})
    assert answer is not None
    assert answer.status == 404


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("/a", "Expected exactly 2 or 3 whitespace-separated tokens. Got 1."),
        ("/a /b 301 x", "Expected exactly 2 or 3 whitespace-separated tokens. Got 4."),
        ("https://x.dev/a /b", "Only relative URLs are allowed."),
        ("/a b", "URLs should either be relative"),
        ("/a /b 418", "Valid status codes are 200, 301, 302 (default), 303, 307, or 308. Got 418."),
        ("/* /index.html", "Infinite loop detected"),
        ("/ /index", "Infinite loop detected"),
        ("/a https://x.dev/ 200", "Proxy (200) redirects can only point to relative paths."),
        ("/:a/:a /b", "A placeholder can be in a path only once."),
    ],
)
def test_lines_that_are_no_rules(site: Site, rule: str, message: str) -> None:
    visitor = site({"_redirects": f"# comment\n{rule}\n/fine /new"})
    [problem] = visitor.assets.problems()
    assert problem.line == 2
    assert problem.message.startswith(message)
    assert visitor.see("/fine") == "302 → /new"


def test_the_first_of_two_rules_for_a_path_counts(site: Site) -> None:
    visitor = site({"_redirects": "/a /one\n/a /two"})
    assert visitor.see("/a") == "302 → /one"
    assert [problem.message for problem in visitor.assets.problems()] == [
        "Ignoring duplicate rule for path /a."
    ]


def test_without_html_handling_a_rule_may_lead_to_the_index(site: Site) -> None:
    visitor = site({"_redirects": "/ /index.html"}, html_handling="none")
    assert visitor.see("/") == "302 → /index.html"


def test_how_many_rules_there_can_be(site: Site) -> None:
    rules = [f"/s{n} /x" for n in range(2001)] + [f"/d{n}/* /x" for n in range(101)]
    visitor = site({"_redirects": "\n".join(rules)})
    assert visitor.see("/s1999") == visitor.see("/d99/x") == "302 → /x"
    assert visitor.see("/s2000") == visitor.see("/d100/x") == "404"
    assert len(visitor.assets.problems()) == 2
