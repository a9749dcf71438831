"""The CSS selectors that HTMLRewriter knows: those that can be decided at a start tag."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from flarelocal.dataclass import dataclass
from flarelocal.javascript.errors import JsError, type_error

__all__ = ["Selector", "Subject"]


@dataclass(frozen=True, slots=True)
class Subject:
    """An element as selectors see it.

    Attributes:
        place: which child of its parent it is, from 1 on.
        place_of_type: which among those of its name.
    """

    name: str
    attributes: Mapping[str, str]
    place: int
    place_of_type: int


_Test = Callable[[Subject], bool]
_Step = tuple[str, list[_Test]]

_PART = re.compile(
    r"""(?P<type>\*|-?[^\W\d][\w-]*)
      | \#(?P<id>-?[^\W\d][\w-]*)
      | \.(?P<cls>-?[^\W\d][\w-]*)
      | \[\s*(?P<attr>[\w:.-]+)\s*
          (?:(?P<op>[~^$*|]?=)\s*(?:"(?P<dq>[^"]*)"|'(?P<sq>[^']*)'|(?P<bare>[^\s\]"']+))\s*
          (?P<flag>[iIsS])?\s*)?\]
      | :(?P<pseudo>:?[\w-]+)(?:\((?P<arg>[^()]*)\))?""",
    re.VERBOSE,
)
_COMBINATOR = re.compile(r"\s*([>+~,])\s*|\s+")
_NTH = re.compile(
    r"\s*(?:(?P<a>[+-]?\d*)n\s*(?:(?P<sign>[+-])\s*(?P<b>\d+))?|(?P<only>[+-]?\d+))\s*"
)
_COMPARISONS: Mapping[str, Callable[[str, str], bool]] = {
    "=": lambda value, wanted: value == wanted,
    "~=": lambda value, wanted: wanted in value.split(),
    "^=": lambda value, wanted: bool(wanted) and value.startswith(wanted),
    "$=": lambda value, wanted: bool(wanted) and value.endswith(wanted),
    "*=": lambda value, wanted: bool(wanted) and wanted in value,
    "|=": lambda value, wanted: value == wanted or value.startswith(f"{wanted}-"),
}


class Selector:
    """A list of selectors, parsed.

    Args:
        text: such as `div.note > a[href]`.

    Raises:
        JsError: TypeError for what is no selector, or none that is supported.
    """

    __slots__ = ("_alternatives",)

    def __init__(self, text: str) -> None:
        self._alternatives = _parsed(text.strip())

    def matches(self, path: Sequence[Subject]) -> bool:
        """Whether the last element of a path from the root is selected."""
        return any(_matches(steps, len(steps) - 1, path) for steps in self._alternatives)


def _matches(steps: list[_Step], last: int, path: Sequence[Subject]) -> bool:
    combinator, tests = steps[last]
    if not path or not all(test(path[-1]) for test in tests):
        return False
    if last == 0:
        return True
    if combinator == ">":
        return _matches(steps, last - 1, path[:-1])
    return any(_matches(steps, last - 1, path[:end]) for end in range(len(path) - 1, 0, -1))


def _parsed(text: str) -> list[list[_Step]]:
    if not text:
        raise _refusal("The selector is empty.")
    alternatives: list[list[_Step]] = [[("", [])]]
    at = 0
    while at < len(text):
        if part := _PART.match(text, at):
            alternatives[-1][-1][1].append(_test(part))
            at = part.end()
        elif (found := _COMBINATOR.match(text, at)) and alternatives[-1][-1][1]:
            at = found.end()
            if found[1] == ",":
                alternatives.append([("", [])])
            elif found[1] in ("+", "~"):
                raise _refusal(f"Unsupported combinator `{found[1]}` in selector.")
            else:
                alternatives[-1].append((found[1] or " ", []))
        else:
            raise _refusal(_mistake(text[at:], first=not alternatives[-1][-1][1]))
    for steps in alternatives:
        if not steps[-1][1]:
            raise _refusal(
                "The selector is empty." if len(steps) == 1 else "Dangling combinator in selector."
            )
    return alternatives


def _mistake(rest: str, *, first: bool) -> str:
    """What is wrong with a selector from some place on."""
    if first:
        return "The selector is empty."
    if rest in (":", "::", "["):
        return "Unexpected end of selector."
    if rest[0] == ".":
        return "Invalid or unescaped class name in selector."
    return "Unexpected token in selector."


def _test(part: re.Match[str]) -> _Test:
    if name := part["type"]:
        lowered = name.lower()
        return lambda subject: name == "*" or subject.name == lowered
    if wanted := part["id"]:
        return lambda subject: subject.attributes.get("id") == wanted
    if wanted := part["cls"]:
        return lambda subject: wanted in subject.attributes.get("class", "").split()
    if part["pseudo"]:
        return _pseudo(part["pseudo"].lower(), part["arg"])
    return _attribute(part)


def _attribute(part: re.Match[str]) -> _Test:
    name = part["attr"].lower()
    if part["op"] is None:
        return lambda subject: name in subject.attributes
    compare = _COMPARISONS[part["op"]]
    wanted = next((found for found in part.group("dq", "sq", "bare") if found is not None), "")
    folded = (part["flag"] or "").lower() == "i"

    def test(subject: Subject) -> bool:
        value = subject.attributes.get(name)
        if value is None:
            return False
        return compare(value.lower(), wanted.lower()) if folded else compare(value, wanted)

    return test


def _pseudo(name: str, argument: str | None) -> _Test:
    if argument is None and name in ("first-child", "first-of-type"):
        argument, name = "1", name.replace("first", "nth")
    if argument is not None:
        if name == "nth-child":
            fits = _nth(argument)
            return lambda subject: fits(subject.place)
        if name == "nth-of-type":
            fits = _nth(argument)
            return lambda subject: fits(subject.place_of_type)
        if name == "not":
            excluded = Selector(argument)
            return lambda subject: not excluded.matches([subject])
    raise _refusal("Unsupported pseudo-class or pseudo-element in selector.")


def _nth(text: str) -> Callable[[int], bool]:
    text = {"odd": "2n+1", "even": "2n"}.get(text.strip().lower(), text)
    found = _NTH.fullmatch(text)
    if found is None:
        raise _refusal("Unexpected token in selector.")
    if found["only"]:
        step, first = 0, int(found["only"])
    else:
        step = int(found["a"] + "1" if found["a"] in ("", "+", "-") else found["a"])
        first = int(f"{found['sign']}{found['b']}") if found["b"] else 0

    def fits(place: int) -> bool:
        if step == 0:
            return place == first
        return (place - first) % step == 0 and (place - first) // step >= 0

    return fits


def _refusal(reason: str) -> JsError:
    return type_error(f"Parser error: {reason}")
