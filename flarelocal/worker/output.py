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

    The streams look like those of Pyodide: buffered by lines, and on a terminal.
    """
    usual = sys.stdout, sys.stderr
    ours = _stream(_Output("stdout", usual[0])), _stream(_Output("stderr", usual[1]))
    sys.stdout, sys.stderr = ours
    try:
        yield
    finally:
        ours[0].flush()
        ours[1].flush()
        if sys.stdout is ours[0]:
            sys.stdout = usual[0]
        if sys.stderr is ours[1]:
            sys.stderr = usual[1]


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


def _stream(output: _Output) -> io.TextIOWrapper:
    return io.TextIOWrapper(
        io.BufferedWriter(output),
        encoding="utf-8",
        errors="strict" if output.fileno() == 1 else "backslashreplace",
        newline="\n",
        line_buffering=True,
    )


class _Output(io.RawIOBase):
    """The file below the stream: passes everything on, and records whole lines."""

    def __init__(self, stream: str, usual: TextIO) -> None:
        self.name = f"<{stream}>"
        self._stream = stream
        self._usual = usual
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
        usual = self._usual if not self._usual.closed else getattr(sys, f"__{self._stream}__")
        usual.write(text)
        usual.flush()

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return 1 if self._stream == "stdout" else 2
