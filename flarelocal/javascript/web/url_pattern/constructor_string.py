"""A pattern given as one text, divided into components (URL Pattern Standard, 1.6)."""

from __future__ import annotations

from flarelocal.javascript.web.url_pattern.canonical import canonical_protocol
from flarelocal.javascript.web.url_pattern.component import compile_component
from flarelocal.javascript.web.url_pattern.parts import PLAIN
from flarelocal.javascript.web.url_pattern.tokens import Token, TokenType, tokenize

__all__ = ["divide"]

_LITERAL = frozenset({TokenType.CHAR, TokenType.ESCAPED_CHAR, TokenType.INVALID_CHAR})
_GROUPS = frozenset({TokenType.NAME, TokenType.REGEXP, TokenType.CLOSE, TokenType.ASTERISK})
_ORDER = ("protocol", "authority", "username", "password", "hostname", "port", "pathname")
_NEXT = {"/": ("pathname", 0), "?": ("search", 1), "#": ("hash", 1)}
"""What begins a component → the component, and how many tokens come before it."""


def divide(text: str) -> dict[str, str]:
    """The components that a pattern string has.

    Raises:
        PatternError: its protocol is no pattern.
    """
    return _Division(text).divide()


class _Division:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tokenize(text, lenient=True)
        self._result: dict[str, str] = {}
        self._state = "init"
        self._at = self._start = 0
        self._special = False

    def divide(self) -> dict[str, str]:
        depth = brackets = 0
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token.type is TokenType.END:
                if self._state == "init":
                    self._at = self._start
                    name, skip = _NEXT.get(self._begun("?#"), ("pathname", 0))
                    self._change(name, skip)
                elif self._state == "authority":
                    self._rewind("hostname")
                else:
                    self._change("done", 0)
                    break
            elif token.type is TokenType.OPEN:
                depth += 1
                self._at += 1
            elif depth:
                # What is in a group does not divide.
                depth -= token.type is TokenType.CLOSE
                self._at += 1
            else:
                if self._state == "hostname":
                    brackets += self._is("[") - self._is("]")
                if not self._step(inside_brackets=brackets > 0):
                    self._at += 1
        if "hostname" in self._result:
            self._result.setdefault("port", "")
        return self._result

    def _step(self, *, inside_brackets: bool) -> bool:
        """Look at a token; whether the next to look at is set already."""
        state = self._state
        if state == "init":
            if self._is(":"):
                self._rewind("protocol")
                return True
        elif state == "protocol":
            if self._is(":"):
                self._end_protocol()
                return True
        elif state == "authority":
            if self._is("@"):
                self._rewind("username")
                return True
            if self._begun("/?#"):
                self._rewind("hostname")
                return True
        elif state in ("username", "password"):
            if state == "username" and self._is(":"):
                return self._change("password", 1)
            if self._is("@"):
                return self._change("hostname", 1)
        elif state == "hostname" and self._is(":") and not inside_brackets:
            return self._change("port", 1)
        else:
            marks = {"pathname": "?#", "search": "#", "hash": ""}.get(state, "/?#")
            if mark := self._begun(marks):
                return self._change(*_NEXT[mark])
        return False

    def _end_protocol(self) -> None:
        protocol = compile_component(self._component(), canonical_protocol, PLAIN)
        self._special = protocol.is_special
        if self._is("/", 1) and self._is("/", 2):
            self._change("authority", 3)
        else:
            self._change("authority" if self._special else "pathname", 1)

    def _rewind(self, state: str) -> None:
        self._at = self._start
        self._state = state

    def _change(self, state: str, skip: int) -> bool:
        if self._state not in ("init", "authority"):
            self._result[self._state] = self._component()
        if self._state != "init" and state != "done":
            later = ("port", "pathname", "search", "hash")
            if self._state in _ORDER[:4] and state in later:
                self._result.setdefault("hostname", "")
            if self._state in _ORDER[:6] and state in later[2:]:
                self._result.setdefault("pathname", "/" if self._special else "")
            if self._state in _ORDER and state == "hash":
                self._result.setdefault("search", "")
        self._state = state
        self._at += skip
        self._start = self._at
        return True

    def _token(self, index: int) -> Token:
        return self._tokens[min(index, len(self._tokens) - 1)]

    def _is(self, char: str, further: int = 0) -> bool:
        token = self._token(self._at + further)
        return token.value == char and token.type in _LITERAL

    def _begun(self, marks: str) -> str:
        """Which of these marks stands here, "" for none."""
        for mark in marks:
            if self._is(mark) or (mark == "?" and self._is_query()):
                return mark
        return ""

    def _is_query(self) -> bool:
        """A `?` that is not the modifier of a group."""
        return self._token(self._at).value == "?" and (
            self._at == 0 or self._tokens[self._at - 1].type not in _GROUPS
        )

    def _component(self) -> str:
        start = self._token(self._start).index
        return self._text[start : self._tokens[self._at].index]
