"""Status, headers and body of answers."""

import os

import pytest

from tests.storage.assets.conftest import Site


def test_a_file_is_answered_with_what_caches_need(site: Site) -> None:
    answer = site({"a.txt": "text"}).ask("/a.txt")
    assert answer.status == 200
    assert answer.file is not None
    assert answer.file.size == 4
    assert answer.headers == [
        ("etag", f'"{answer.file.etag}"'),
        ("content-type", "text/plain; charset=utf-8"),
        ("cache-control", "public, max-age=0, must-revalidate"),
        ("cf-cache-status", "HIT"),
    ]


@pytest.mark.parametrize("header", ["authorization", "range"])
def test_some_requests_are_not_for_caches(site: Site, header: str) -> None:
    answer = site("a.txt").ask("/a.txt", **{header: "x"})
    assert answer.status == 200
    assert "cache-control" not in dict(answer.headers)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.html", "text/html; charset=utf-8"),
        ("a.CSS", "text/css; charset=utf-8"),
        ("a.min.js", "text/javascript; charset=utf-8"),
        ("a.json", "application/json"),
        ("a.svg", "image/svg+xml"),
        ("a.woff2", "font/woff2"),
        ("a.wasm", "application/wasm"),
        ("a.unknown", None),
        ("README", None),
        (".html", None),
    ],
)
def test_the_ending_tells_the_content_type(site: Site, name: str, expected: str | None) -> None:
    answer = site(name, html_handling="none").ask(f"/{name}")
    assert dict(answer.headers).get("content-type") == expected


def test_a_client_that_has_the_file_gets_no_body(site: Site) -> None:
    visitor = site("a.txt")
    tag = dict(visitor.ask("/a.txt").headers)["etag"]
    for known in (tag, f"W/{tag}"):
        answer = visitor.ask("/a.txt", if_none_match=known)
        assert (answer.status, answer.file) == (304, None)
        assert dict(answer.headers)["etag"] == tag
    for other in ('"other"', "*", f'"other", {tag}'):
        assert visitor.ask("/a.txt", if_none_match=other).status == 200


def test_the_tag_changes_with_the_file(site: Site) -> None:
    visitor = site("a.txt b.txt")
    before = visitor.ask("/a.txt").headers
    assert before != visitor.ask("/b.txt").headers
    assert before == visitor.ask("/a.txt").headers
    os.utime(visitor.root / "a.txt", (1, 1))
    assert before != visitor.ask("/a.txt").headers


def test_head_has_the_headers_only(site: Site) -> None:
    visitor = site("a.txt")
    answer = visitor.ask("/a.txt", "HEAD")
    assert (answer.status, answer.file) == (200, None)
    assert answer.headers == visitor.ask("/a.txt").headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_files_can_only_be_read(site: Site, method: str) -> None:
    visitor = site("a.html")
    assert visitor.ask("/a", method).status == 405
    assert visitor.ask("/a.html", method).status == 405
    assert visitor.ask("/b", method).status == 404


def test_a_single_page_answers_for_what_is_missing(site: Site) -> None:
    visitor = site("index.html a.txt", not_found_handling="single-page-application")
    assert visitor.see("/any/where") == "index.html"
    assert visitor.see("/a.txt") == "a.txt"
    assert site("", not_found_handling="single-page-application").ask("/x").status == 200


def test_a_single_page_application_without_its_page_is_not_found(site: Site) -> None:
    assert site("a.txt", not_found_handling="single-page-application").see("/x") == "404"


def test_the_nearest_404_page_is_shown(site: Site) -> None:
    visitor = site("404.html blog/404.html", not_found_handling="404-page")
    assert visitor.see("/x") == "404 404.html"
    assert visitor.see("/blog/x/y") == "404 blog/404.html"
    assert visitor.see("/blog/") == "404 blog/404.html"
    assert visitor.see("/404.html") == "307 → /404"
    assert visitor.see("/404") == "404.html"


def test_without_a_404_page_there_is_no_body(site: Site) -> None:
    assert site("blog/404.html", not_found_handling="404-page").see("/x") == "404"
