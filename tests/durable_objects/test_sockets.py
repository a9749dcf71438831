"""WebSockets that an object accepted; the facts are those of workerd's hibernation manager."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from flarelocal.durable_objects.errors import DurableObjectError
from flarelocal.durable_objects.events import ObjectConstructed, ObjectReset, SocketsLost
from flarelocal.durable_objects.sockets import AutoResponse, HibernatableSocket, ObjectSockets
from flarelocal.sockets.connection import Close, End, Frame, Lost
from tests.durable_objects.stage import Instance, Stage


async def connect(stage: Stage, *tags: str, name: str = "a") -> End:
    """A client's end of a new socket of an object."""
    client, end = End.pair()
    await stage.do(lambda instance: instance.actor.sockets.accept(end, tags), name)
    return client


async def seen(stage: Stage) -> list[Any]:
    await stage.clock.idle()
    return await stage.do(lambda instance: list(instance.seen))


async def sockets(stage: Stage, tag: str | None = None) -> list[HibernatableSocket]:
    return await stage.do(lambda instance: instance.actor.sockets.all(tag))


async def reset(stage: Stage, reason: str) -> None:
    with pytest.raises(DurableObjectError, match=reason):
        await stage.do(lambda instance: instance.actor.abort(reason))


async def test_messages_reach_the_object(stage: Stage) -> None:
    client = await connect(stage)
    client.send("a")
    client.send(b"b")
    assert await seen(stage) == ["a", b"b"]


async def test_an_open_socket_does_not_keep_the_object_in_memory(stage: Stage) -> None:
    client = await connect(stage, "tag")
    (socket,) = await sockets(stage)
    socket.attachment, socket.face = b"kept", "lost"
    await stage.clock.advance(10_000)
    assert socket.face is None
    client.send("hello")
    assert await seen(stage) == ["hello"]
    assert len(stage.events(ObjectConstructed)) == 2
    (again,) = await sockets(stage, "tag")
    assert (again, again.attachment) == (socket, b"kept")


async def test_messages_that_come_keep_it_there(stage: Stage) -> None:
    client = await connect(stage)
    for _ in range(3):
        await stage.clock.advance(9_000)
        client.send("x")
    assert await seen(stage) == ["x"] * 3


async def test_messages_do_not_wait_for_handlers_that_wait_themselves(stage: Stage) -> None:
    async def hear(instance: Instance, socket: HibernatableSocket, frame: Frame) -> None:
        instance.seen.append(f"begin {frame!r}")
        await stage.clock.sleep(100)
        instance.seen.append(f"end {frame!r}")

    stage.hearing = hear
    one, other = await connect(stage), await connect(stage)
    one.send("a")
    one.send("b")
    other.send("c")
    await stage.clock.advance(300)
    assert await seen(stage) == [
        "begin 'a'",
        "begin 'c'",
        "begin 'b'",
        "end 'a'",
        "end 'c'",
        "end 'b'",
    ]


async def test_the_messages_of_one_socket_wait_for_critical_sections(stage: Stage) -> None:
    async def hear(instance: Instance, socket: HibernatableSocket, frame: Frame) -> None:
        async def section() -> None:
            await stage.clock.sleep(100)
            instance.seen.append(f"end {frame!r}")

        instance.seen.append(f"begin {frame!r}")
        await instance.actor.block_concurrency_while(section)

    stage.hearing = hear
    client = await connect(stage)
    client.send("a")
    client.send("b")
    await stage.clock.advance(200)
    assert await seen(stage) == ["begin 'a'", "end 'a'", "begin 'b'", "end 'b'"]


async def test_a_handler_that_fails_leaves_its_socket_open(stage: Stage) -> None:
    async def hear(instance: Instance, socket: HibernatableSocket, frame: Frame) -> None:
        instance.seen.append(frame)
        raise {"a": ValueError("no"), "b": asyncio.CancelledError()}[str(frame)]

    stage.hearing = hear
    client = await connect(stage)
    client.send("a")
    client.send("b")
    assert await seen(stage) == ["a", "b"]
    assert len(await sockets(stage)) == 1


