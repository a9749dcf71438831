"""How the main module's classes and functions become handlers."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from flarelocal.emulator import StartError
from flarelocal.javascript.errors import JsError
from flarelocal.worker.python_code import methods_of
from tests.worker.conftest import Start


async def test_fetch_takes_what_it_has_parameters_for(start: Start) -> None:
    emulated = await start(
        """
        class Default(WorkerEntrypoint):
            async def fetch(self):
                return Response("no argument")
        """
    )
    assert await emulated.get() == "no argument"


async def test_env_and_ctx_are_empty(start: Start) -> None:
    emulated = await start(
        """
        class Default(WorkerEntrypoint):
            async def fetch(self, *args):
                return Response(repr([type(a).__name__ for a in args]))
        """
    )
    assert await emulated.get() == "['Request', 'NoneType', 'NoneType']"


async def test_queue_must_take_three_arguments(start: Start) -> None:
    emulated = await start(
        """
        class Default(WorkerEntrypoint):
            async def queue(self, batch):
                pass
        """
    )
    verdict = await emulated.queue("x")
    assert verdict.outcome == "exception"
    assert verdict.error is not None
    assert "Default.queue() takes 2 positional arguments but 4 were given" in verdict.error


async def test_a_handler_may_be_anything_that_can_be_called(start: Start) -> None:
    emulated = await start(
        """
        class Default(WorkerEntrypoint):
            fetch = lambda self, request: Response("lambda")
        """
    )
    assert await emulated.get() == "lambda"


@pytest.mark.parametrize(
    "source",
    [
        "class Other(WorkerEntrypoint):\n    def fetch(self): pass",
        "class Main(WorkerEntrypoint):\n    def fetch(self): pass\nDefault = Main",
        "__all__ = []\nclass Default(WorkerEntrypoint):\n    def fetch(self): pass",
        "async def on_fetch(request, env, ctx): pass",
    ],
    ids=["other name", "alias", "hidden", "function"],
)
async def test_without_a_class_default_nothing_is_exported(start: Start, source: str) -> None:
    emulated = await start(source)
    with pytest.raises(JsError, match=r"Handler does not export a fetch\(\) function\."):
        await emulated.get()


async def test_a_missing_handler_is_named(start: Start) -> None:
    emulated = await start("class Default(WorkerEntrypoint): pass")
    with pytest.raises(JsError, match="Method fetch does not exist"):
        await emulated.get()


async def test_functions_are_handlers_with_the_flag(start: Start) -> None:
    emulated = await start(
        """
        async def on_fetch(request, env, ctx):
            return Response(type(env).__name__)
        """,
        compatibility_flags=["python_workers", "disable_python_no_global_handlers"],
    )
    assert await emulated.get() == "JsProxy"


async def test_a_function_that_is_missing_is_named(start: Start) -> None:
    emulated = await start(
        "async def on_fetch(request): pass",
        compatibility_flags=["python_workers", "disable_python_no_global_handlers"],
    )
    outcome = await emulated.emulator.scheduled()
    assert str(outcome.error) == (
        'PythonUserError: Python entrypoint "worker.py" does not export a handler named '
        '"on_scheduled"'
    )


async def test_a_result_that_cannot_be_sent_is_refused(start: Start) -> None:
    emulated = await start(
        """
        class Default(WorkerEntrypoint):
            async def queue(self, batch, env, ctx):
                return (1, 2)
        """
    )
    verdict = await emulated.queue("x")
    assert verdict.error is not None
    assert verdict.error.endswith("TypeError: <class 'tuple'> cannot be sent over RPC.\n")


async def test_an_import_error_keeps_the_worker_from_starting(start: Start) -> None:
    with pytest.raises(StartError, match="No module named 'nosuchmodule'"):
        await start("import nosuchmodule")


def test_public_functions_are_methods() -> None:
    class Base:
        def inherited(self) -> None: ...

    class Entrypoint(Base):
        value = SimpleNamespace()

        def own(self) -> None: ...

        def _private(self) -> None: ...

        @staticmethod
        def static() -> None: ...

    assert methods_of(Entrypoint) == ["inherited", "own"]
