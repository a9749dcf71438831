"""What the files `_headers` and `_redirects` have in common."""

from __future__ import annotations

import re
from collections.abc import Iterator

import ada_url

from flarelocal.dataclass import dataclass

__all__ = [
    "HEADERS_FILE",
    "REDIRECTS_FILE",
    "Problem",
    "RuleError",
    "has_host",
    "meaningful_lines",
    "normal_url",
]

HEADERS_FILE = "_headers"
REDIRECTS_FILE = "_redirects"

_MAX_LINE = 2000
_URL = re.compile(r"https:///*(?P<host>[^/]+)/?(?P<path>.*)", re.S)
_PORT = re.compile(r":\d+$")


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that is ignored, and why.

    Attributes:
        line: its number, from 1.
    """

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class RuleError(Exception):
    """A line is ignored for this reason."""


def meaningful_lines(text: str, problems: list[Problem], file: str) -> Iterator[tuple[int, str]]:
    """The numbered lines that are neither empty nor comments nor too long."""
    for number, line in enumerate(text.split("\n"), 1):
        line = line.strip()
        if len(line) > _MAX_LINE:
            message = f"Ignoring line {number} as it exceeds the maximum allowed length of"
            problems.append(Problem(file, number, f"{message} {_MAX_LINE}."))
        elif line and not line.startswith("#"):
            yield number, line


def has_host(url: str) -> bool:
    return _URL.match(url) is not None


def normal_url(text: str, *, relative: bool, ports: bool, query: bool) -> str:
    """A URL of a rule as requests are compared with it.

    Args:
        relative: a host is not allowed, and a slash at the beginning may be missing.
        ports: a port is allowed.
        query: query and fragment are kept.

    Raises:
        RuleError: the URL cannot be in a rule.
    """
    absolute = _URL.match(text)
    if absolute:
        host = absolute["host"]
        if relative:
            raise RuleError(f"Only relative URLs are allowed. Skipping absolute URL {text}.")
        if not ports and _PORT.search(host):
            raise RuleError(f"Specifying ports is not supported. Skipping absolute URL {text}.")
        return f"https://{host}{_path(absolute['path'], query)}"
    if relative and not text.startswith("/"):
        text = f"/{text}"
    if not text.startswith("/"):
        raise RuleError(
            "URLs should either be relative (e.g. begin with a forward-slash), or use HTTPS"
            ' (e.g. begin with "https://").'
        )
    return _path(text, query)


def _path(path: str, query: bool) -> str:
    absolute = path if path.startswith("/") else f"/{path}"
    try:
        url = ada_url.URL(f"//{absolute}", "relative://")
    except ValueError:
        raise RuleError(f"Error parsing URL segment {path}. Skipping.") from None
    return f"{url.pathname}{url.search}{url.hash}" if query else str(url.pathname)
