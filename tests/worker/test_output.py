"""What Workers print."""

from __future__ import annotations

import io
import sys

import pytest

from flarelocal.worker.events import Logged
from flarelocal.worker.output import redirect_output
from tests.worker.conftest import Start


async def lines(start: Start, body: str) -> list[tuple[str, str, str]]:
    emulated = await start(
        f"""
        import js, sys
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                {body}
                return Response("")
        """
    )
    await emulated.get()
    return [(line.stream, line.level, line.text) for line in emulated.events(Logged)]


async def test_printed_lines_are_recorded(start: Start) -> None:
    assert await lines(start, "print('one', 2); print('a\\nb')") == [
        ("stdout", "log", "one 2"),
        ("stdout", "log", "a"),
        ("stdout", "log", "b"),
    ]


async def test_a_line_is_recorded_when_it_is_complete(start: Start) -> None:
    body = "print('no newline', end='', flush=True); print(' then')"
    assert await lines(start, body) == [("stdout", "log", "no newline then")]


async def test_errors_have_a_stream_of_their_own(start: Start) -> None:
    body = "print('wrong', file=sys.stderr)"
    assert await lines(start, body) == [("stderr", "error", "wrong")]


async def test_messages_to_the_console_keep_their_level(start: Start) -> None:
    body = "js.console.debug('d'); js.console.log('l\\nm'); js.console.warn('w')"
    assert await lines(start, body) == [
        ("stdout", "debug", "d"),
        ("stdout", "log", "l\nm"),
        ("stderr", "warn", "w"),
    ]


async def test_what_is_printed_appears_as_well(
    start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    await lines(start, "print('printed'); js.console.error('logged')")
    assert capsys.readouterr() == ("printed\n", "logged\n")


async def test_the_streams_are_given_back(start: Start) -> None:
    usual = sys.stdout
    emulated = await start("class Default(WorkerEntrypoint): pass")
    assert sys.stdout is not usual
    await emulated.emulator.stop()
    assert sys.stdout is usual


async def test_what_is_printed_between_events_is_not_recorded(start: Start) -> None:
    emulated = await start("class Default(WorkerEntrypoint): pass")
    sys.stdout.write("between\n")
    assert emulated.events(Logged) == []


def test_a_stream_that_a_worker_closes_is_there_for_the_next_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for _ in range(2):
        with redirect_output():
            sys.stdout.write("written\n")
            sys.stdout.close()
    assert capsys.readouterr().out == "written\n" * 2


def test_streams_that_were_replaced_meanwhile_are_taken_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with redirect_output():
        ours, sys.stdout = sys.stdout, io.StringIO()
        with redirect_output():
            assert sys.stdout is ours
            with redirect_output():
                sys.stdout.write("inside\n")
        assert sys.stdout.getvalue() == "inside\n"
        sys.stdout = ours
        sys.stdout.write("outside\n")
    assert capsys.readouterr().out == "outside\n"
