"""Mail is read and written as RFC 5322 has it."""

import pytest

from flarelocal.mail.letter import MailError, compose, parse

RAW = (
    b"From: Ann <ann@example.com>\r\n"
    b'To: "B, Bob" <bob@example.com>, c@example.com\r\n'
    b"Message-ID: <1@example.com>\r\n"
    b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n"
    b"X-Long: one\r\n two\r\n"
    b"X-Twice: a\r\n"
    b"X-Twice: b\r\n"
    b"\r\n"
    b"Hello"
)


def test_what_a_mail_says() -> None:
    letter = parse(RAW)
    assert letter.sender == "ann@example.com"
    assert letter.recipients == ["bob@example.com", "c@example.com"]
    assert (letter.subject, letter.text, letter.html) == ("Grüße", "Hello", None)
    assert (letter.message_id, letter.in_reply_to) == ("<1@example.com>", None)
    assert letter.header("x-long") == "one two"
    assert letter.header("x-twice") == "a"
    assert letter.header("subject") == "=?utf-8?q?Gr=C3=BC=C3=9Fe?="


@pytest.mark.parametrize("raw", [b"", b"\r\n", b"no header"])
def test_what_has_no_headers_is_no_mail(raw: bytes) -> None:
    with pytest.raises(MailError, match="no headers"):
        parse(raw)


def test_a_character_set_that_nobody_knows_is_no_error() -> None:
    raw = b"From: a@b\r\nContent-Type: text/plain; charset=unheard-of\r\n\r\nHello"
    assert parse(raw).text == "Hello"


def test_what_is_written_can_be_read() -> None:
    headers = {"From": "Ann <ann@example.com>", "Subject": "Grüße", "X-A": "b"}
    files = [("a.txt", "text/plain", b"hi"), ("b", "application/octet-stream", b"\0")]
    letter = parse(compose(headers, "text", "<p>html</p>", files))
    assert (letter.sender, letter.subject) == ("ann@example.com", "Grüße")
    assert [(letter.text or "").strip(), (letter.html or "").strip()] == ["text", "<p>html</p>"]
    assert letter.attachments == ["a.txt", "b"]
    assert letter.header("x-a") == "b"


def test_a_header_cannot_smuggle_in_another() -> None:
    with pytest.raises(MailError, match="cannot be written"):
        compose({"Subject": "a\r\nBcc: x@example.com"}, "text")
