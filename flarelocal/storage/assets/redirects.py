"""The file `_redirects`: where requests for a path are sent, or which path answers them."""

from __future__ import annotations

import re

from flarelocal.dataclass import dataclass
from flarelocal.storage.assets.parsing import (
    REDIRECTS_FILE,
    Problem,
    RuleError,
    has_host,
    meaningful_lines,
    normal_url,
)
from flarelocal.storage.assets.patterns import has_variables, replaced, rule_pattern

__all__ = ["Redirect", "RedirectRules"]

_MAX_STATIC = 2000
_MAX_DYNAMIC = 100
_STATUSES = {"200": 200, "301": 301, "302": 302, "303": 303, "307": 307, "308": 308}
_COMMENT = re.compile(r"\s+#.*$")
_INDEX = re.compile(r"/index(.html)?$")
_SCHEME = re.compile(r"\w+://", re.ASCII)


@dataclass(frozen=True, slots=True)
class Redirect:
    """One rule; with the status 200 the path `to` answers, without the client knowing."""

    source: str
    to: str
    status: int


class RedirectRules:
    """The rules of a `_redirects` file (Cloudflare docs, "Redirects" of static assets).

    Rules without variables that stand above all others come first, whatever their order.

    Args:
        html: whether HTML files are served without their ending.

    Attributes:
        problems: the lines that are ignored.
    """

    def __init__(self, text: str, *, html: bool) -> None:
        self.problems: list[Problem] = []
        self._html = html
        self._static: dict[str, Redirect] = {}
        self._dynamic: list[tuple[re.Pattern[str], Redirect]] = []
        self._sources: set[str] = set()
        for number, line in meaningful_lines(text, self.problems, REDIRECTS_FILE):
            try:
                self._add(self._read(line))
            except RuleError as error:
                self.problems.append(Problem(REDIRECTS_FILE, number, str(error)))

    def match(self, path: str) -> Redirect | None:
        """The rule for a path as its URL has it, its variables replaced."""
        if found := self._static.get(path):
            return found
        for pattern, redirect in self._dynamic:
            if match := pattern.fullmatch(path):
                to = replaced(redirect.to, match.groupdict()).strip()
                if not _SCHEME.match(to):
                    to = re.sub("/+", "/", to)
                return Redirect(redirect.source, to, redirect.status)
        return None

    def _read(self, line: str) -> Redirect:
        words = _COMMENT.sub("", line).split()
        if len(words) not in (2, 3):
            raise RuleError(
                f"Expected exactly 2 or 3 whitespace-separated tokens. Got {len(words)}."
            )
        source = normal_url(words[0], relative=True, ports=False, query=False)
        to = normal_url(words[1], relative=False, ports=True, query=True)
        status = words[2] if len(words) == 3 else "302"
        if status not in _STATUSES:
            raise RuleError(
                f"Valid status codes are 200, 301, 302 (default), 303, 307, or 308. Got {status}."
            )
        redirect = Redirect(source, to, _STATUSES[status])
        self._check(redirect)
        return redirect

    def _check(self, redirect: Redirect) -> None:
        source, to = redirect.source, redirect.to
        to_index = not has_host(to) and _INDEX.search(to)
        if to_index and (source.endswith("/*") or (self._html and source.endswith("/"))):
            raise RuleError(
                "Infinite loop detected in this rule and has been ignored. This will cause a"
                " redirect to strip `.html` or `/index` and end up triggering this rule again."
                " Please fix or remove this rule to silence this warning."
            )
        if source in self._sources:
            raise RuleError(f"Ignoring duplicate rule for path {source}.")
        if redirect.status == 200 and has_host(to):
            raise RuleError(f"Proxy (200) redirects can only point to relative paths. Got {to}")

    def _add(self, redirect: Redirect) -> None:
        self._sources.add(redirect.source)
        if not self._dynamic and not has_variables(redirect.source):
            if len(self._static) >= _MAX_STATIC:
                raise RuleError(
                    f"Maximum number of static rules supported is {_MAX_STATIC}. Skipping line."
                )
            self._static[redirect.source] = redirect
            return
        if len(self._dynamic) >= _MAX_DYNAMIC:
            raise RuleError(
                f"Maximum number of dynamic rules supported is {_MAX_DYNAMIC}. Skipping line."
            )
        pattern = rule_pattern(redirect.source)
        if pattern is None:
            raise RuleError("A placeholder can be in a path only once.")
        self._dynamic.append((pattern, redirect))