async def test_a_socket_is_there_until_its_close_was_handled(stage: Stage) -> None:
    async def hear(instance: Instance, socket: HibernatableSocket, frame: Frame) -> None:
        instance.seen.append((frame, len(instance.actor.sockets)))

    stage.hearing = hear
    client = await connect(stage)
    client.send(Close(4000, "bye"))
    assert await seen(stage) == [(Close(4000, "bye"), 1)]
    assert await sockets(stage) == []


async def test_an_eviction_by_hand_keeps_sockets_or_loses_them(stage: Stage) -> None:
    client = await connect(stage)
    id = stage.namespace.ids.from_name("a")
    await stage.namespace.evict(id)
    client.send("hello")
    assert await seen(stage) == ["hello"]
    await stage.namespace.evict(id, disconnect=True)
    assert await client.receive() == Lost()


async def test_who_keeps_nothing_of_a_closed_socket_loses_the_connection(stage: Stage) -> None:
    client = await connect(stage)
    client.send(Close())
    await stage.clock.idle()
    assert await client.receive() == Lost()


async def test_all_are_listed_from_the_newest_and_tagged_ones_from_the_oldest(
    stage: Stage,
) -> None:
    clients = [await connect(stage, *tags) for tags in (("x",), (), ("y", "x"))]
    assert [socket.tags for socket in await sockets(stage)] == [("y", "x"), (), ("x",)]
    assert [socket.tags for socket in await sockets(stage, "x")] == [("x",), ("y", "x")]
    assert await sockets(stage, "z") == []
    assert len(clients) == 3


def test_tags_are_distinct() -> None:
    assert ObjectSockets.distinct(["b", "a", "b"]) == ("b", "a")


@pytest.mark.parametrize(
    ("tags", "message"),
    [
        (
            [*map(str, range(10)), "1"],
            "a Hibernatable WebSocket cannot have more than 10 tags",
        ),
        (["é" * 129], f'"{"é" * 129}" is longer than the max tag length (256 characters).'),
    ],
)
def test_tags_have_limits(tags: list[str], message: str) -> None:
    with pytest.raises(DurableObjectError) as refusal:
        ObjectSockets.distinct(tags)
    assert refusal.value.message == message


async def test_an_object_has_at_most_32768_sockets() -> None:
    def deliver(socket: HibernatableSocket, frame: Frame) -> asyncio.Future[None]:
        raise AssertionError("nothing is sent")

    sockets = ObjectSockets(deliver, lambda write: write(), lambda: 0)
    sockets._sockets.extend([HibernatableSocket(End.pair()[0], ())] * 32_768)
    with pytest.raises(DurableObjectError) as refusal:
        sockets.accept(End.pair()[0], ())
    assert refusal.value.message == (
        "only 32768 websockets can be accepted on a single Durable Object instance"
    )


async def test_an_automatic_response_wakes_nobody(stage: Stage) -> None:
    client = await connect(stage)
    (socket,) = await sockets(stage)
    await stage.do(
        lambda instance: setattr(
            instance.actor.sockets, "auto_response", AutoResponse("ping", "pong")
        )
    )
    await stage.clock.advance(20_000)
    client.send("ping")
    assert await client.receive() == "pong"
    assert socket.answered_ms == stage.clock.now()
    assert len(stage.events(ObjectConstructed)) == 1
    client.send(b"ping")
    client.send("ping ")
    assert await seen(stage) == [b"ping", "ping "]


async def test_a_closed_socket_gives_no_automatic_response(stage: Stage) -> None:
    client = await connect(stage)
    (socket,) = await sockets(stage)
    socket.closed = True
    await stage.do(
        lambda instance: setattr(
            instance.actor.sockets, "auto_response", AutoResponse("ping", "pong")
        )
    )
    client.send("ping")
    client.send("x")
    assert await seen(stage) == ["x"]
    socket.end.send("first")
    assert await client.receive() == "first"


def test_automatic_responses_have_limits() -> None:
    for texts, message in (
        (
            ("x" * 2049, ""),
            "Request cannot be larger than 2048 bytes. A request of size 2049 was provided.",
        ),
        (
            ("", "é" * 1025),
            "Response cannot be larger than 2048 bytes. A response of size 2050 was provided.",
        ),
    ):
        with pytest.raises(DurableObjectError) as refusal:
            AutoResponse(*texts)
        assert (refusal.value.name, refusal.value.message) == ("RangeError", message)


