"""At which paths HTML files are served, and from which ones clients are sent there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum

from flarelocal.dataclass import dataclass
from flarelocal.storage.assets.directory import Asset

__all__ = ["Find", "HtmlHandling", "Moved", "find_html"]

Find = Callable[[str], Asset | None]
"""The file of a path."""


class HtmlHandling(StrEnum):
    """The setting `html_handling` (Cloudflare docs, "HTML handling" of static assets)."""

    AUTO = "auto-trailing-slash"
    FORCE = "force-trailing-slash"
    DROP = "drop-trailing-slash"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Moved:
    """The file is served at another path."""

    path: str


Step = tuple[str, str | None]
"""A file, and the path to send the client to if that serves the file; None: serve it here."""

_ENDINGS = ("/index", "/index.html", "/", ".html")


def find_html(find: Find, handling: HtmlHandling, path: str) -> Asset | Moved | None:
    """The file that is served at a path, or where else it is served."""
    for file, elsewhere in _STEPS[handling](path):
        if elsewhere is None:
            if asset := find(file):
                return asset
        elif (asset := find(file)) and not find(elsewhere):
            there = _served(find, handling, elsewhere)
            if there == asset:
                return Moved(elsewhere)
    return None


def _served(find: Find, handling: HtmlHandling, path: str) -> Asset | None:
    for file, elsewhere in _STEPS[handling](path):
        if elsewhere is None and (asset := find(file)):
            return asset
    return None


def _split(path: str) -> tuple[str, str]:
    """The path without the ending that stands for an HTML file, and that ending."""
    ending = next((ending for ending in _ENDINGS if path.endswith(ending)), "")
    return path[: len(path) - len(ending)], ending


def _auto(path: str) -> Iterator[Step]:
    stem, ending = _split(path)
    if ending == "/index":
        yield path, None
        yield f"{path}.html", f"{stem}/"
        yield f"{stem}.html", stem
    elif ending == "/index.html":
        yield path, f"{stem}/"
        yield f"{stem}.html", stem
    elif ending == "/":
        yield f"{path}index.html", None
        yield f"{stem}.html", stem
    elif ending == ".html":
        yield path, stem
        yield f"{stem}/index.html", f"{stem}/"
    yield path, None
    yield f"{path}.html", None
    yield f"{path}/index.html", f"{path}/"


def _force(path: str) -> Iterator[Step]:
    stem, ending = _split(path)
    if ending == "/index":
        yield path, None
        yield f"{path}.html", f"{stem}/"
        yield f"{stem}.html", f"{stem}/"
    elif ending == "/index.html":
        yield path, f"{stem}/"
        yield f"{stem}.html", f"{stem}/"
    elif ending == "/":
        yield f"{path}index.html", None
        yield f"{stem}.html", None
    elif ending == ".html":
        yield path, f"{stem}/"
        yield path, None
        yield f"{stem}/index.html", f"{stem}/"
    yield path, None
    yield f"{path}.html", f"{path}/"
    yield f"{path}/index.html", f"{path}/"


def _drop(path: str) -> Iterator[Step]:
    stem, ending = _split(path)
    if ending == "/index":
        yield path, None
        yield f"{stem}.html", stem
        yield f"{path}.html", stem or "/"
    elif ending == "/index.html":
        yield path, stem or "/"
        yield path, None
        yield f"{stem}.html", stem
    elif path == "/":
        yield "/index.html", None
    elif ending:
        yield f"{stem}.html", stem
        yield f"{stem}/index.html", stem
    yield path, None
    yield f"{path}.html", None
    yield f"{path}/index.html", None


def _none(path: str) -> Iterator[Step]:
    yield path, None


_STEPS: dict[HtmlHandling, Callable[[str], Iterator[Step]]] = {
    HtmlHandling.AUTO: _auto,
    HtmlHandling.FORCE: _force,
    HtmlHandling.DROP: _drop,
    HtmlHandling.NONE: _none,
}
