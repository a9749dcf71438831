"""Jobs, from the request to what came of them."""

import time


def test_a_job_is_done(server):
    job_id = server.submit("report", {"day": "2026-01-01"})

    job = server.job(job_id, "done")

    assert job["attempts"] == 1
    assert job["result"]["day"] == "2026-01-01"


def test_a_webhook_is_delivered(server, receiver):
    job_id = server.submit("webhook", {"url": f"{receiver.url}/fine", "body": {"order": 7}})

    assert server.job(job_id, "done")["result"] == {"status": 200}
    assert receiver.bodies("/fine") == [{"order": 7}]


def test_a_job_that_fails_is_tried_again(server, receiver):
    receiver.will_answer("/flaky", 503, 500, 200)
    job_id = server.submit("webhook", {"url": f"{receiver.url}/flaky"})

    assert server.job(job_id, "done")["attempts"] == 3
    assert receiver.keys("/flaky") == [job_id] * 3


def test_the_delay_doubles_with_each_attempt(serve, receiver):
    receiver.will_answer("/down", 503)
    server = serve(RETRY_BASE_SECONDS=10)
    job_id = server.submit("webhook", {"url": f"{receiver.url}/down"})

    job = server.job(job_id, "retrying")

    assert job["attempts"] == 1
    assert job["error"] == "the receiver answered with status 503"
    server.until(lambda: "again in 20 s" in server.log)


def test_a_job_that_is_refused_is_not_tried_again(server, receiver):
    receiver.will_answer("/refusing", 422)
    job_id = server.submit("webhook", {"url": f"{receiver.url}/refusing"})

    job = server.job(job_id, "failed")

    assert job["attempts"] == 1
    assert job["error"] == "the receiver refused it with status 422"
    assert len(receiver.bodies("/refusing")) == 1


def test_a_job_that_fails_too_often_raises_an_alert(server, receiver):
    receiver.will_answer("/broken", 500)
    job_id = server.submit("webhook", {"url": f"{receiver.url}/broken"})

    assert server.job(job_id, "failed")["attempts"] == 4
    assert len(receiver.bodies("/broken")) == 4
    alert = receiver.bodies("/alerts")[-1]
    assert alert["details"]["message"]["id"] == job_id
    assert alert["details"]["failure"]["error"] == "the receiver answered with status 500"


def test_a_job_with_the_same_key_is_the_same_job(server, receiver):
    payload = {"url": f"{receiver.url}/once", "body": 1}

    first = server.submit("webhook", payload, key="order-7")
    server.job(first, "done")
    second = server.submit("webhook", payload, key="order-7")

    assert second == first
    assert receiver.bodies("/once") == [1]


def test_unknown_types_are_refused(server):
    response = server.http.post("/jobs", json={"type": "dance"})

    assert response.status_code == 400
    assert response.json() == {"error": "type has to be one of webhook, report"}


def test_unknown_jobs_are_not_found(server):
    assert server.http.get("/jobs/none").status_code == 404


def test_jobs_that_were_forgotten_are_queued_again(serve, receiver):
    receiver.will_answer("/recovering", 503, 200)
    server = serve(RETRY_BASE_SECONDS=3600)
    job_id = server.submit("webhook", {"url": f"{receiver.url}/recovering"})
    server.job(job_id, "retrying")

    server.fire("*/10 * * * *", int(time.time() * 1000) + 20 * 60_000)

    assert server.job(job_id, "done")["attempts"] == 1
