"""What to tell the author of an expression that Cloudflare refuses."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flarelocal.cron.fields import DATE, HOUR, MINUTE, MONTH, WEEKDAY, Field

__all__ = ["WEEKDAYS", "WHITESPACE", "for_field", "for_field_count", "for_foreign_text"]

WHITESPACE = "separate the five fields by spaces, with no white space before or after them"
WEEKDAYS = "Cloudflare weekdays are 1 = Sunday … 7 = Saturday"

_FIELDS = "minute, hour, day of month, month, day of week"
_NICKNAMES = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * SUN",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_FOREIGN_SIGNS = {
    "?": "`?` is Quartz's: write `*`",
    "~": "`~` (a random value) is OpenBSD's: write a number",
    "%": "`%` has no meaning here: leave it out",
    "@": "`@` has no meaning here: leave it out",
    "=": "`=` has no meaning here: leave it out",
}
_ONCE = {
    MINUTE: "once an hour",
    HOUR: "once a day",
    DATE: "once a month",
    MONTH: "once a year",
    WEEKDAY: "once a week",
}
_SPECIAL = {
    DATE: "`L`, `L-3`, `LW`, `L-3W` or `15W`",
    WEEKDAY: "`L`, `6L`, `friL` or `mon#1`",
}


def for_foreign_text(text: str) -> str:
    """Advice for an expression that begins with `@`, `TZ=` or `CRON_TZ=`."""
    if not text.startswith("@"):
        return "Cron Triggers run in UTC only: leave the time zone out and convert the hours"
    if same := _NICKNAMES.get(text.lower()):
        return f"Cloudflare has no nicknames: write `{same}`"
    return f"Cloudflare has no nicknames: write the five fields {_FIELDS}"


def for_field_count(parts: Sequence[str]) -> str:
    """Advice for an expression that has not five fields."""
    if any(part.endswith((",", "-", "/")) or part.startswith((",", "-", "/")) for part in parts):
        return "white space separates fields: leave it out within a list or range"
    needed = f"write five fields ({_FIELDS}), not {len(parts)}"
    if len(parts) == 6:
        return f"{needed}: Cloudflare has neither seconds nor years, leave that field out"
    return needed


def for_field(field: Field, part: str, reason: str) -> str:
    """Advice for a field.

    Args:
        part: the element that is at fault; for `case`, the field as it would be right.
    """
    match reason:
        case "unsupported":
            return _foreign(part)
        case "case":
            return f"`L` and `W` are upper case only: write `{part}`"
        case "not-alone":
            return _not_alone(field, part)
        case "name":
            return _name(field, part)
        case "range":
            return _range(field, part)
        case "step":
            return _step(field, part)
        case _:
            return _syntax(field, part)


def _foreign(part: str) -> str:
    for sign, advice in _FOREIGN_SIGNS.items():
        if sign in part:
            return advice
    return f"`{part[0]}` (a value made from a hash or at random) is Jenkins': write a number"


def _not_alone(field: Field, part: str) -> str:
    if part == "*":
        return f"`*` already means every {field.noun}: leave the rest of the list out"
    return f"`{part}` must be the whole {field.noun} field: write one cron for each"


def _name(field: Field, part: str) -> str:
    for word in re.findall("[A-Za-z]+", part):
        short = word[:3].upper()
        if short in field.names and len(word) > 3:
            return f"names have three letters: write `{short}` for `{word}`"
    for other in (MONTH, WEEKDAY):
        if other is not field and part.upper() in other.names:
            return f"`{part}` belongs into the {other.noun} field: the order is {_FIELDS}"
    if field.names:
        names = f"the names of the {field.noun} field are {field.names[0]} … {field.names[-1]}"
        return f"{names}: write one of them or a number{_or_special(field)}"
    return f"the {field.noun} field has no names: write a number{_or_special(field)}"


def _range(field: Field, part: str) -> str:
    if re.match("(0*[1-7]|[A-Za-z]+)#", part):
        return "a weekday occurs at most five times a month: write `#1` to `#5`"
    if field is WEEKDAY:
        return f"{WEEKDAYS}: add one to the numbers of other crons, or write SUN … SAT"
    if part.startswith("L-"):
        return "write 1 to 30 days before the last, or `L` for the last day itself"
    bounds = f"the {field.noun} goes from {field.minimum} to {field.maximum}"
    if field.minimum == 0 and part == str(field.maximum + 1):
        return f"{bounds}: write 0"
    return f"{bounds}: write a number in that range"


def _step(field: Field, part: str) -> str:
    bounds = f"a step of the {field.noun} goes from 1 to {field.maximum - field.minimum}"
    if part.startswith("*/"):
        return f"{bounds}: write `{field.minimum}` for {_ONCE[field]}"
    return f"{bounds}: write a step in that range"


def _syntax(field: Field, part: str) -> str:
    if not part:
        return "a list has something before and after each comma: leave the comma out"
    if field is WEEKDAY and (match := re.fullmatch(r"L([1-7])", part)):
        return f"the weekday comes first: write `{match[1]}L`"
    if field is DATE and (match := re.fullmatch(r"W([0-9]+)", part)):
        return f"the day comes first: write `{match[1]}W`"
    if part.startswith("*-") or part.endswith("-*"):
        return f"`*` cannot be in a range: write {field.minimum} or {field.maximum}"
    if part.startswith(('"', "'", "`")):
        return "the quotes are part of the expression: leave them out"
    if part.startswith("/"):
        return f"a step needs something before it: write `*{part}`"
    return (
        f"`{part}` is no {field.noun}: write `*`, a value, a range `a-b`, a step `*/n`, "
        f"a list of these{_or_special(field)}"
    )


def _or_special(field: Field) -> str:
    return f", or {_SPECIAL[field]}" if field in _SPECIAL else ""
