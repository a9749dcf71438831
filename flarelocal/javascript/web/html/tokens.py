"""HTML as tokens; put together again they are the same text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from flarelocal.dataclass import dataclass

__all__ = ["Attribute", "CommentToken", "DoctypeToken", "EndTagToken", "TagToken", "TextToken"]
__all__ += ["Token", "tokens_of"]


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a start tag; `raw` is how it was written."""

    name: str
    value: str
    raw: str


@dataclass(frozen=True, slots=True)
class TagToken:
    """A start tag; `name` in lower case."""

    raw: str
    written: str
    name: str
    attributes: tuple[Attribute, ...]
    self_closing: bool


@dataclass(frozen=True, slots=True)
class EndTagToken:
    """An end tag; `name` in lower case."""

    raw: str
    written: str
    name: str


@dataclass(frozen=True, slots=True)
class TextToken:
    """Text between tags, entities as they are."""

    raw: str


@dataclass(frozen=True, slots=True)
class CommentToken:
    """A comment, or what HTML takes for one."""

    raw: str
    text: str


@dataclass(frozen=True, slots=True)
class DoctypeToken:
    """The type of the document."""

    raw: str
    name: str | None
    public_id: str | None
    system_id: str | None


Token: TypeAlias = TagToken | EndTagToken | TextToken | CommentToken | DoctypeToken

_ATTRIBUTE = r"""[^\s/>][^\s=/>]*+(?:\s*+=\s*+(?:"[^"]*"|'[^']*'|[^\s"'>][^\s>]*+))?+"""
_TAG = re.compile(rf"<([A-Za-z][^\s/>]*+)((?>[\s/]++|{_ATTRIBUTE})*+)>")
_NAME_AND_VALUE = re.compile(
    r"""([^\s/>][^\s=/>]*+)(?:\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"'>][^\s>]*+)))?+"""
)
_END_TAG = re.compile(r"</([A-Za-z][^\s/>]*+)[^>]*+>")
_COMMENT = re.compile(r"<!--(.*?)(?:--!?>|\Z)", re.DOTALL)
_BOGUS_COMMENT = re.compile(r"<[!?/]([^>]*+)(?:>|\Z)")
_DOCTYPE = re.compile(
    r"""<!doctype\s*+([^\s>]++)?
        (?:\s+public\s*+(?:"([^">]*)"|'([^'>]*)')\s*+(?:"([^">]*)"|'([^'>]*)')?
        |\s+system\s*+(?:"([^">]*)"|'([^'>]*)'))?[^>]*+>""",
    re.IGNORECASE | re.VERBOSE,
)
_RAW_TEXT = frozenset(
    {"iframe", "noembed", "noframes", "noscript", "script", "style", "textarea", "title", "xmp"}
)


def tokens_of(text: str) -> Iterator[Token]:
    """The tokens of a page, as the tokenizer of the HTML standard finds them."""
    at = began = 0
    while (at := text.find("<", at)) >= 0:
        token = _markup(text, at)
        if token is None:
            at += 1
            continue
        if began < at:
            yield TextToken(text[began:at])
        yield token
        at = began = at + len(token.raw)
        if isinstance(token, TagToken) and token.name in _RAW_TEXT:
            at = _end_of_raw_text(text, at, token.name)
    if began < len(text):
        yield TextToken(text[began:])


def _markup(text: str, at: int) -> Token | None:
    """The token that begins with the `<` there; None if that is text."""
    if found := _TAG.match(text, at):
        attributes, closing = _attributes(found[2])
        return TagToken(found[0], found[1], found[1].lower(), attributes, closing)
    if found := _END_TAG.match(text, at):
        return EndTagToken(found[0], found[1], found[1].lower())
    if found := _COMMENT.match(text, at):
        return CommentToken(found[0], found[1])
    if found := _DOCTYPE.match(text, at):
        name, public, public2, system, system2, only, only2 = found.groups()
        return DoctypeToken(
            found[0],
            name.lower() if name else None,
            _first(public, public2),
            _first(system, system2, only, only2),
        )
    if found := _BOGUS_COMMENT.match(text, at):
        return CommentToken(found[0], found[1])
    return None


def _attributes(text: str) -> tuple[tuple[Attribute, ...], bool]:
    """The attributes of a tag, and whether a slash stands behind them."""
    attributes: dict[str, Attribute] = {}
    end = 0
    for found in _NAME_AND_VALUE.finditer(text):
        name, end = found[1].lower(), found.end()
        value = _first(found[2], found[3], found[4]) or ""
        attributes.setdefault(name, Attribute(name, value, found[0]))
    return tuple(attributes.values()), text[end:].endswith("/")


def _first(*values: str | None) -> str | None:
    return next((value for value in values if value is not None), None)


def _end_of_raw_text(text: str, at: int, name: str) -> int:
    found = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(text, at)
    return found.start() if found else len(text)
