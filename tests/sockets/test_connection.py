"""A connection within the process."""

from __future__ import annotations

import asyncio

from flarelocal.sockets.connection import Close, End, Lost


async def test_frames_arrive_in_order() -> None:
    left, right = End.pair()
    for frame in ("a", b"b", Close(4000, "c")):
        left.send(frame)
    assert [await right.receive() for _ in range(3)] == ["a", b"b", Close(4000, "c")]


async def test_nothing_follows_a_close() -> None:
    left, right = End.pair()
    left.send(Close())
    left.send("more")
    left.drop()
    assert await right.receive() == Close()
    waiting = asyncio.ensure_future(right.receive())
    await asyncio.sleep(0)
    assert not waiting.done()
    waiting.cancel()


async def test_each_direction_is_closed_by_itself() -> None:
    left, right = End.pair()
    left.send(Close())
    right.send("still")
    assert await left.receive() == "still"


async def test_who_waits_gets_what_comes() -> None:
    left, right = End.pair()
    waiting = asyncio.ensure_future(right.receive())
    await asyncio.sleep(0)
    left.send("x")
    assert await waiting == "x"


async def test_an_end_that_nobody_holds_is_lost() -> None:
    left, right = End.pair()
    left.send("before")
    del left
    assert [await right.receive(), await right.receive()] == ["before", Lost()]
    right.send("to nobody")


async def test_a_sender_can_wait_for_the_receiver() -> None:
    left, right = End.pair()
    left.send(b"x" * (2 << 20))
    assert left.crowded
    room = asyncio.ensure_future(left.room())
    await asyncio.sleep(0)
    assert not room.done()
    await right.receive()
    await room
    assert not left.crowded


async def test_a_receiver_that_is_gone_holds_nobody_up() -> None:
    left, right = End.pair()
    left.send(b"x" * (2 << 20))
    right.drop()
    await left.room()
    assert not left.crowded
