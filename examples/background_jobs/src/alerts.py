"""Telling people, by a webhook such as Slack's."""

import json

from workers import fetch


async def alert(env, text, details):
    print(f"ALERT: {text}: {json.dumps(details)}")
    if not env.ALERT_WEBHOOK:
        return
    response = await fetch(
        env.ALERT_WEBHOOK,
        method="POST",
        headers={"content-type": "application/json"},
        body=json.dumps({"text": text, "details": details}),
    )
    if not response.ok:
        raise RuntimeError(f"the alert was answered with status {response.status}")
