"""What people who write to the desk, and those who sit there, can rely on."""

DESK = "desk@example.com"


async def write(flare, sender="ann@example.com", subject="Help", text="It broke."):
    return await flare.email(sender, DESK, subject=subject, text=text)


async def tickets(flare):
    response = await flare.fetch("/tickets")
    return await response.json()


async def test_a_mail_becomes_a_ticket_and_is_confirmed(flare):
    result = await write(flare, subject="Grüße")
    [reply] = result.replies
    assert reply.letter.subject == "Re: Grüße [#1]"
    assert reply.letter.in_reply_to == reply.letter.references
    [ticket] = await tickets(flare)
    assert (ticket["sender"], ticket["subject"]) == ("ann@example.com", "Grüße")
    assert ticket["text"].strip() == "It broke."


async def test_the_mail_itself_is_kept(flare):
    await flare.email("ann@example.com", DESK, "Message-ID: <1@a>\r\nX-Mailer: pine\r\n\r\nhello")
    response = await flare.fetch("/tickets/1/mail")
    assert response.headers["content-type"] == "message/rfc822"
    assert (await response.text()).endswith("X-Mailer: pine\r\n\r\nhello")
    assert (await flare.fetch("/tickets/2/mail")).status == 404


async def test_an_answer_is_sent_and_closes_the_ticket(flare):
    await write(flare)
    assert (await flare.fetch("/tickets/1/answer", body="Turn it off and on.")).status == 204
    [mail] = flare.sent_mail
    assert (mail.sender, mail.recipients) == (DESK, ["ann@example.com"])
    assert (mail.subject, mail.text) == ("Re: Help [#1]", "Turn it off and on.")
    assert await tickets(flare) == []
    assert (await flare.fetch("/tickets/1/answer", body="Again.")).status == 409


async def test_the_list_is_cached_until_something_changes(flare):
    assert await tickets(flare) == []
    insert = "INSERT INTO ticket (sender, subject, text) VALUES ('a@b', 'by hand', '')"
    await flare.env.DB.prepare(insert).run()
    assert await tickets(flare) == []
    await write(flare)
    assert [ticket["subject"] for ticket in await tickets(flare)] == ["by hand", "Help"]


async def test_the_list_is_cached_for_a_minute(flare):
    assert (await flare.fetch("/tickets")).headers.get("cf-cache-status") is None
    assert (await flare.fetch("/tickets")).headers["cf-cache-status"] == "HIT"
    await flare.clock.advance(minutes=1)
    assert (await flare.fetch("/tickets")).headers.get("cf-cache-status") is None


async def test_who_is_blocked_is_rejected_for_a_day(flare):
    await flare.fetch("/blocked/eve@example.com", method="PUT")
    result = await write(flare, "eve@example.com")
    assert result.rejected == "This address may not write to us today."
    assert await tickets(flare) == []
    await flare.clock.advance(days=1)
    assert (await write(flare, "eve@example.com")).rejected is None
