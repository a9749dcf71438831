"""Messages that are handed straight to the `queue` handler over HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.end_to_end.process import DevProcess
from tests.end_to_end.project import Project

_WORKER = """
    from workers import Response, WorkerEntrypoint

    seen = []


    class Default(WorkerEntrypoint):
        async def queue(self, batch, env, ctx):
            for message in batch.messages:
                body = message.body
                shown = list(body) if isinstance(body, memoryview) else str(body)
                seen.append([batch.queue, message.id, message.attempts, shown])
                if message.body == "ack":
                    message.ack()
                elif message.body == "retry":
                    message.retry(delaySeconds=7)
                elif message.body == "retry all":
                    batch.retryAll()
                elif message.body == "raise":
                    raise ValueError("no luck")

        async def fetch(self, request):
            return Response.json(seen)
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DevProcess]:
    project = Project(tmp_path_factory.mktemp("by_hand"))
    project.configure(queues={"consumers": [{"queue": "work"}]})
    project.write(_WORKER)
    process = DevProcess(project.directory, "--no-reload")
    yield process
    process.close()


def hand_over(server: DevProcess, *messages: dict[str, Any], queue: str = "work") -> Any:
    return server.client.post(f"/cdn-cgi/local/queue/{queue}", json={"messages": messages})


def test_the_answer_has_the_outcome_acks_and_retries(server: DevProcess) -> None:
    response = hand_over(
        server, {"id": "1", "body": "ack"}, {"id": "2", "body": "retry"}, {"id": "3", "body": 3}
    )

    assert response.status_code == 200
    assert response.json() == {
        "outcome": "ok",
        "ackAll": False,
        "retryBatch": {"retry": False},
        "explicitAcks": ["1"],
        "retryMessages": [{"msgId": "2", "delaySeconds": 7}],
    }


def test_a_retry_of_the_batch_is_told(server: DevProcess) -> None:
    report = hand_over(server, {"body": "retry all"}).json()

    assert report["retryBatch"] == {"retry": True}


def test_an_exception_is_the_outcome_and_its_traceback_is_told(server: DevProcess) -> None:
    response = hand_over(server, {"id": "1", "body": "raise"})

    assert response.status_code == 500
    assert response.json()["outcome"] == "exception"
    assert "ValueError: no luck" in response.json()["error"]
    server.wait_for("ValueError: no luck")


def test_what_is_not_said_of_a_message_is_made_up(server: DevProcess) -> None:
    hand_over(server, {"id": "mine", "body": "a", "attempts": 4}, {"body": "b"})
    [(_, *first), (queue, second_id, *second)] = server.client.get("/").json()[-2:]

    assert first == ["mine", 4, "a"]
    assert (queue, len(second_id), second) == ("work", 32, [1, "b"])


def test_text_and_bytes_are_said_by_the_content_type(server: DevProcess) -> None:
    hand_over(
        server,
        {"body": "plain", "content_type": "text"},
        {"body": "AP8=", "content_type": "bytes"},
    )
    bodies = [seen[3] for seen in server.client.get("/").json()[-2:]]

    assert bodies == ["plain", [0, 255]]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "is not JSON"),
        (b"[]", "send what fits there"),
        (b'{"messages": []}', "send one at least"),
        (b'{"messages": [{"id": "1"}]}', "messages.0.body"),
        (b'{"messages": [{"body": 1, "content_type": "text"}]}', "is a string"),
    ],
)
def test_a_body_that_is_not_as_asked_for_is_refused(
    server: DevProcess, content: bytes, reason: str
) -> None:
    response = server.client.post("/cdn-cgi/local/queue/work", content=content)

    assert response.status_code == 400
    assert reason in response.text


def test_a_queue_without_a_consumer_has_nobody_to_hand_it_to(server: DevProcess) -> None:
    response = hand_over(server, {"body": 1}, queue="other")

    assert response.status_code == 404
    assert "queues.consumers" in response.text


@pytest.mark.parametrize(
    "path", ["/cdn-cgi/local/queue/work", "/client/v4/accounts/any/queues/work/messages"]
)
@pytest.mark.parametrize("header", ["Host", "Origin"])
def test_other_sites_may_not_use_it(server: DevProcess, path: str, header: str) -> None:
    response = server.client.post(
        path, json={"messages": [{"body": 1}]}, headers={header: "http://elsewhere.example"}
    )

    assert response.status_code == 403


def test_other_paths_of_the_api_are_the_workers(server: DevProcess) -> None:
    assert isinstance(server.client.get("/client/v4/accounts/any/r2").json(), list)
