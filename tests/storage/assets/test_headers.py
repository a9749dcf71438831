"""The file `_headers`."""

from tests.storage.assets.conftest import Site, Visitor


def headers(visitor: Visitor, path: str) -> dict[str, str]:
    standard = ("etag", "cf-cache-status")
    return {name: value for name, value in visitor.ask(path).headers if name not in standard}


def test_headers_are_added_replaced_and_removed(site: Site) -> None:
    visitor = site(
        {
            "a.txt": "",
            "_headers": "/a.txt\n  X-One: 1\n  Cache-Control: no-store\n  ! Content-Type\n",
        }
    )
    assert headers(visitor, "/a.txt") == {"x-one": "1", "cache-control": "no-store"}


def test_rules_that_match_add_up(site: Site) -> None:
    visitor = site(
        {
            "a/b.json": "",
            "_headers": "/*\n  X: 1\n  Y: 1\n/a/*\n  X: 2\n  X: 3\n/a/b.json\n  ! Y\n/c\n  X: 4",
        }
    )
    found = headers(visitor, "/a/b.json")
    assert (found["x"], found.get("y")) == ("1, 2, 3", None)


def test_variables_are_replaced(site: Site) -> None:
    visitor = site(
        {
            "blog/one/two.txt": "",
            "_headers": "/blog/:post/*\n  Link: <https://x.dev/:post/:splat>; rel=canonical",
        }
    )
    assert headers(visitor, "/blog/one/two.txt")["link"] == (
        "<https://x.dev/one/two.txt>; rel=canonical"
    )


def test_a_host_can_be_asked_for(site: Site) -> None:
    visitor = site(
        {
            "a.txt": "",
            "_headers": "https://example.com/*\n  X: host\nhttps://:sub.dev/*\n  X: no\n"
            "https://:name.com/a.txt\n  Y: :name",
        }
    )
    found = headers(visitor, "/a.txt")
    assert (found["x"], found["y"]) == ("host", "example")


def test_all_answers_have_them(site: Site) -> None:
    visitor = site(
        {"a.html": "", "_redirects": "/old /new", "_headers": "/*\n  X: 1\n  Set-Cookie: a=b"}
    )
    for path, status in {"/a": 200, "/a.html": 307, "/old": 302, "/none": 404}.items():
        answer = visitor.ask(path)
        assert (answer.status, dict(answer.headers)["x"]) == (status, "1")


def test_lines_that_are_no_rules_are_ignored_and_told(site: Site) -> None:
    visitor = site(
        {
            "_headers": "X: lost\n# comment\n/a\n  no colon\n  : none\n  X:\n  a b: c\n  é: x\n"
            "/b\nhttps://x.dev:80/c\n  X: 1\n/*/*\n  X: 1\n/:splat/*\n  X: 1\n" + "x" * 2001
        }
    )
    assert [(problem.line, problem.message[:50]) for problem in visitor.assets.problems()] == [
        (1, "Path should come before header (X: lost)"),
        (3, "No headers specified"),
        (4, "Expected a colon-separated header pair (e.g. name:"),
        (5, "No header name specified"),
        (6, "No header value specified"),
        (7, "Header name cannot include spaces"),
        (8, "Header name cannot be é"),
        (9, "No headers specified"),
        (10, "Specifying ports is not supported. Skipping absolu"),
        (12, "Only one wildcard is allowed per rule. Use a named"),
        (14, "Cannot combine a wildcard * with a :splat placehol"),
        (16, "Ignoring line 16 as it exceeds the maximum allowed"),
    ]
    assert str(visitor.assets.problems()[0]).startswith("_headers:1: Path should come before")


def test_a_hundred_rules_are_the_most(site: Site) -> None:
    rules = "".join(f"/{number}\n  X: 1\n" for number in range(102))
    visitor = site({"_headers": rules})
    assert dict(visitor.ask("/99").headers)["x"] == "1"
    assert dict(visitor.ask("/100").headers) == {}
    [problem] = visitor.assets.problems()
    assert problem.line == 201
