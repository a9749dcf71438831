"""What Worker code prints: it appears as always, and is recorded."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TextIO

__all__ = ["console", "recorder", "redirect_output"]

recorder: ContextVar[Callable[[str, str, str], None] | None] = ContextVar("recorder", default=None)
"""Takes the stream, the level and the text of what the present invocation prints."""


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
    record = recorder.get()
    if record is not None:
        record(name, level, text)
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
        record = recorder.get()
        if record is not None:
            level = "log" if self._stream == "stdout" else "error"
            *lines, self._begun = (self._begun + written).split(b"\n")
            for line in lines:
                record(self._stream, level, line.decode("utf-8", "replace"))
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
