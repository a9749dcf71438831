async def test_it_is_alive(flare):
    response = await flare.fetch("/health")
    assert await response.json() == {"ok": True}


async def test_who_subscribes_is_asked_to_confirm(flare, sent):
    response = await flare.fetch("/subscribe", json={"address": "ann@example.com"})
    assert response.status == 202
    await flare.queues["mails"].drain()
    assert sent() == ["ann@example.com: Please confirm."]


async def test_who_does_not_confirm_within_a_day_is_forgotten(flare, mailer):
    await flare.fetch("/subscribe", json={"address": "ann@example.com"})
    await flare.clock.advance(hours=25)
    response = await flare.fetch("/confirm", json={"address": "ann@example.com"})
    assert response.status == 410


async def test_two_who_subscribe_at_different_times_each_have_a_day(flare, mailer):
    await flare.fetch("/subscribe", json={"address": "ann@example.com"})
    await flare.clock.advance(hours=12)
    await flare.fetch("/subscribe", json={"address": "bob@example.com"})
    await flare.clock.advance(hours=13)
    subscribers = flare.durable_objects["SUBSCRIBERS"].get_by_name("all")
    assert await subscribers.storage.get("ann@example.com") is None
    assert await subscribers.storage.get("bob@example.com") is not None
    assert subscribers.alarm is not None


async def test_the_letter_goes_out_on_monday_to_those_who_confirmed(flare, sent):
    for name in ("ann", "bob"):
        await flare.fetch("/subscribe", json={"address": f"{name}@example.com"})
    await flare.fetch("/confirm", json={"address": "ann@example.com"})
    await flare.env.LETTERS.put("next", "News!")
    await flare.clock.advance_to("2026-01-05T09:01")
    assert sent()[2:] == ["ann@example.com: News!"]
    await flare.clock.advance(days=7)
    assert len(sent()) == 3


async def test_a_mailer_that_is_down_is_asked_again(flare, sent):
    flare.fetch_mock.post("https://mail.example.com/send", status=503, times=2)
    await flare.fetch("/subscribe", json={"address": "ann@example.com"})
    await flare.queues["mails"].drain()
    assert len(sent()) == 1
    assert not flare.queues["mails"].dead_letters


async def test_mails_that_cannot_be_sent_are_kept(flare):
    flare.fetch_mock.post("https://mail.example.com/send", status=503)
    await flare.fetch("/subscribe", json={"address": "ann@example.com"})
    await flare.queues["mails"].drain()
    [letter] = flare.queues["mails"].dead_letters
    assert letter.body["to"] == "ann@example.com"


def test_without_async(flare_sync):
    assert flare_sync.fetch("/nowhere").status == 404
