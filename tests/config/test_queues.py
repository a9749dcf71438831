"""`queues`: producers and consumers."""

from __future__ import annotations

from typing import Any

import pytest

from flarelocal.config.queues import QueueConsumer, QueueProducer
from tests.config.conftest import Project


def test_a_consumer_has_productions_defaults(project: Project) -> None:
    queues = project.load(queues={"consumers": [{"queue": "jobs"}]}).config.queues
    assert queues.consumers == (
        QueueConsumer(
            "jobs",
            max_batch_size=10,
            max_batch_timeout=5,
            max_retries=3,
            dead_letter_queue=None,
            max_concurrency=None,
            retry_delay=0,
        ),
    )


def test_a_consumer_can_set_everything(project: Project) -> None:
    consumer = {
        "queue": "jobs",
        "type": "worker",
        "max_batch_size": 100,
        "max_batch_timeout": 60,
        "max_retries": 0,
        "dead_letter_queue": "dead",
        "max_concurrency": 1,
        "retry_delay": 86400,
    }
    queues = project.load(queues={"consumers": [consumer]}).config.queues
    assert queues.consumers == (QueueConsumer("jobs", 100, 60, 0, "dead", 1, 86400),)


def test_numbers_with_a_point_are_whole_if_they_are(project: Project) -> None:
    text = '{"name": "w", "main": "src/entry.py", "compatibility_flags": ["python_workers"], '
    config = project.load_text(
        text + '"queues": {"consumers": [{"queue": "q", "max_retries": 2.0}]}}'
    ).config
    assert repr(config.queues.consumers[0].max_retries) == "2"


def test_a_producer_names_its_queue(project: Project) -> None:
    producers = [{"binding": "JOBS", "queue": "jobs"}]
    queues = project.load(queues={"producers": producers}).config.queues
    assert queues.producers == (QueueProducer("JOBS", "jobs"),)


def test_a_producer_without_a_queue_gets_the_name_that_a_deployment_gives(project: Project) -> None:
    queues = project.load(queues={"producers": [{"binding": "EMAIL_JOBS"}]}).config.queues
    assert queues.producers[0].queue == "jobs-email-jobs"


def test_a_delivery_delay_has_no_effect_which_is_said(project: Project) -> None:
    producer = {"binding": "JOBS", "queue": "jobs", "delivery_delay": 60}
    assert project.warnings(queues={"producers": [producer]}) == [
        (
            'The "delivery_delay" field in "queues.producers[0]" is deprecated and has no effect. '
            'Queue-level settings should be configured using "wrangler queues update" instead. '
            "This setting will be removed in a future version."
        )
    ]


@pytest.mark.parametrize(
    ("queues", "message"),
    [
        ([], 'The field "queues" should be an object but got [].'),
        ({"consumers": None}, 'The field "queues.consumers" should be an array but got null.'),
        ({"producers": {}}, 'The field "queues.producers" should be an array but got {}.'),
        (
            {"producers": [{}]},
            '"queues.producers[0]" bindings should have a string "binding" field but got {}.',
        ),
        (
            {"producers": [{"binding": "Q", "queue": ""}]},
            (
                '"queues.producers[0]" bindings should optionally have a non-empty string "queue" '
                'field but got {"binding":"Q","queue":""}.'
            ),
        ),
        (
            {"producers": [{"binding": "Q", "delivery_delay": "1"}]},
            (
                '"queues.producers[0]" should, optionally, have a number "delivery_delay" '
                "field but "
                'got {"binding":"Q","delivery_delay":"1"}.'
            ),
        ),
        (
            {"consumers": [{}]},
            '"queues.consumers[0]" should have a string "queue" field but got {}.',
        ),
        (
            {"consumers": [{"queue": "q", "type": "http_pull"}]},
            (
                '"queues.consumers[0].type" has an invalid value "http_pull". Only '
                '"worker" consumers '
                "can be configured in your Wrangler configuration."
            ),
        ),
        (
            {"consumers": [{"queue": "q", "max_retries": "3"}]},
            (
                '"queues.consumers[0]" should, optionally, have a number "max_retries" '
                "field but got "
                '{"queue":"q","max_retries":"3"}.'
            ),
        ),
        (
            {"consumers": [{"queue": "q"}, {"queue": "q"}]},
            'Multiple consumers defined for queue "q": "jobs" and "jobs"',
        ),
        (
            {"consumers": [{"queue": "q", "dead_letter_queue": "q"}]},
            'Dead letter queue for queue "q" cannot be itself',
        ),
    ],
)
def test_a_wrong_section_is_refused(project: Project, queues: Any, message: str) -> None:
    assert project.errors(queues=queues) == [message]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("max_batch_size", 0),
        ("max_batch_size", 101),
        ("max_batch_timeout", 61),
        ("max_retries", -1),
        ("max_retries", 2.5),
        ("max_concurrency", 251),
        ("retry_delay", 86401),
    ],
)
def test_what_a_deployment_would_refuse_is_refused(
    project: Project, key: str, value: float | int
) -> None:
    (error,) = project.diagnostics(queues={"consumers": [{"queue": "q", key: value}]})
    assert error.message == f'"queues.consumers[0].{key}" is {value}, which Cloudflare refuses'
    assert error.fix.startswith("write a whole number from ")


def test_dead_letter_queues_can_form_a_ring(project: Project) -> None:
    consumers = [
        {"queue": "a", "dead_letter_queue": "b"},
        {"queue": "b", "dead_letter_queue": "a"},
    ]
    assert len(project.load(queues={"consumers": consumers}).config.queues.consumers) == 2
