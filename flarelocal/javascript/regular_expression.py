"""Regular expressions of JavaScript, as those of Python."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from flarelocal.dataclass import dataclass

__all__ = ["Expression", "Unsupported", "compiled"]

_LINE_ENDS = "\\n\\r\\u2028\\u2029"
_SPACES = "\\t\\n\\v\\f\\r \\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff"
_SETS = {"d": "0-9", "w": "A-Za-z0-9_", "s": _SPACES}
_CONTROLS = {"t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r"}
_SYNTAX = frozenset("^$\\.*+?()[]{}|/")
_CLASS_SYNTAX = frozenset("()[]{}/-|")
_CLASS_PUNCTUATION = frozenset("&-!#%,:;<=>@`~")
_DOUBLED = frozenset("&!#$%*+,.:;<=>?@^`~")
_ANYTHING = "[\\s\\S]"
_QUANTIFIER = re.compile(r"[*+?]\??|\{\d+(?:,\d*)?\}\??", re.ASCII)
_CODES = {
    "x": re.compile("[0-9a-fA-F]{2}"),
    "u": re.compile(r"[0-9a-fA-F]{4}|\{0*(?:10|[0-9a-fA-F])?[0-9a-fA-F]{1,4}\}"),
}
"""The letter of an escape → the code that follows it."""
_GROUP = re.compile(r"\(\?(?:[:=!]|<[=!]|[ims]*(?:-[ims]+)?:)")
_PROPERTY = re.compile(r"[pP]\{([\w=]+)\}", re.ASCII)
_NOTHING_TO = "Nothing to repeat"
_DIGITS = re.compile(r"[1-9]\d*", re.ASCII)
_OCTAL = re.compile("[0-3][0-7]{0,2}|[4-7][0-7]?")
_NAME = re.compile(r"k<([\w$]+)>")
_GROUPS = re.compile(r"\\[\s\S]|\[(?:\\[\s\S]|[^\]])*|\((?!\?)|\(\?<(?![=!])([\w$]+)>")
_NAMED_GROUP = re.compile(r"\(\?<([\w$]+)>")


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression.

    Attributes:
        pattern: of Python, with the same groups in the same order.
        names: of the named groups → their numbers.
    """

    pattern: re.Pattern[str]
    names: Mapping[str, int]


class Unsupported(ValueError):
    """It is an expression, but Python has no equal of it."""


def compiled(source: str, flags: str) -> Expression:
    """An expression of JavaScript that Python can run.

    Args:
        source: what stands between the slashes.
        flags: of `dgimsuvy`; `u` and `v` allow no needless escapes.

    Raises:
        ValueError: the source is no expression; the text is V8's where that is known.
        Unsupported: Python has no equal of it.
    """
    translation = _Translation(source, flags)
    text = translation.translate()
    options = re.IGNORECASE if "i" in flags else re.NOFLAG
    try:
        pattern = re.compile(text, options)
    except (re.error, OverflowError) as refusal:
        what = getattr(refusal, "msg", str(refusal))
        if "look-behind" in what:
            raise Unsupported(what) from refusal
        raise ValueError(what) from refusal
    return Expression(pattern, MappingProxyType(translation.names))


