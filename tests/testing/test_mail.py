"""`flare.email` and `flare.sent_mail`."""

from flarelocal.testing.flare import Flare


async def test_a_mail_is_delivered_and_what_the_worker_does_is_told(flare: Flare) -> None:
    result = await flare.email("ann@example.com", "shop@example.com", subject="Order", text="two")
    assert (result.ok, result.rejected) == (True, None)
    assert [forward.recipient for forward in result.forwards] == ["orders@example.com"]
    [sent] = flare.sent_mail
    assert (sent.recipients, sent.subject, sent.text) == (["ann@example.com"], "Thanks", "two\n")


async def test_a_whole_mail_can_be_given(flare: Flare) -> None:
    raw = "From: a@b\r\nMessage-ID: <1@b>\r\nSubject: Spam\r\n\r\n"
    assert (await flare.email("a@b", "shop@example.com", raw)).rejected == "no spam"


async def test_what_the_handler_raises_is_told(flare: Flare) -> None:
    result = await flare.email("a@b", "shop@example.com", subject="Broken")
    assert (result.outcome, str(result.exception)) == ("exception", "a broken mail")
