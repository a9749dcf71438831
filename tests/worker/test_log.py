"""What an invocation printed."""

from __future__ import annotations

from flarelocal.worker.log import Log


def test_lines_are_kept_in_order() -> None:
    log = Log()
    log.add("log", "first")
    log.add("warn", "second")
    assert log.lines == [("log", "first"), ("warn", "second")]


def test_after_256_kilobytes_it_is_cut_off() -> None:
    log = Log()
    for _ in range(300):
        log.add("log", "x" * 1024)
    assert len(log.lines) == 257
    assert log.lines[-1] == ("warn", "[The log is cut off here: it has reached 256 KB.]")
