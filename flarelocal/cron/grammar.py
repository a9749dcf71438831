"""From text to the contents of the five fields, or to the reason why Cloudflare refuses it.

The grammar is that of cloudflare/saffron, Cloudflare's own parser of Cron Triggers.
"""

from __future__ import annotations

import re
from typing import TypeAlias

from flarelocal.cron import advice
from flarelocal.cron.errors import CronError
from flarelocal.cron.fields import FIELDS, Field, Misfit
from flarelocal.cron.forms import Content, element, special

__all__ = ["Contents", "parse"]

Contents: TypeAlias = tuple[Content, Content, Content, Content, Content]

_WHITE_SPACE = "\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_STRAY_SPACE = re.compile(f"^[{_WHITE_SPACE}]|[{_WHITE_SPACE}]$|(?![\t ])[{_WHITE_SPACE}]")
_FOREIGN_TEXT = ("@", "TZ=", "CRON_TZ=")
_FOREIGN_FIELD = re.compile(r"[?~%@=]|^[HR](?:[/(,-]|$)", re.IGNORECASE)
_CAPITALS = str.maketrans("lw", "LW")


def parse(text: str) -> Contents:
    """Read an expression.

    Raises:
        CronError: Cloudflare would refuse it.
    """
    if _STRAY_SPACE.search(text):
        raise CronError(text, "whitespace", advice.WHITESPACE)
    if text.startswith(_FOREIGN_TEXT):
        raise CronError(text, "unsupported", advice.for_foreign_text(text))
    parts = re.findall("[^\t ]+", text)
    if len(parts) != len(FIELDS):
        raise CronError(text, "field-count", advice.for_field_count(parts))
    minute, hour, date, month, weekday = (
        _content(text, field, part) for field, part in zip(FIELDS, parts, strict=True)
    )
    return minute, hour, date, month, weekday


def _content(text: str, field: Field, part: str) -> Content:
    try:
        return _whole(field, part)
    except Misfit:
        reason, culprit = _why(field, part)
        raise CronError(text, reason, advice.for_field(field, culprit, reason)) from None


def _whole(field: Field, part: str) -> Content:
    if part == "*":
        return None
    rule = special(field, part)
    if rule is not None:
        return rule
    return tuple(
        element(field, piece, leads=not place) for place, piece in enumerate(part.split(","))
    )


def _why(field: Field, part: str) -> tuple[str, str]:
    """Why a field is not accepted, and the text which the advice is about."""
    if _FOREIGN_FIELD.search(part):
        return "unsupported", part
    if _accepted(field, capitals := part.translate(_CAPITALS)):
        return "case", capitals
    solitary = part
    for place, piece in enumerate(part.split(",")):
        try:
            if special(field, piece) is None:
                element(field, piece, leads=not place)
                continue
        except Misfit as misfit:
            if not _accepted(field, piece):
                return misfit.reason, piece
        solitary = piece
    return "not-alone", solitary


def _accepted(field: Field, part: str) -> bool:
    try:
        _whole(field, part)
    except Misfit:
        return False
    return True
