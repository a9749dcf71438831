"""`pyodide.console`: Python that is typed line by line."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import platform
import sys
import traceback
from codeop import CommandCompiler
from collections.abc import Callable, Iterator
from io import TextIOBase
from textwrap import dedent
from types import TracebackType
from typing import Any, Final, Literal, TextIO, cast

from flarelocal.pyodide.code_runner import CodeRunner

__all__ = ["BANNER", "Console", "ConsoleFuture", "PyodideConsole", "repr_shorten", "shorten"]

BANNER: Final = (
    f"Python {platform.python_version()} ({', '.join(platform.python_build())}) on"
    ' WebAssembly/Emscripten\nType "help", "copyright", "credits" or "license" for more'
    " information."
)

SyntaxCheck = Literal["incomplete", "syntax-error", "complete"]


class ConsoleFuture(asyncio.Future[Any]):
    """The result of what was typed.

    Attributes:
        syntax_check: whether it is a whole statement.
        formatted_error: the traceback of what it raised.
    """

    def __init__(self, syntax_check: SyntaxCheck) -> None:
        super().__init__()
        self.syntax_check: SyntaxCheck = syntax_check
        self.formatted_error: str | None = None

    def fail(self, error: BaseException, formatted: str) -> None:
        """Raise an error where somebody awaits the result; it is no matter if nobody does."""
        self.formatted_error = formatted
        self.set_exception(error)
        self.exception()


class Console:
    """Runs what is typed; see Pyodide's `Console`.

    Args:
        globals: the namespace; a new one by default.
        stdin_callback: gives what is read, of a size or (-1) any.
        stdout_callback: takes what is printed.
        stderr_callback: takes what is printed to the standard error.
        persistent_stream_redirection: the callbacks serve until `persistent_restore_streams`, not
            only while a statement runs.
    """

    completer_word_break_characters = " \t\n`~!@#$%^&*()-=+[{]}\\|;:'\",<>/?"

    def __init__(
        self,
        globals: dict[str, Any] | None = None,
        *,
        stdin_callback: Callable[[int], str] | None = None,
        stdout_callback: Callable[[str], None] | None = None,
        stderr_callback: Callable[[str], None] | None = None,
        persistent_stream_redirection: bool = False,
        filename: str = "<console>",
        dont_inherit: bool = False,
        optimize: int = -1,
    ) -> None:
        self.globals = {"__name__": "__console__", "__doc__": None} if globals is None else globals
        self.stdin_callback = stdin_callback
        self.stdout_callback = stdout_callback
        self.stderr_callback = stderr_callback
        self.filename = filename
        self.buffer: list[str] = []
        self._options: dict[str, Any] = {"dont_inherit": dont_inherit, "optimize": optimize}
        self._compile = CommandCompiler()
        self._compile.compiler.flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self._one_at_a_time = asyncio.Lock()
        self._running: set[asyncio.Task[None]] = set()
        self._redirected = contextlib.ExitStack()
        self._persistent = False
        if persistent_stream_redirection:
            self.persistent_redirect_streams()

    def persistent_redirect_streams(self) -> None:
        """Have the callbacks serve from now on."""
        if not self._persistent:
            self._redirected.enter_context(self._streams())
            self._persistent = True

    def persistent_restore_streams(self) -> None:
        """End that."""
        self._redirected.close()
        self._persistent = False

    @contextlib.contextmanager
    def redirect_streams(self) -> Iterator[None]:
        """Have the callbacks serve meanwhile."""
        if self._persistent:
            yield
            return
        with self._streams():
            yield

    @contextlib.contextmanager
    def _streams(self) -> Iterator[None]:
        stdin = sys.stdin
        with contextlib.ExitStack() as stack:
            if self.stdout_callback:
                stack.enter_context(contextlib.redirect_stdout(_Writer(self.stdout_callback)))
            if self.stderr_callback:
                stack.enter_context(contextlib.redirect_stderr(_Writer(self.stderr_callback)))
            if self.stdin_callback:
                stack.callback(setattr, sys, "stdin", stdin)
                sys.stdin = cast("TextIO", _Reader(self.stdin_callback))
            yield

    def push(self, line: str) -> ConsoleFuture:
        """Take a further line, and run what the lines so far are if they are whole."""
        self.buffer.append(line)
        result = self.runsource("\n".join(self.buffer), self.filename)
        if result.syntax_check != "incomplete":
            self.buffer = []
        return result

    def runsource(self, source: str, filename: str = "<console>") -> ConsoleFuture:
        """Run a statement if it is whole."""
        try:
            if self._compile(dedent(source), filename, "single") is None:
                incomplete = ConsoleFuture("incomplete")
                incomplete.set_result(None)
                return incomplete
            flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            runner = CodeRunner(source, filename=filename, flags=flags, **self._options).compile()
        except (OverflowError, SyntaxError, ValueError) as error:
            wrong = ConsoleFuture("syntax-error")
            wrong.fail(error, self.formatsyntaxerror(error))
            return wrong
        result = ConsoleFuture("complete")
        task = asyncio.ensure_future(self._run(result, source, runner))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return result

    async def _run(self, result: ConsoleFuture, source: str, code: CodeRunner) -> None:
        try:
            async with self._one_at_a_time:
                result.set_result(await self.runcode(source, code))
        except BaseException as error:
            result.fail(error, self.formattraceback(error))

    async def runcode(self, source: str, code: CodeRunner) -> Any:
        """Run compiled code; a subclass may do something before and after."""
        with self.redirect_streams():
            return await code.run_async(self.globals)

    def formatsyntaxerror(self, e: Exception) -> str:
        """What is shown of an error that says why source is no Python."""
        return "".join(traceback.format_exception_only(e))

    def num_frames_to_keep(self, tb: TracebackType | None) -> int:
        """How many frames, counted from the innermost, are of what was typed."""
        names = [frame.f_code.co_filename for frame, _ in traceback.walk_tb(tb)]
        return len(names) - names.index(self.filename) if self.filename in names else 0

    def formattraceback(self, e: BaseException) -> str:
        """What is shown of an error that was raised."""
        kept = self.num_frames_to_keep(e.__traceback__)
        return "".join(traceback.format_exception(type(e), e, e.__traceback__, -kept))

    def complete(self, source: str) -> tuple[list[str], int]:
        """What may come instead of the last word, and where that begins."""
        from rlcompleter import Completer

        start = 1 + max(source.rfind(mark) for mark in self.completer_word_break_characters)
        word, known = source[start:], Completer(self.globals)
        return (known.attr_matches(word) if "." in word else known.global_matches(word)), start


class PyodideConsole(Console):
    """A console that would load packages which the code imports; a Worker has its own already."""


class _Writer(TextIOBase):
    def __init__(self, take: Callable[[str], None]) -> None:
        self._take = take

    def write(self, text: str) -> int:
        self._take(text)
        return len(text)


class _Reader:
    def __init__(self, give: Callable[[int], str]) -> None:
        self._give = give

    def read(self, size: int = -1, /) -> str:
        return self._give(size)

    def readline(self, size: int = -1, /) -> str:
        return self._give(size)


def shorten(text: str, limit: int = 1000, split: int | None = None, separator: str = "...") -> str:
    """The beginning and the end of a text that is longer than a limit.

    Args:
        split: the length of both parts, but half the text at most; half the limit by default.

    Raises:
        ValueError: the limit is less than 2.
    """
    if limit < 2:
        raise ValueError("limit must be greater than or equal to 2.")
    if len(text) <= limit:
        return text
    part = min(limit // 2 if split is None else split, len(text) // 2)
    return f"{text[:part]}{separator}{text[-part:]}"


def repr_shorten(
    value: Any, limit: int = 1000, split: int | None = None, separator: str = "..."
) -> str:
    """The same for what `repr` gives."""
    return shorten(repr(value), limit, split, separator)
