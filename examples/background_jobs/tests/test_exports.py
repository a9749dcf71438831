"""Exports, step by step."""

import time


def test_an_export_goes_on_until_it_is_done(server):
    started = server.http.post("/exports", json={"rows": 25})
    state = started.json()

    assert started.status_code == 202
    assert state["status"] == "running"
    assert abs(state["deadline"] - time.time() * 1000 - 30 * 60_000) < 60_000
    assert server.export(state["id"], "done")["step"] == 3
    lines = server.http.get(f"/exports/{state['id']}/rows.csv").text.splitlines()
    assert lines == [f"{row},row {row}" for row in range(25)]


def test_an_export_that_takes_too_long_is_given_up(serve, receiver):
    server = serve(EXPORT_TIMEOUT_SECONDS=0, ALERT_WEBHOOK=f"{receiver.url}/late")

    export_id = server.http.post("/exports", json={"rows": 100_000}).json()["id"]

    server.export(export_id, "timed out")
    server.until(lambda: receiver.bodies("/late"))
    assert receiver.bodies("/late")[0]["details"]["id"] == export_id


def test_the_number_of_rows_is_checked(server):
    assert server.http.post("/exports", json={"rows": 0}).status_code == 400
    assert server.http.post("/exports", content=b"{").status_code == 400


def test_unknown_exports_are_not_found(server):
    assert server.http.get("/exports/none").status_code == 404