class _Translation:
    def __init__(self, source: str, flags: str) -> None:
        self._source = source
        self._at = 0
        self._strict = "u" in flags or "v" in flags
        self._sets = "v" in flags
        self._dot = _ANYTHING if "s" in flags else f"[^{_LINE_ENDS}]"
        self._begin = f"(?<![^{_LINE_ENDS}])" if "m" in flags else "^"
        self._end = f"(?=[{_LINE_ENDS}]|\\Z)" if "m" in flags else "\\Z"
        self._all_groups, self._all_names = _groups_of(source)
        self._groups = 0
        self._open: list[str] = []
        self._dangling = self._repeatable = False
        self.names: dict[str, int] = {}

    def translate(self) -> str:
        return "".join(iter(self._next, ""))

    def _peek(self, length: int = 1) -> str:
        return self._source[self._at : self._at + length]

    def _take(self, length: int = 1) -> str:
        taken = self._peek(length)
        if len(taken) < length:
            raise ValueError("\\ at end of pattern")
        self._at += length
        return taken

    def _next(self) -> str:
        """The translation of the next term; "" at the end."""
        char = self._peek()
        if char in ("", "|", ")", "^"):
            return self._edge(char)
        if char == "(":
            return self._group()
        if quantifier := _QUANTIFIER.match(self._source, self._at):
            return self._quantifier(quantifier)
        if char == "\\":
            self._repeatable = True
            return self._escape()
        self._at += 1
        if char == "[":
            made = self._class()
            self._repeatable = True
            return made
        if char in "{}]" and self._strict:
            if char == "{":
                raise ValueError("Incomplete quantifier" if self._repeatable else _NOTHING_TO)
            raise ValueError("Lone quantifier brackets")
        self._repeatable = char != "$"
        return {".": self._dot, "$": self._end}.get(char) or re.escape(char)

    def _edge(self, char: str) -> str:
        self._at += len(char)
        self._repeatable = False
        if char == "^":
            return self._begin
        if char == ")":
            if not self._open:
                raise ValueError("Unmatched ')'")
            opening = self._open.pop()
            ahead = opening in ("(?=", "(?!")
            self._repeatable = not opening.startswith("(?<") and not (ahead and self._strict)
        elif not char and self._open:
            raise ValueError("Unterminated group")
        elif not char and self._dangling:
            raise ValueError("Invalid named capture referenced")
        return char

    def _quantifier(self, found: re.Match[str]) -> str:
        if not self._repeatable:
            raise ValueError(_NOTHING_TO)
        least, _, most = found[0].strip("{}?").partition(",")
        if most and int(least) > int(most):
            raise ValueError("numbers out of order in {} quantifier")
        self._at = found.end()
        self._repeatable = False
        return found[0]

    def _group(self) -> str:
        self._repeatable = False
        if plain := _GROUP.match(self._source, self._at):
            self._at = plain.end()
            self._open.append(plain[0])
            return plain[0]
        self._open.append("(")
        self._groups += 1
        if named := _NAMED_GROUP.match(self._source, self._at):
            self._at = named.end()
            if named[1] in self.names:
                raise ValueError("Duplicate capture group name")
            self.names[named[1]] = self._groups
            return "("
        self._at += 1
        if self._peek() == "?":
            raise ValueError("Invalid group")
        return "("

    def _reference(self, number: int) -> str:
        # A group that has matched nothing, or comes later, refers to the empty text.
        return f"(?({number})\\{number}|)" if number <= self._groups else "(?:)"

    def _escape(self) -> str:
        self._take()
        char = self._peek()
        if char in ("b", "B") and char:
            self._at += 1
            self._repeatable = False
            word = _SETS["w"]
            edge = f"(?<=[{word}])(?![{word}])|(?<![{word}])(?=[{word}])"
            return f"(?:{edge})" if char == "b" else f"(?!{edge})"
        if char == "k" and (self._all_names or self._strict):
            return self._named_reference()
        digits = _DIGITS.match(self._source, self._at)
        if digits and (self._strict or int(digits[0]) <= self._all_groups):
            if int(digits[0]) > self._all_groups:
                raise ValueError("Invalid escape")
            self._at = digits.end()
            return self._reference(int(digits[0]))
        return self._set() or re.escape(self._escaped(_SYNTAX))

    def _named_reference(self) -> str:
        name = _NAME.match(self._source, self._at)
        if name is None:
            raise ValueError("Invalid named reference")
        self._at = name.end()
        if name[1] not in self._all_names:
            self._dangling = True
            return "(?:)"
        return self._reference(self._all_names[name[1]])

    def _set(self) -> str:
        """The class that an escape such as `\\d` stands for, after its backslash; else ""."""
        kind = self._peek()
        negation = "^" * kind.isupper()
        if kind and kind.lower() in _SETS:
            self._at += 1
            return f"[{negation}{_SETS[kind.lower()]}]"
        if self._strict and (found := _PROPERTY.match(self._source, self._at)):
            from flarelocal.javascript.unicode_property import characters_of

            self._at = found.end()
            return f"[{negation}{characters_of(found[1])}]"
        return ""

    def _escaped(self, allowed: frozenset[str]) -> str:
        """The character that an escape stands for, after its backslash."""
        char = self._take()
        if char in _CONTROLS:
            return _CONTROLS[char]
        if char == "0" and not self._peek().isdigit():
            return "\0"
        if not self._strict and (octal := _OCTAL.match(self._source, self._at - 1)):
            self._at = octal.end()
            return chr(int(octal[0], 8))
        if char == "c" and self._peek().isascii() and self._peek().isalpha():
            return chr(ord(self._take()) % 32)
        form = _CODES.get(char)
        if form and (code := form.match(self._source, self._at)):
            self._at = code.end()
            return chr(int(code[0].strip("{}"), 16))
        if self._strict and char not in allowed:
            raise ValueError("Invalid escape")
        return char

    def _class(self) -> str:
        """A class after its bracket, as an expression for one character."""
        negated = self._peek() == "^"
        self._at += negated
        members: list[str] = []
        others: list[str] = []
        is_range = False
        while self._peek() != "]":
            if not self._peek():
                raise ValueError("Unterminated character class")
            if self._sets and self._peek(2) in ("--", "&&"):
                if len(members) + len(others) != 1 or is_range:
                    raise ValueError("Invalid set operation in character class")
                others = [self._operation(_either(members, others))]
                members = []
                break
            one, is_set = self._member()
            ranges = self._peek() == "-" and self._peek(2) != "-]"
            ranges = ranges and not (self._sets and self._peek(2) == "--")
            if is_set:
                if ranges and self._strict:
                    raise ValueError("Invalid character class")
                others.append(one)
            elif ranges:
                self._at += 1
                is_range = True
                last, is_set = self._member()
                if is_set:
                    raise ValueError("Invalid character class")
                if last < one:
                    raise ValueError("Range out of order in character class")
                members.append(f"{_literal(one)}-{_literal(last)}")
            else:
                members.append(_literal(one))
        self._at += 1
        if not others:
            return f"[{'^' * negated}{''.join(members)}]" if members else _nothing(negated)
        either = _either(members, others)
        return f"(?:(?!{either}){_ANYTHING})" if negated else either

    def _operation(self, left: str) -> str:
        """The rest of a class in which something is taken from what stands left."""
        operator = self._peek(2)
        while self._peek(2) == operator:
            self._at += 2
            one, is_set = self._member()
            right = one if is_set else f"[{_literal(one)}]"
            left = f"(?:(?{'!' if operator == '--' else '='}{right}){left})"
        if self._peek() != "]":
            raise ValueError("Invalid set operation in character class")
        return left

    def _member(self) -> tuple[str, bool]:
        """The next member of a class: a character, or (True) an expression for several."""
        char = self._take()
        if char == "\\":
            if found := self._set():
                return found, True
            if self._peek() == "b":
                self._at += 1
                return "\b", False
            further = _CLASS_PUNCTUATION if self._sets else frozenset("-")
            return self._escaped(_SYNTAX | further), False
        if self._sets:
            if char == "[":
                return self._class(), True
            if char in _CLASS_SYNTAX or (char in _DOUBLED and self._peek() == char):
                raise ValueError("Invalid character in character class")
        return char, False


def _groups_of(source: str) -> tuple[int, dict[str, int]]:
    """The number of groups, and the named ones → their numbers."""
    count, names = 0, dict[str, int]()
    for found in _GROUPS.finditer(source):
        if found[0][0] == "(":
            count += 1
            if found[1]:
                names[found[1]] = count
    return count, names


def _literal(char: str) -> str:
    return f"\\{char}" if char in "\\]^-[&~|" else char


def _nothing(negated: bool) -> str:
    return _ANYTHING if negated else "(?!)"


def _either(members: list[str], others: list[str]) -> str:
    own = [f"[{''.join(members)}]"] if members else []
    return f"(?:{'|'.join([*own, *others])})" if own or others else "(?!)"
