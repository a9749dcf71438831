"""Answers to requests for static assets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache, partial
from pathlib import Path
from urllib.parse import quote, unquote

import ada_url

from flarelocal.dataclass import dataclass
from flarelocal.storage.assets.directory import Asset, AssetDirectory
from flarelocal.storage.assets.headers import HeaderRules, Headers
from flarelocal.storage.assets.html import Find, HtmlHandling, Moved, find_html
from flarelocal.storage.assets.parsing import HEADERS_FILE, REDIRECTS_FILE, Problem
from flarelocal.storage.assets.redirects import RedirectRules
from flarelocal.storage.assets.watched import Watched

__all__ = ["AssetAnswer", "Assets", "NotFoundHandling"]

_REVALIDATE = "public, max-age=0, must-revalidate"
_UNESCAPED = "-_.!~*'()"
_BROKEN_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")


class NotFoundHandling(StrEnum):
    """The setting `not_found_handling` (Cloudflare docs, "Routing" of static assets)."""

    NONE = "none"
    SINGLE_PAGE = "single-page-application"
    PAGE = "404-page"


@dataclass(frozen=True, slots=True)
class AssetAnswer:
    """What is sent back.

    Attributes:
        headers: names are in lower case.
        file: what the body is; None for no body.
    """

    status: int
    headers: Headers
    file: Asset | None = None


class Assets:
    """The static assets of a Worker (Cloudflare docs, "Static Assets").

    The directory is looked at anew for each request, and so are its files `_headers`,
    `_redirects` and `.assetsignore`. A directory that does not exist has no assets.
    """

    def __init__(
        self,
        directory: Path,
        html_handling: str = HtmlHandling.AUTO,
        not_found_handling: str = NotFoundHandling.NONE,
    ) -> None:
        self._directory = AssetDirectory(directory)
        self._html = HtmlHandling(html_handling)
        self._not_found = NotFoundHandling(not_found_handling)
        self._headers = Watched(directory / HEADERS_FILE, HeaderRules)
        parse = partial(RedirectRules, html=self._html is not HtmlHandling.NONE)
        self._redirects = Watched(directory / REDIRECTS_FILE, parse)

    def problems(self) -> list[Problem]:
        """The lines of `_headers` and `_redirects` that are ignored."""
        return [*self._headers.current().problems, *self._redirects.current().problems]

    def resolve(self, method: str, url: str, headers: Mapping[str, str]) -> AssetAnswer:
        """The answer to a request; 404 if there is nothing at its path.

        Args:
            url: absolute, as the URL standard writes it.
            headers: names are in lower case.
        """
        answer = self.find(method, url, headers)
        if answer is None:
            answer = AssetAnswer(404, [])
            self._add_headers(answer, ada_url.URL(url))
        return answer

    def find(
        self, method: str, url: str, headers: Mapping[str, str], *, not_found: bool = True
    ) -> AssetAnswer | None:
        """As `resolve`; but None if there is nothing at the path.

        Args:
            not_found: whether what `not_found_handling` says counts as something.
        """
        parsed = ada_url.URL(url)
        answer = self._answer(method, parsed, headers, not_found)
        if answer is not None:
            self._add_headers(answer, parsed)
        return answer

    def _add_headers(self, answer: AssetAnswer, url: ada_url.URL) -> None:
        self._headers.current().apply(answer.headers, url.hostname, url.pathname)

    def _answer(
        self, method: str, url: ada_url.URL, headers: Mapping[str, str], not_found: bool
    ) -> AssetAnswer | None:
        path: str = url.pathname
        redirect = self._redirects.current().match(path)
        if redirect is not None:
            try:
                to = ada_url.URL(redirect.to, url.href)
            except ValueError:
                return AssetAnswer(500, [])
            if redirect.status != 200:
                return AssetAnswer(redirect.status, [("location", _location(to, url))])
            path = to.pathname
        decoded = _decode(path)
        find = cache(self._directory.find)
        status = 200
        found = find_html(find, self._html, decoded)
        if found is None and not_found:
            status, found = self._fall_back(find, decoded)
        if found is None:
            return AssetAnswer(404, []) if redirect else None
        if method not in ("GET", "HEAD"):
            return AssetAnswer(405, [])
        canonical = _encode(found.path if isinstance(found, Moved) else decoded)
        if isinstance(found, Moved) or canonical != path:
            return AssetAnswer(307, [("location", canonical + url.search)])
        return _serve(found, status, method, headers)

    def _fall_back(self, find: Find, path: str) -> tuple[int, Asset | None]:
        if self._not_found is NotFoundHandling.SINGLE_PAGE:
            return 200, find("/index.html")
        if self._not_found is NotFoundHandling.PAGE:
            while path:
                path = path.rpartition("/")[0]
                if page := find(f"{path}/404.html"):
                    return 404, page
        return 404, None


def _serve(asset: Asset, status: int, method: str, headers: Mapping[str, str]) -> AssetAnswer:
    tag = f'"{asset.etag}"'
    answered: Headers = [("etag", tag)]
    if asset.media_type is not None:
        answered.append(("content-type", asset.media_type))
    if "authorization" not in headers and "range" not in headers:
        answered.append(("cache-control", _REVALIDATE))
    answered.append(("cf-cache-status", "HIT"))
    if headers.get("if-none-match") in (tag, f"W/{tag}"):
        return AssetAnswer(304, answered)
    return AssetAnswer(status, answered, None if method == "HEAD" else asset)


def _location(to: ada_url.URL, url: ada_url.URL) -> str:
    query = to.search or url.search
    if to.origin == url.origin:
        return f"{to.pathname}{query}{to.hash}"
    bare = to.href[: len(to.href) - len(to.search) - len(to.hash)]
    return f"{bare}{query}{to.hash}"


def _decode(path: str) -> str:
    """The path with its escapes resolved where they can be, and without empty segments."""
    if "%" in path:
        path = "/".join(map(_decode_segment, path.split("/")))
    return re.sub("/+", "/", path)


def _decode_segment(segment: str) -> str:
    if _BROKEN_ESCAPE.search(segment):
        return segment
    try:
        return unquote(segment, errors="strict")
    except UnicodeDecodeError:
        return segment


def _encode(path: str) -> str:
    return "/".join(quote(segment, safe=_UNESCAPED) for segment in path.split("/"))
