"""`pyodide.code`: running Python source, and what can be told of it beforehand."""

from __future__ import annotations

import ast
import inspect
import sys
import tokenize
from collections.abc import Iterator
from io import StringIO
from textwrap import dedent
from types import CodeType
from typing import Any, Final, cast

from flarelocal.javascript.errors import JsError
from flarelocal.pyodide.exception import JsException

__all__ = [
    "CodeRunner",
    "eval_code",
    "eval_code_async",
    "find_imports",
    "run_js",
    "should_quiet",
]

_RESULT: Final = "__pyodide_result__"


class CodeRunner:
    """Source that can be compiled once and run many times; see Pyodide's `CodeRunner`.

    Args:
        return_mode: `last_expr`: give the value of the last statement if it is an expression,
            `last_expr_or_assign`: or what it assigns to a name, `none`: give None.
        quiet_trailing_semicolon: a semicolon at the end has the value not given.

    Raises:
        SyntaxError: the source is no Python.
        ValueError: there is no such mode.
    """

    def __init__(
        self,
        source: str,
        *,
        return_mode: str = "last_expr",
        mode: str = "exec",
        quiet_trailing_semicolon: bool = True,
        filename: str = "<exec>",
        flags: int = 0,
        dont_inherit: bool = False,
        optimize: int = -1,
    ) -> None:
        if return_mode not in ("last_expr", "last_expr_or_assign", "none"):
            raise ValueError(f"Unrecognized return_mode {return_mode!r}")
        self.filename = filename
        self._mode = mode
        self._options = (flags, dont_inherit, optimize)
        self.ast = cast("ast.Module", ast.parse(dedent(source), filename, mode))
        if return_mode != "none" and not (quiet_trailing_semicolon and should_quiet(source)):
            _keep_result(self.ast, assigned=return_mode == "last_expr_or_assign")

    def compile(self) -> CodeRunner:
        self.code: CodeType = compile(self.ast, self.filename, self._mode, *self._options)
        return self

    def run(
        self, globals: dict[str, Any] | None = None, locals: dict[str, Any] | None = None
    ) -> Any:
        """Run the code and give its result.

        Raises:
            RuntimeError: it was not compiled.
        """
        return self._run(globals, locals)[1]

    async def run_async(
        self, globals: dict[str, Any] | None = None, locals: dict[str, Any] | None = None
    ) -> Any:
        """As `run`, for code with `await` at the top level."""
        waits, result = self._run(globals, locals, take=False)
        if inspect.iscoroutine(waits):
            await waits
        return _taken(result)

    def _run(
        self,
        globals: dict[str, Any] | None,
        locals: dict[str, Any] | None,
        *,
        take: bool = True,
    ) -> tuple[Any, Any]:
        if not hasattr(self, "code"):
            raise RuntimeError("Not yet compiled")
        if globals is None:
            globals = sys.modules["__main__"].__dict__
        space = globals if locals is None else locals
        outcome = eval(self.code, globals, space)
        return outcome, _taken(space) if take else space


def _taken(space: dict[str, Any]) -> Any:
    return space.pop(_RESULT, None)


def _keep_result(tree: ast.Module, *, assigned: bool) -> None:
    """Have the last statement leave its value under a name."""
    if not tree.body:
        return
    last = tree.body[-1]
    target = ast.Name(_RESULT, ast.Store())
    if isinstance(last, ast.Expr):
        tree.body[-1] = ast.copy_location(ast.Assign([target], last.value), last)
    elif assigned and isinstance(last, ast.Assign) and isinstance(last.targets[0], ast.Name):
        last.targets.append(target)
    ast.fix_missing_locations(tree)


def eval_code(
    source: str,
    globals: dict[str, Any] | None = None,
    locals: dict[str, Any] | None = None,
    **options: Any,
) -> Any:
    """Run Python source and give the value of its last expression; see `CodeRunner`."""
    return CodeRunner(source, **options).compile().run(globals, locals)


async def eval_code_async(
    source: str,
    globals: dict[str, Any] | None = None,
    locals: dict[str, Any] | None = None,
    *,
    flags: int = 0,
    **options: Any,
) -> Any:
    """As `eval_code`, for source with `await` at the top level."""
    flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    return await CodeRunner(source, flags=flags, **options).compile().run_async(globals, locals)


def find_imports(source: str) -> list[str]:
    """The names of the modules that source imports; none where it is no Python."""
    try:
        tree = ast.parse(dedent(source))
    except SyntaxError:
        return []
    return sorted(set(_imported(tree)))


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        for name in names:
            yield name
            yield name.partition(".")[0]


def should_quiet(source: str) -> bool:
    """Whether the last token of the source, apart from comments, is a semicolon."""
    ignored = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER)
    tokens = tokenize.generate_tokens(StringIO(source.rstrip()).readline)
    try:
        texts = [token.string for token in tokens if token.type not in ignored]
    except (tokenize.TokenError, SyntaxError):
        return False
    return bool(texts) and texts[-1] == ";"


def run_js(code: str, /) -> Any:
    """Refused: the runtime runs no JavaScript from text.

    Raises:
        TypeError: it is no text.
        JsException: EvalError, for any text.
    """
    if not isinstance(code, str):
        raise TypeError(f"argument should have type 'string' not type '{type(code).__name__}'")
    message = "Code generation from strings disallowed for this context"
    raise JsException._of_error(JsError(message, name="EvalError"))
