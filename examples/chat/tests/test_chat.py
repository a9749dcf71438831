"""People in rooms."""

import pytest
from websockets.exceptions import ConnectionClosedError


def test_people_in_a_room_hear_each_other(server):
    ada = server.enter("Ada", "talk")
    assert ada.hears() == {"kind": "joined", "name": "Ada", "people": ["Ada"]}
    bob = server.enter("Bob", "talk")
    joined = {"kind": "joined", "name": "Bob", "people": ["Ada", "Bob"]}
    assert ada.hears() == bob.hears() == joined

    ada.say("hello")

    for person in (ada, bob):
        said = person.hears()
        assert (said["kind"], said["name"], said["text"]) == ("said", "Ada", "hello")
    bob.leave()
    assert ada.hears() == {"kind": "left", "name": "Bob"}
    assert server.room("talk")["people"] == ["Ada"]


def test_rooms_do_not_hear_each_other(server):
    here, there = server.enter("Ada", "here"), server.enter("Bob", "there")
    here.say("only here")

    assert [here.hears()["kind"], here.hears()["kind"]] == ["joined", "said"]
    there.say("only there")
    assert [there.hears()["kind"], there.hears()["text"]] == ["joined", "only there"]


def test_who_comes_late_reads_what_was_said(server):
    ada = server.enter("Ada", "late")
    ada.say("one")
    ada.say("two")
    assert [ada.hears()["kind"] for _ in range(3)] == ["joined", "said", "said"]

    bob = server.enter("Bob", "late")

    assert [bob.hears()["text"], bob.hears()["text"]] == ["one", "two"]


def test_a_room_sleeps_and_wakes_up_with_everybody_in_it(server):
    ada, bob = server.enter("Ada", "sleepy"), server.enter("Bob", "sleepy")
    assert [ada.hears()["name"], ada.hears()["name"], bob.hears()["name"]] == ["Ada", "Bob", "Bob"]
    before = server.room("sleepy")

    server.later(60_000)
    bob.say("still there?")

    assert ada.hears()["text"] == bob.hears()["text"] == "still there?"
    after = server.room("sleepy")
    assert after["people"] == before["people"] == ["Ada", "Bob"]
    assert after["awake_since"] > before["awake_since"]


def test_pings_do_not_wake_a_room_up(server):
    ada = server.enter("Ada", "quiet")
    ada.hears()
    awake_since = server.room("quiet")["awake_since"]
    for _ in range(3):
        server.later(5_000)
        ada.say("ping")
        assert ada.socket.recv(timeout=20) == "pong"

    assert server.room("quiet")["awake_since"] > awake_since


def test_messages_that_are_too_long_end_the_conversation(server):
    ada = server.enter("Ada", "long")
    ada.hears()
    ada.say("x" * 2001)

    with pytest.raises(ConnectionClosedError) as closed:
        ada.hears()
    assert closed.value.rcvd.code == 1008


def test_the_page_is_there(server):
    assert "<title>Chat</title>" in server.http.get("/").text
    assert server.http.get("/rooms/").status_code == 404
