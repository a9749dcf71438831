"""What Worker code prints: it appears as always, and is recorded."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol, TextIO

__all__ = ["Recorder", "console", "recorder", "redirect_output"]


class Recorder(Protocol):
    """Remembers what an invocation prints."""

    def log(self, stream: str, level: str, text: str) -> None:
        """Record a text."""


recorder: ContextVar[Recorder | None] = ContextVar("recorder", default=None)
"""What the present invocation prints goes there, too."""


@contextmanager
def redirect_output() -> Iterator[None]:
    """Record what invocations write to `sys.stdout` and `sys.stderr`.

    The streams look like those of Pyodide: buffered by lines, and on a terminal. This may be
    entered again where somebody has put other streams in their place.
    """
    usual = [each.take() for each in _STREAMS]
    try:
        yield
    finally:
        for each, before in zip(_STREAMS, usual, strict=True):
            each.give_back(before)


def console(level: str, text: str) -> None:
    """Where the messages of `console` go."""
    name = "stderr" if level in ("warn", "error") else "stdout"
    present = recorder.get()
    if present is not None:
        present.log(name, level, text)
    stream = getattr(sys, name)
    output = getattr(getattr(stream, "buffer", None), "raw", None)
    if isinstance(output, _Output):
        stream.flush()
        output.pass_on(text + "\n")
    else:
        stream.write(text + "\n")


class _Output(io.RawIOBase):
    """The file below a stream: passes everything on, and records whole lines.

    Args:
        usual: where it is passed on to is the last of these.
    """

    def __init__(self, stream: str, usual: list[TextIO]) -> None:
        self.name = f"<{stream}>"
        self._stream = stream
        self._usual = usual
        self._begun = b""

    def begin(self) -> None:
        """Forget a line that was not completed."""
        self._begun = b""

    def write(self, data: Any, /) -> int:
        written = bytes(data)
        present = recorder.get()
        if present is not None:
            level = "log" if self._stream == "stdout" else "error"
            *lines, self._begun = (self._begun + written).split(b"\n")
            for line in lines:
                present.log(self._stream, level, line.decode("utf-8", "replace"))
        self.pass_on(written.decode("utf-8", "replace"))
        return len(written)

    def pass_on(self, text: str) -> None:
        """Write without recording."""
        usual = self._usual[-1] if self._usual else None
        if usual is None or usual.closed:
            usual = getattr(sys, f"__{self._stream}__")
        usual.write(text)
        usual.flush()

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return 1 if self._stream == "stdout" else 2


class _Stream:
    """`sys.stdout` or `sys.stderr` as Workers have it; made once, unless one of them closes it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._usual: list[TextIO] = []
        self._make()

    def _make(self) -> None:
        self._output = _Output(self._name, self._usual)
        self._text = io.TextIOWrapper(
            io.BufferedWriter(self._output),
            encoding="utf-8",
            errors="strict" if self._name == "stdout" else "backslashreplace",
            newline="\n",
            line_buffering=True,
        )

    def take(self) -> TextIO:
        """Put it in the place of the usual one, which is given."""
        usual: TextIO = getattr(sys, self._name)
        if usual is not self._text:
            if self._output.closed:
                self._make()
            self._output.begin()
            self._usual.append(usual)
            setattr(sys, self._name, self._text)
        return usual

    def give_back(self, usual: TextIO) -> None:
        """Put the usual one in its place again, unless somebody has put another one there."""
        if not self._output.closed:
            self._text.flush()
        if usual is not self._text:
            self._usual.remove(usual)
            if getattr(sys, self._name) is self._text:
                setattr(sys, self._name, usual)


_STREAMS = _Stream("stdout"), _Stream("stderr")
