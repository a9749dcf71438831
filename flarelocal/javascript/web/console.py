"""console, and what it prints of values."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextvars import ContextVar

from flarelocal.javascript.host import HostObject, method
from flarelocal.javascript.numbers import to_number
from flarelocal.javascript.signature import properties_of, to_boolean
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.inspection import format_message, inspect

__all__ = ["Console", "Sink", "current_console", "report"]

_FAILED = "Assertion failed"

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
    """`console`; the functions that the runtime leaves to a debugger work as in Node."""

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
            text = isinstance(values[0], str) if values else False
            said = [f"Assertion failed: {values[0]}", *values[1:]] if text else [_FAILED, *values]
            self._write("error", format_message(said))

    @method
    def dir(self, value: Value = None, options: Value = None) -> None:
        depth = (properties_of(options) or {}).get("depth", 2)
        deepest = sys.maxsize if depth is null else to_number(depth)
        self._write("log", inspect(value, int(min(deepest, sys.maxsize))))

    @method
    def dirxml(self, *values: Value) -> None:
        self._write("log", format_message(values))

    @method
    def table(self, data: Value = None, columns: Value = None) -> None:
        from flarelocal.javascript.web.console_table import table

        drawn = table(data, columns)
        self._write("log", format_message([data]) if drawn is None else drawn)

    @method
    def clear(self) -> None:
        """Without effect: there is no screen."""

    @method
    def profile(self) -> None:
        """Without effect: nothing looks at profiles."""

    @method
    def profile_end(self) -> None:
        """Without effect, as `profile`."""

    @method
    def time_stamp(self) -> None:
        """Without effect: nothing looks at time lines."""

    @method
    def count(self, label: str = "default") -> None:
        self._counts[label] += 1
        self._write("log", f"{label}: {self._counts[label]}")

    @method
    def count_reset(self, label: str = "default") -> None:
        if label not in self._counts:
            self._write("warn", f"Count for '{label}' does not exist")
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
        if label in self._timers:
            self._write("warn", f"Label '{label}' already exists for console.time()")
        else:
            self._timers[label] = _now()

    @method
    def time_log(self, label: str = "default", *values: Value) -> None:
        self._tell_time("timeLog", label, values)

    @method
    def time_end(self, label: str = "default") -> None:
        self._tell_time("timeEnd", label)
        self._timers.pop(label, None)

    def _tell_time(self, function: str, label: str, values: Sequence[Value] = ()) -> None:
        if label in self._timers:
            passed = _duration(_now() - self._timers[label])
            self._write("log", format_message(["%s: %s", label, passed, *values]))
        else:
            self._write("warn", f"No such label '{label}' for console.{function}()")


def _duration(ms: float) -> str:
    """A time as Node writes it: `5ms`, `1.234s`, `1:02.500 (m:ss.mmm)`."""
    if ms < 1000:
        return f"{ms:g}ms"
    minutes, left = divmod(ms / 1000, 60)
    hours, minutes = divmod(int(minutes), 60)
    if hours:
        return f"{hours}:{minutes:02}:{int(left):02} (h:mm:ss)"
    if minutes:
        return f"{minutes}:{left:06.3f} (m:ss.mmm)"
    return f"{left:.3f}s"


def _now() -> float:
    from flarelocal.javascript.date import now_ms

    return now_ms()
