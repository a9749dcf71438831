from __future__ import annotations

import asyncio
from contextvars import copy_context

import pytest

from flarelocal.javascript.errors import JsError, range_error
from flarelocal.javascript.function import constructor_of_class
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.event import Event, MessageEvent
from flarelocal.javascript.web.event_target import listeners_are_independent
from flarelocal.javascript.web.message_channel import MessageChannel, MessagePort


async def test_what_one_port_posts_the_other_hears() -> None:
    channel, heard = MessageChannel(), list[Value]()
    channel.port2.add_event_listener("message", lambda event: heard.append(event.data))
    channel.port1.post_message({"a": [1]})
    assert heard == []
    await asyncio.sleep(0)
    assert heard == [{"a": [1]}]


async def test_messages_wait_for_a_listener() -> None:
    channel, heard = MessageChannel(), list[Event]()
    channel.port2.post_message("early")
    await asyncio.sleep(0)
    channel.port1.onmessage = heard.append
    await asyncio.sleep(0)
    [event] = heard
    assert isinstance(event, MessageEvent)
    assert (event.data, event.source, event.is_trusted) == ("early", channel.port1, True)


async def test_without_listeners_they_wait_again() -> None:
    channel, heard = MessageChannel(), list[Value]()
    channel.port1.onmessage = heard.append
    channel.port1.onmessage = null
    channel.port2.post_message(1)
    await asyncio.sleep(0)
    assert heard == []
    channel.port1.start()
    channel.port1.onmessage = heard.append
    await asyncio.sleep(0)
    assert len(heard) == 1


async def test_a_message_is_a_copy() -> None:
    channel, heard = MessageChannel(), list[Value]()
    channel.port2.onmessage = heard.append
    posted = {"a": 1}
    channel.port1.post_message(posted)
    posted["a"] = 2
    await asyncio.sleep(0)
    assert heard[0].data == {"a": 1}


async def test_what_cannot_be_cloned_cannot_be_posted() -> None:
    with pytest.raises(JsError, match="could not be cloned") as refused:
        MessageChannel().port1.post_message(lambda: None)
    assert refused.value.name == "DataCloneError"


async def test_nothing_can_be_transferred() -> None:
    port = MessageChannel().port1
    port.post_message(1, {"transfer": []})
    with pytest.raises(JsError, match="Transfer list is not supported"):
        port.post_message(1, [2])
    with pytest.raises(JsError, match="not of type 'Array or PostMessageOptions'"):
        port.post_message(1, 5)
    with pytest.raises(JsError, match="Incorrect type for the 'transfer' field"):
        port.post_message(1, {"transfer": 5})


async def test_closing_one_closes_both() -> None:
    channel, heard = MessageChannel(), list[str]()
    channel.port1.add_event_listener("close", lambda event: heard.append("first"))
    channel.port2.add_event_listener("close", lambda event: heard.append("second"))
    channel.port2.add_event_listener("message", lambda event: heard.append("message"))
    channel.port1.close()
    channel.port1.close()
    channel.port1.post_message("lost")
    await asyncio.sleep(0)
    assert heard == ["second", "first"]


def failing(event: Event) -> None:
    raise range_error("no")


async def test_an_error_of_a_listener_is_an_event() -> None:
    channel, heard = MessageChannel(), list[Value]()
    port = channel.port2
    port.add_event_listener("message", failing)
    port.add_event_listener("message", lambda event: heard.append(event.data))
    port.add_event_listener("messageerror", lambda event: heard.append(str(event.data)))
    channel.port1.post_message(5)
    await asyncio.sleep(0)
    assert heard == [5, "RangeError: no"]


async def test_before_september_2026_it_is_a_message() -> None:
    channel, heard = MessageChannel(), list[Value]()

    def hear(event: MessageEvent) -> None:
        heard.append(str(event.data))
        if len(heard) == 1:
            raise range_error("no")

    channel.port2.onmessage = hear
    dependent = copy_context()
    dependent.run(listeners_are_independent.set, False)
    dependent.run(channel.port1.post_message, 5)
    await asyncio.sleep(0)
    assert heard == ["5", "RangeError: no"]


def test_ports_cannot_be_made() -> None:
    with pytest.raises(JsError, match="Illegal constructor"):
        constructor_of_class(MessagePort).construct()
