"""The installed SDK asks the boundary for nothing that is not there."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from flarelocal.javascript.web.global_scope import GlobalScope
from flarelocal.pyodide.js_modules import JsModules
from flarelocal.pyodide.modules import pyodide_modules
from flarelocal.pyodide.profile import PROFILES

# The runtime does not have it either: what needs it fails there, too.
ABSENT = {"_pyodide_entrypoint_helper.patch_env_helper"}
HELPER = {"cloudflareSocketsModule", "cloudflareWorkersModule", "doAnImport", "patchWaitUntil"}
ROOTS = {"js", "pyodide", "_pyodide_entrypoint_helper"}


def _files() -> Iterator[Path]:
    found = importlib.util.find_spec("workers")
    assert found is not None
    assert found.origin is not None
    package = Path(found.origin).parent
    yield from package.rglob("*.py")
    yield package.parent / "asgi.py"


class _Names(ast.NodeVisitor):
    """What a module says at run time: `js.Response`, `pyodide.ffi.to_js`, …"""

    def __init__(self) -> None:
        self.found: set[str] = set()

    def visit_If(self, node: ast.If) -> None:
        if "TYPE_CHECKING" not in ast.dump(node.test):
            self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value:
            self.visit(node.value)

    def visit_arg(self, node: ast.arg) -> None:
        """Annotations are not evaluated."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        node.returns = None
        self.generic_visit(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        node.returns = None
        self.generic_visit(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if (node.module or "").partition(".")[0] in ROOTS and not node.level:
            self.found |= {f"{node.module}.{alias.name}" for alias in node.names}

    def visit_Attribute(self, node: ast.Attribute) -> None:
        text = ast.unparse(node)
        if text.partition(".")[0] in ROOTS and "(" not in text:
            self.found.add(text)
        self.generic_visit(node)


def _asked_for() -> set[str]:
    names = _Names()
    for file in _files():
        names.visit(ast.parse(file.read_text("utf-8")))
    return names.found


def _provided(name: str, rules: str = "314") -> bool:
    root, *path = name.split(".")
    if root == "js":
        return path[0] in GlobalScope.names
    if root == "_pyodide_entrypoint_helper":
        return path[0] in HELPER
    value: object = pyodide_modules(PROFILES[rules], JsModules())["pyodide"]
    for each in path:
        if not hasattr(value, each):
            return False
        value = getattr(value, each)
    return True


@pytest.mark.parametrize("rules", ["0.28", "314"])
def test_every_name_is_there(rules: str) -> None:
    asked = _asked_for()
    assert {"js.Response", "pyodide.ffi.to_js"} <= asked
    assert {name for name in asked - ABSENT if not _provided(name, rules)} == set()


@pytest.mark.parametrize("name", ["js.Response", "pyodide.ffi.to_js"])
def test_names_are_known(name: str) -> None:
    assert _provided(name)


@pytest.mark.parametrize("name", ["js.document", "pyodide.ffi.nothing", "pyodide.nothing.x"])
def test_names_are_missed(name: str) -> None:
    assert not _provided(name)
