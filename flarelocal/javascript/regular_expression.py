"""Regular expressions of JavaScript, as those of Python."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from flarelocal.dataclass import dataclass

__all__ = ["Expression", "compiled"]

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


def compiled(source: str, flags: str) -> Expression:
    """An expression of JavaScript that Python can run.

    Args:
        source: what stands between the slashes.
        flags: of `dgimsuvy`; `u` and `v` allow no needless escapes.

    Raises:
        ValueError: the source is no expression, or one that Python has no equal of.
    """
    translation = _Translation(source, flags)
    text = translation.translate()
    options = re.IGNORECASE if "i" in flags else re.NOFLAG
    try:
        pattern = re.compile(text, options | (re.MULTILINE if "m" in flags else re.NOFLAG))
    except (re.error, OverflowError) as refusal:
        raise ValueError(str(refusal)) from refusal
    return Expression(pattern, MappingProxyType(translation.names))


class _Translation:
    def __init__(self, source: str, flags: str) -> None:
        self._source = source
        self._at = 0
        self._strict = "u" in flags or "v" in flags
        self._sets = "v" in flags
        self._dot = _ANYTHING if "s" in flags else f"[^{_LINE_ENDS}]"
        self._end = f"(?=[{_LINE_ENDS}]|\\Z)" if "m" in flags else "\\Z"
        self._groups = 0
        self.names: dict[str, int] = {}

    def translate(self) -> str:
        return "".join(iter(self._next, ""))

    def _peek(self, length: int = 1) -> str:
        return self._source[self._at : self._at + length]

    def _take(self, length: int = 1) -> str:
        taken = self._peek(length)
        if len(taken) < length:
            raise ValueError("the expression ends too early")
        self._at += length
        return taken

    def _next(self) -> str:
        """The translation of the next term; "" at the end."""
        char = self._peek()
        if char in ("", "|", ")", "^"):
            self._at += len(char)
            return char
        if char == "(":
            return self._group()
        if quantifier := _QUANTIFIER.match(self._source, self._at):
            self._at = quantifier.end()
            if self._peek() in ("*", "+", "?") and self._peek():
                raise ValueError("nothing to repeat")
            return quantifier[0]
        if char == "\\":
            return self._escape()
        self._at += 1
        if char == "[":
            return self._class()
        if char in "{}]" and self._strict:
            raise ValueError(f"lone {char}")
        return {".": self._dot, "$": self._end}.get(char) or re.escape(char)

    def _group(self) -> str:
        if plain := _GROUP.match(self._source, self._at):
            self._at = plain.end()
            return plain[0]
        self._groups += 1
        if named := _NAMED_GROUP.match(self._source, self._at):
            self._at = named.end()
            if named[1] in self.names:
                raise ValueError(f"duplicate name {named[1]}")
            self.names[named[1]] = self._groups
            return "("
        self._at += 1
        if self._peek() == "?":
            raise ValueError("invalid group")
        return "("

    def _reference(self, number: int) -> str:
        # A group that has matched nothing refers to the empty text.
        return f"(?({number})\\{number}|)" if number <= self._groups else ""

    def _escape(self) -> str:
        self._take()
        char = self._peek()
        if char in ("b", "B") and char:
            self._at += 1
            word = _SETS["w"]
            edge = f"(?<=[{word}])(?![{word}])|(?<![{word}])(?=[{word}])"
            return f"(?:{edge})" if char == "b" else f"(?!{edge})"
        if char == "k" and (name := re.compile(r"k<([\w$]+)>").match(self._source, self._at)):
            self._at = name.end()
            if name[1] not in self.names:
                raise ValueError(f"no group is named {name[1]}")
            return self._reference(self.names[name[1]])
        if digits := re.compile(r"[1-9]\d*", re.ASCII).match(self._source, self._at):
            self._at = digits.end()
            return self._reference(int(digits[0]))
        return self._set() or re.escape(self._escaped(_SYNTAX))

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
        if char == "c" and self._peek().isascii() and self._peek().isalpha():
            return chr(ord(self._take()) % 32)
        form = _CODES.get(char)
        if form and (code := form.match(self._source, self._at)):
            self._at = code.end()
            return chr(int(code[0].strip("{}"), 16))
        if self._strict and char not in allowed:
            raise ValueError(f"invalid escape \\{char}")
        return char

    def _class(self) -> str:
        """A class after its bracket, as an expression for one character."""
        negated = self._peek() == "^"
        self._at += negated
        members: list[str] = []
        others: list[str] = []
        is_range = False
        while self._peek() != "]":
            if self._sets and self._peek(2) in ("--", "&&"):
                if len(members) + len(others) != 1 or is_range:
                    raise ValueError("an operand of a set operation is one character or class")
                others = [self._operation(_either(members, others))]
                members = []
                break
            one, is_set = self._member()
            if is_set:
                others.append(one)
            elif self._peek() == "-" and self._peek(2) not in ("--", "-]"):
                self._at += 1
                is_range = True
                last, is_set = self._member()
                if is_set or last < one:
                    raise ValueError("invalid range")
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
            raise ValueError("a set operation ends its class")
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
                raise ValueError(f"invalid character {char} in a class")
        return char, False


def _literal(char: str) -> str:
    return f"\\{char}" if char in "\\]^-[&~|" else char


def _nothing(negated: bool) -> str:
    return _ANYTHING if negated else "(?!)"


def _either(members: list[str], others: list[str]) -> str:
    own = [f"[{''.join(members)}]"] if members else []
    return f"(?:{'|'.join([*own, *others])})" if own or others else "(?!)"
