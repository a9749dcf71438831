"""Which mail can be replied to, and how."""

import pytest

from flarelocal.mail.letter import Letter, MailError, compose, parse
from flarelocal.mail.reply import check_outgoing, check_replyable, checked_reply


def letter(**headers: str) -> Letter:
    given = {"From": "ann@example.com", "Message-ID": "<1@example.com>"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    return parse(compose(given, "text"))


def reply(**headers: str) -> bytes:
    given = {
        "From": "bob@example.com",
        "Message-ID": "<2@example.com>",
        "In-Reply-To": "<1@example.com>",
    }
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    return compose({name: value for name, value in given.items() if value}, "text")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Auto_Submitted": "no"},
        {"X_Auto_Response_Suppress": "None"},
        {"In_Reply_To": "<0@a>", "References": "<0@a>"},
    ],
)
def test_what_people_write_can_be_replied_to(headers: dict[str, str]) -> None:
    check_replyable(letter(**headers))


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"X_Auto_Response_Suppress": "All"},
        {"In_Reply_To": "<0@a>"},
        {"References": "<0@a>"},
        {"In_Reply_To": "<0@a>", "References": "<0@a> " * 100},
    ],
)
def test_what_programs_write_cannot_be_replied_to(headers: dict[str, str]) -> None:
    with pytest.raises(MailError, match="Original email is not replyable"):
        check_replyable(letter(**headers))


def test_a_reply_gets_references() -> None:
    raw = reply()
    known = letter(In_Reply_To="<0@a>", References="<0@a>")
    assert checked_reply(letter(), "bob@example.com", raw) == (
        b"References: <1@example.com>\r\n" + raw
    )
    assert checked_reply(known, "bob@example.com", raw) == (
        b"References: <1@example.com> <0@a>\r\n" + raw
    )


def test_a_reply_may_have_references_of_its_own() -> None:
    raw = reply(References="<1@example.com>")
    assert checked_reply(letter(), "bob@example.com", raw) == raw


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({"From": "eve@example.com"}, "From: header does not match mail from"),
        ({"Message_ID": ""}, "invalid message-id"),
        ({"Received": "x"}, "invalid headers set"),
        ({"In_Reply_To": ""}, "no In-Reply-To header found in reply message"),
        ({"In_Reply_To": "<3@a>"}, "In-Reply-To does not match original Message-ID"),
        ({"References": "<3@a>"}, "provided References header is invalid"),
    ],
)
def test_what_is_no_reply(headers: dict[str, str], message: str) -> None:
    raw = reply(**{name.replace("_", "-"): value for name, value in headers.items()})
    with pytest.raises(MailError) as caught:
        checked_reply(letter(), "bob@example.com", raw)
    assert str(caught.value) == message


def test_what_is_no_mail_is_not_sent() -> None:
    with pytest.raises(MailError, match="could not parse email: there are no headers"):
        check_outgoing("bob@example.com", b"")
