"""`pyodide.code`: running Python source, and what can be told of it beforehand."""

from __future__ import annotations

import ast
import inspect
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
            `last_expr_or_assign`: or what it assigns to a name; any other: give None.
        quiet_trailing_semicolon: a semicolon at the end has the value not given.

    Raises:
        SyntaxError: the source is no Python.
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
        self.filename = filename
        self._mode = mode
        self._options = (flags, dont_inherit, optimize)
        self.ast = cast("ast.Module", ast.parse(dedent(source), filename, mode))
        self._return_mode = return_mode
        if quiet_trailing_semicolon and should_quiet(source):
            self._return_mode = "none"

    def compile(self) -> CodeRunner:
        """Compile what is in `ast`, which a program may have changed.

        Raises:
            RuntimeError: that was done before.
        """
        if hasattr(self, "code"):
            raise RuntimeError("Already compiled")
        if self._return_mode == "last_expr_or_assign":
            _name_what_is_assigned(self.ast)
        if self._return_mode.startswith("last_expr"):
            _keep_result(self.ast)
        self.code: CodeType = compile(self.ast, self.filename, self._mode, *self._options)
        return self

    def run(
        self, globals: dict[str, Any] | None = None, locals: dict[str, Any] | None = None
    ) -> Any:
        """Run the code and give its result.

        Raises:
            RuntimeError: it was not compiled, or has `await` at the top level.
        """
        waits, result = self._run(globals, locals)
        if inspect.iscoroutine(waits):
            waits.close()
            raise RuntimeError(
                "Used eval_code with TOP_LEVEL_AWAIT. Use run_async for this instead."
            )
        return _taken(result)

    async def run_async(
        self, globals: dict[str, Any] | None = None, locals: dict[str, Any] | None = None
    ) -> Any:
        """As `run`, for code with `await` at the top level."""
        waits, result = self._run(globals, locals)
        if inspect.iscoroutine(waits):
            await waits
        return _taken(result)

    def _run(
        self,
        globals: dict[str, Any] | None,
        locals: dict[str, Any] | None,
    ) -> tuple[Any, dict[str, Any]]:
        if not hasattr(self, "code"):
            raise RuntimeError("Not yet compiled")
        names = {} if globals is None else globals
        space = names if locals is None else locals
        return eval(self.code, names, space), space


def _taken(space: dict[str, Any]) -> Any:
    return space.pop(_RESULT, None)


def _name_what_is_assigned(tree: ast.Module) -> None:
    """Add the name to which the last statement assigns, as an expression."""
    last = tree.body[-1] if tree.body else None
    target: ast.expr | None = None
    if isinstance(last, ast.Assign):
        target = last.targets[0]
    elif isinstance(last, ast.AugAssign | ast.AnnAssign):
        target = last.target
    if isinstance(target, ast.Name):
        tree.body.append(ast.Expr(ast.Name(target.id, ast.Load())))
        ast.fix_missing_locations(tree)


def _keep_result(tree: ast.Module) -> None:
    """Have the last statement, if it is an expression, leave its value under a name."""
    last = tree.body[-1] if isinstance(tree.body, list) and tree.body else None
    if isinstance(last, ast.Expr):
        target = ast.Name(_RESULT, ast.Store())
        tree.body[-1] = ast.copy_location(ast.Assign([target], last.value), last)
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