async def test_a_handler_has_as_long_as_the_object_allows(stage: Stage) -> None:
    async def hear(instance: Instance, socket: HibernatableSocket, frame: Frame) -> None:
        await stage.clock.sleep(60_000)

    stage.hearing = hear
    client = await connect(stage)
    await stage.do(lambda instance: instance.actor.sockets.limit_events(1_000))
    client.send("x")
    await stage.clock.advance(999)
    assert stage.events(ObjectReset) == []
    await stage.clock.advance(1)
    (event,) = stage.events(ObjectReset)
    assert isinstance(event, ObjectReset)
    assert event.reason == "Actor exceeded event execution time and was disconnected."
    assert await client.receive() == Lost()


async def test_the_limit_has_a_limit(stage: Stage) -> None:
    def limit(instance: Instance) -> None:
        with pytest.raises(DurableObjectError, match="should not exceed 604800000 ms"):
            instance.actor.sockets.limit_events(604_800_001)
        instance.actor.sockets.limit_events(604_800_000)
        instance.actor.sockets.limit_events(0)
        assert instance.actor.sockets.event_timeout_ms is None

    await stage.do(limit)


async def test_a_reset_loses_the_sockets(stage: Stage) -> None:
    clients = [await connect(stage), await connect(stage)]
    await reset(stage, "enough")
    assert [await client.receive() for client in clients] == [Lost(), Lost()]
    assert await sockets(stage) == []
    (lost,) = stage.events(SocketsLost)
    assert isinstance(lost, SocketsLost)
    assert (lost.count, lost.reason) == (2, "enough")


async def test_a_constructor_that_fails_on_waking_up_loses_the_sockets(stage: Stage) -> None:
    client = await connect(stage)
    await stage.clock.advance(10_000)

    def fail(instance: Instance) -> None:
        raise ValueError("no")

    stage.constructing = fail
    client.send("x")
    assert await client.receive() == Lost()


async def test_new_code_keeps_the_sockets_and_messages_wait_for_it(stage: Stage) -> None:
    client = await connect(stage, "tag")
    stage.namespace.renew()
    client.send("while there was no code")
    await stage.clock.idle()
    assert len(stage.events(ObjectConstructed)) == 1
    stage.namespace.start()
    assert await seen(stage) == ["while there was no code"]
    assert [socket.tags for socket in await sockets(stage)] == [("tag",)]


async def test_a_message_under_way_is_lost_with_the_old_code(stage: Stage) -> None:
    async def hear(instance: Instance, socket: HibernatableSocket, frame: Frame) -> None:
        instance.seen.append(frame)
        await stage.clock.sleep(1_000)

    stage.hearing = hear
    client = await connect(stage)
    client.send("a")
    await stage.clock.idle()
    stage.namespace.renew()
    client.send("b")
    stage.namespace.start()
    assert await seen(stage) == ["b"]


async def test_a_deleted_object_loses_its_sockets(stage: Stage) -> None:
    client = await connect(stage)
    await stage.clock.advance(10_000)
    stage.namespace.delete(stage.namespace.ids.from_name("a"))
    assert await client.receive() == Lost()


async def test_a_connection_of_the_object_itself_keeps_it_in_memory(stage: Stage) -> None:
    dropped: list[str] = []
    closed = await stage.do(
        lambda instance: instance.actor.connections.open(lambda: dropped.append("dropped"))
    )
    await stage.clock.advance(60_000)
    assert len(await sockets(stage)) == 0
    assert len(stage.events(ObjectConstructed)) == 1
    closed()
    await stage.clock.advance(10_000)
    await stage.do(lambda instance: None)
    assert (dropped, len(stage.events(ObjectConstructed))) == ([], 2)


async def test_a_reset_drops_the_connections_of_the_object(stage: Stage) -> None:
    dropped: list[str] = []
    await stage.do(
        lambda instance: instance.actor.connections.open(lambda: dropped.append("dropped"))
    )
    await reset(stage, "enough")
    assert dropped == ["dropped"]
