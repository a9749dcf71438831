"""console, and what it prints of values."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from contextvars import ContextVar

from flarelocal.javascript.host import HostObject, method
from flarelocal.javascript.signature import to_boolean
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.inspection import format_message, inspect

__all__ = ["Console", "Sink", "current_console", "report"]

Sink = Callable[[str, str], None]
"""Takes the level (`debug`, `info`, `log`, `warn` or `error`) and the text of a message."""


def _print(level: str, text: str) -> None:
    stream = sys.stderr if level in ("warn", "error") else sys.stdout
    stream.write(text + "\n")


current_console: ContextVar[Sink] = ContextVar("console", default=_print)
"""Where the messages of the present invocation go."""


def report(error: BaseException) -> None:
    """Print an error that nobody handles."""
    current_console.get()("error", f"Uncaught {inspect(error)}")


class Console(HostObject, js_name="Object"):
    """`console`."""

    __slots__ = ("_counts", "_indent", "_timers")

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._timers: dict[str, float] = {}
        self._indent = ""

    def to_js_string(self) -> str:
        return "[object console]"

    def _write(self, level: str, text: str) -> None:
        if self._indent:
            text = "\n".join(self._indent + line for line in text.split("\n"))
        current_console.get()(level, text)

    @method
    def log(self, *values: Value) -> None:
        self._write("log", format_message(values))

    @method
    def info(self, *values: Value) -> None:
        self._write("info", format_message(values))

    @method
    def debug(self, *values: Value) -> None:
        self._write("debug", format_message(values))

    @method
    def warn(self, *values: Value) -> None:
        self._write("warn", format_message(values))

    @method
    def error(self, *values: Value) -> None:
        self._write("error", format_message(values))

    @method
    def trace(self, *values: Value) -> None:
        text = format_message(values)
        self._write("log", f"Trace: {text}" if text else "Trace")

    @method(name="assert")
    def assert_(self, condition: Value = None, *values: Value) -> None:
        if not to_boolean(condition):
            text = format_message(values)
            self._write("error", f"Assertion failed: {text}" if text else "Assertion failed")

    @method
    def dir(self, value: Value = None, options: Value = None) -> None:
        self._write("log", inspect(value))

    @method
    def dirxml(self, *values: Value) -> None:
        self._write("log", format_message(values))

    @method
    def table(self, *values: Value) -> None:
        self._write("log", format_message(values))

    @method
    def clear(self) -> None:
        """Without effect: there is no screen."""

    @method
    def count(self, label: str = "default") -> None:
        self._counts[label] += 1
        self._write("log", f"{label}: {self._counts[label]}")

    @method
    def count_reset(self, label: str = "default") -> None:
        del self._counts[label]

    @method
    def group(self, *values: Value) -> None:
        if values:
            self._write("log", format_message(values))
        self._indent += "  "

    @method
    def group_collapsed(self, *values: Value) -> None:
        self.group(*values)

    @method
    def group_end(self) -> None:
        self._indent = self._indent[:-2]

    @method
    def time(self, label: str = "default") -> None:
        self._timers[label] = _now()

    @method
    def time_log(self, label: str = "default", *values: Value) -> None:
        if label in self._timers:
            text = f"{label}: {_now() - self._timers[label]}ms"
            self._write("log", " ".join([text, *map(to_string, values)]))

    @method
    def time_end(self, label: str = "default") -> None:
        self.time_log(label)
        self._timers.pop(label, None)


def _now() -> float:
    from flarelocal.javascript.date import now_ms

    return now_ms()
