"""`flarelocal queues` on a state directory that no server works on."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest
from click.testing import CliRunner

from flarelocal.cli import main
from flarelocal.clock import SystemClock
from flarelocal.database import Database
from flarelocal.journal import Journal
from flarelocal.queues import (
    SCHEMA,
    Broker,
    ConsumerSettings,
    ContentType,
    OutgoingMessage,
    Verdict,
)
from flarelocal.state import StateDirectory
from tests.cli.conftest import CommandLine


def in_state(cli: CommandLine, *messages: OutgoingMessage, dead: bool = False) -> None:
    """Send messages to `jobs`; have them become dead letters in `dead`."""

    async def run() -> None:
        clock = SystemClock()
        database = await Database.open(cli.state / "queues.sqlite", SCHEMA, clock)
        broker = Broker(database, clock, Journal(clock), random.Random(1))
        await broker.start()
        await broker.send("jobs", messages)
        if dead:
            refused = asyncio.Event()

            async def refuse(_: object) -> Verdict:
                refused.set()
                return Verdict(outcome="exception", error="Traceback: no luck")

            settings = ConsumerSettings(
                "jobs", max_batch_timeout_s=0, max_retries=0, dead_letter_queue="dead"
            )
            broker.consume(settings, refuse)
            await refused.wait()
        await broker.stop()
        await database.close()

    asyncio.run(run())


def test_queues_are_created_listed_and_deleted(cli: CommandLine) -> None:
    assert cli("create", "jobs", "--retention", "600") == 'Created queue "jobs".\n'
    assert "jobs" in cli("list")
    assert "10 min" in cli("info", "jobs")
    [queue] = cli.json("list")
    assert queue["settings"]["message_retention_period"] == 600
    assert cli("delete", "jobs", "--yes") == 'Deleted queue "jobs".\n'
    assert cli("list") == "There are no queues.\n"


def test_messages_are_sent_to_a_queue_that_need_not_exist(cli: CommandLine) -> None:
    assert cli("send", "jobs", '{"n": 1}', '"two"') == 'Sent 2 messages to "jobs".\n'
    cli("send", "jobs", "three", "--content-type", "text", "--delay", "60")
    cli("send", "jobs", "four", "--content-type", "bytes")
    bodies = [(message["body"], message["state"]) for message in cli.json("peek", "jobs")]
    assert bodies == [
        ({"n": 1}, "ready"),
        ("two", "ready"),
        ("Zm91cg==", "ready"),
        ("three", "delayed"),
    ]


def test_lines_of_the_standard_input_are_messages(cli: CommandLine) -> None:
    lines = "".join(f"{n}\n" for n in range(250))
    assert cli("send", "jobs", "-", input=lines) == 'Sent 250 messages to "jobs".\n'
    assert cli.json("info", "jobs")["local"]["ready"] == 250


def test_a_body_that_is_not_json_is_refused(cli: CommandLine) -> None:
    assert "--content-type text" in cli.error("send", "jobs", "hello")
    assert not cli.state.joinpath("queues.sqlite").exists() or cli.json("list") == []


def test_a_peek_shows_messages_and_leaves_them(cli: CommandLine) -> None:
    cli("send", "jobs", '"first"', '"second"', '"third"')
    shown = cli("peek", "jobs", "--limit", "1", "--offset", "1")
    assert "second" in shown
    assert "first" not in shown
    assert "no such messages" in cli("peek", "jobs", "--state", "delayed")
    assert cli.json("info", "jobs")["local"]["ready"] == 3


def test_a_body_of_structured_clone_is_shown_as_the_console_does(cli: CommandLine) -> None:
    from flarelocal.javascript.clone import serialize

    cli("create", "jobs")
    in_state(cli, OutgoingMessage(serialize({"when": 1}), ContentType.V8))
    assert "{ when: 1 }" in cli("peek", "jobs")


def test_delivery_is_paused_and_resumed(cli: CommandLine) -> None:
    cli("create", "jobs")
    cli("pause", "jobs")
    assert "paused" in cli("list")
    assert cli.json("resume", "jobs")["settings"]["delivery_paused"] is False


def test_messages_are_purged_all_or_one(cli: CommandLine) -> None:
    cli("send", "jobs", "1", "2", "3")
    one = cli.json("peek", "jobs")[1]["id"]
    assert cli("purge", "jobs", "--id", one) == 'Deleted 1 message(s) of "jobs".\n'
    assert [message["body"] for message in cli.json("peek", "jobs")] == [1, 3]
    assert "none of these messages" in cli.error("purge", "jobs", "--id", one)
    assert "Aborted" in cli.error("purge", "jobs", input="n\n")
    cli("purge", "jobs", "--yes")
    assert cli.json("peek", "jobs") == []


def test_dead_letters_go_back_one_or_all_with_a_new_count(cli: CommandLine) -> None:
    cli("create", "jobs")
    sent = [OutgoingMessage(b"%d" % n, ContentType.JSON) for n in range(3)]
    in_state(cli, *sent, dead=True)
    dead = cli.json("peek", "dead")
    assert [message["dead_letter_of"] for message in dead] == ["jobs"] * 3
    assert (
        cli("redrive", "dead", "--id", dead[0]["id"]) == 'Moved 1 dead letter(s) out of "dead".\n'
    )
    assert cli.json("redrive", "dead") == {"count": 2}
    assert [message["attempts"] for message in cli.json("peek", "jobs")] == [1, 1, 1]


def test_the_history_of_a_message_is_shown_with_its_errors(cli: CommandLine) -> None:
    cli("create", "jobs")
    in_state(cli, OutgoingMessage(b"1", ContentType.JSON), dead=True)
    [message] = cli.json("peek", "dead")
    shown = cli("history", "jobs", message["id"])
    assert "dead-lettered" in shown
    assert "Traceback: no luck" in shown


@pytest.mark.parametrize(
    "arguments",
    [["info"], ["peek"], ["pause"], ["resume"], ["purge", "-y"], ["redrive"], ["delete", "-y"]],
)
def test_a_queue_that_does_not_exist_is_named(cli: CommandLine, arguments: list[str]) -> None:
    cli("create", "jobs")
    assert 'queue "nope" does not exist' in cli.error(*arguments, "nope")


def test_without_state_there_is_nothing_to_see(cli: CommandLine) -> None:
    assert "there is no state yet" in cli.error("list")
    assert not cli.state.exists()


def test_a_directory_in_use_by_a_process_without_a_server_is_left_alone(cli: CommandLine) -> None:
    directory = StateDirectory(cli.state)
    assert "in use by another flarelocal" in cli.error("list")
    directory.close()
    assert cli("list") == "There are no queues.\n"


def test_a_server_that_does_not_answer_is_named(cli: CommandLine) -> None:
    directory = StateDirectory(cli.state)
    directory.announce("http://127.0.0.1:9")
    assert "http://127.0.0.1:9 does not answer" in cli.error("list")
    directory.close()


def test_the_state_directory_lies_beside_the_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = tmp_path / "src"
    below.mkdir()
    monkeypatch.chdir(below)
    result = CliRunner().invoke(main, ["queues", "list"])
    assert "no wrangler file" in result.output
    (tmp_path / "wrangler.toml").write_text('name = "w"\n')
    assert CliRunner().invoke(main, ["queues", "create", "jobs"]).exit_code == 0
    assert (tmp_path / ".flarelocal" / "state" / "queues.sqlite").exists()
