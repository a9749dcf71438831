"""What the terminal shows of WebSockets."""

from __future__ import annotations

from flarelocal.durable_objects.events import SocketsLost
from flarelocal.journal import Entry
from flarelocal.terminal.lines import Level, line
from flarelocal.terminal.style import Style


def test_sockets_that_a_reset_closes_are_worth_a_warning() -> None:
    event = SocketsLost("Room", "0" * 64, "lobby", 2, "enough")
    shown = line(Entry(1, 0, event), Style(coloured=False))
    assert shown is not None
    assert shown.level == Level.WARN
    assert shown.text == "Warning: 2 WebSockets of Room(lobby) closed by a reset: enough"
