"""The small checks that the others are made of, in wrangler's words.

A check looks at a node and reports what is wrong with it. Texts: workers-sdk,
workers-utils/src/config/validation-helpers.ts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from flarelocal.config.report import Node, quote

__all__ = [
    "BARE",
    "FIELD",
    "FIXES",
    "TYPED",
    "Check",
    "among",
    "anything",
    "boolean",
    "is_list",
    "is_object",
    "kind_of",
    "list_of",
    "mapping",
    "number",
    "of_kind",
    "one_of",
    "optional",
    "required",
    "section",
    "string",
    "strings",
    "suggestion",
    "table_of_strings",
    "unexpected",
]

Check: TypeAlias = Callable[[Node], None]

FIELD = 'The field "{}" should be an'
BARE = '"{}" should be an'
TYPED = 'Expected "{}" to be of type'

FIXES = {
    "string": "write it as text in double quotes",
    "number": "write a number without quotes",
    "boolean": "write true or false",
    "object": "write an object",
}


def kind_of(value: object) -> str:
    """The value's type as JavaScript's `typeof` names it."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "string" if isinstance(value, str) else "object"


def is_object(node: Node, wording: str = FIELD, fix: str = "use {…}") -> bool:
    """Whether the value is an object; reports an error if not.

    Args:
        wording: the message up to the type, `{}` standing for the label.
    """
    if isinstance(node.value, dict):
        return True
    node.error(f"{wording.format(node.label)} object but got {node.quoted}.", fix)
    return False


def is_list(node: Node, wording: str = FIELD, fix: str = "write a list, [{…}]") -> bool:
    """Whether the value is a list; reports an error if not."""
    if isinstance(node.value, list):
        return True
    node.error(f"{wording.format(node.label)} array but got {node.quoted}.", fix)
    return False


def anything(node: Node) -> None:
    """Accept every value."""


def of_kind(kind: str) -> Check:
    """Accept values of one JavaScript type."""

    def check(node: Node) -> None:
        if kind_of(node.value) != kind or (kind == "object" and not isinstance(node.value, dict)):
            message = f'Expected "{node.label}" to be of type {kind} but got {node.quoted}.'
            node.error(message, FIXES[kind])

    return check


string = of_kind("string")
number = of_kind("number")
boolean = of_kind("boolean")
mapping: Check = of_kind("object")


def among(*choices: str) -> Check:
    """Accept one of a few strings, and name them for whatever else it is."""

    def check(node: Node) -> None:
        if node.value not in choices:
            listed = quote(list(choices))
            message = f'Expected "{node.label}" field to be one of {listed} but got {node.quoted}.'
            node.error(message, "choose one of these")

    return check


def one_of(*choices: str) -> Check:
    """Accept one of a few strings."""
    choice = among(*choices)
    return lambda node: (choice if kind_of(node.value) == "string" else string)(node)


def strings(node: Node) -> None:
    """Accept a list of strings."""
    if not isinstance(node.value, list) or any(kind_of(item) != "string" for item in node.value):
        message = f'Expected "{node.label}" to be of type string array but got {node.quoted}.'
        node.error(message, 'write a list of strings, ["…"]')


def list_of(kind: str) -> Check:
    """Accept a list whose elements are of one JavaScript type; each wrong one is an error."""

    def check(node: Node) -> None:
        if not isinstance(node.value, list):
            message = f'Expected "{node.label}" to be an array of {kind}s but got {node.quoted}'
            node.error(message, f"write a list of {kind}s, […]")
            return
        for index, item in enumerate(node.value):
            if kind_of(item) != kind:
                label = f"{node.label}.[{index}]"
                message = f'Expected "{label}" to be of type {kind} but got {quote(item)}.'
                node.error(message, FIXES[kind], index)

    return check


def required(node: Node, key: str, check: Check) -> None:
    """Check a member that must be there."""
    if key in node:
        check(node[key])
    else:
        label = f"{node.label}.{key}" if node.label else key
        node.error(f'"{label}" is a required field.', f'add "{key}"')


def optional(node: Node, key: str, check: Check) -> None:
    """Check a member that may be there."""
    if key in node:
        check(node[key])


def unexpected(node: Node, known: Iterable[str], label: str | None = None) -> bool:
    """Warn of members that wrangler does not know; True if there are any."""
    unknown = [key for key in node.value if key not in known]
    if unknown:
        listed = ",".join(f'"{key}"' for key in unknown)
        message = f"Unexpected fields found in {label or node.label} field: {listed}"
        node.warning(message, suggestion(unknown, known), unknown[0])
    return bool(unknown)


def section(
    members: Mapping[str, Check], *needed: str, wording: str = TYPED, label: str | None = None
) -> Check:
    """Accept an object with these members; `needed` ones must be there, others are warned of.

    Args:
        label: what the warning calls the object.
    """

    def check(node: Node) -> None:
        if not is_object(node, wording):
            return
        for key in needed:
            if key not in node:
                required(node, key, anything)
        for key, member in members.items():
            optional(node, key, member)
        unexpected(node, members, label)

    return check


def table_of_strings(wording: str) -> Check:
    """Accept an object with any keys, whose values are strings.

    Args:
        wording: the message about one that is none: `{0}` is the label, `{1}` the key, `{2}` the
            value, `{3}` its type.
    """

    def check(node: Node) -> None:
        if not is_object(node):
            return
        for key, value in node.value.items():
            if kind_of(value) != "string":
                given = node.label, key, quote(value), kind_of(value)
                node.error(wording.format(*given), FIXES["string"], key)

    return check


def suggestion(
    unknown: list[str],
    known: Iterable[str],
    otherwise: str = "remove them, or check their spelling",
) -> str:
    """The known key that an unknown one is close to; else another remedy."""
    from difflib import get_close_matches

    for key in unknown:
        if close := get_close_matches(key, list(known), 1, 0.75):
            return f'did you mean "{close[0]}"?'
    return otherwise
