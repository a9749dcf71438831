"""Which mail can be replied to, and how (Cloudflare docs, "Reply to emails from Workers")."""

from __future__ import annotations

from flarelocal.mail.letter import Letter, MailError, parse

__all__ = ["check_outgoing", "check_replyable", "checked_reply"]

_MOST_REFERENCES = 100


def check_replyable(letter: Letter) -> None:
    """Refuse a reply to what a program has written, or what no thread can be made of.

    Raises:
        MailError: no.
    """
    suppressed = (letter.header("x-auto-response-suppress") or "none").lower() != "none"
    automatic = (letter.header("auto-submitted") or "no").lower() != "no"
    incomplete = (letter.in_reply_to is None) != (letter.references is None)
    long = (letter.references or "").count("@") >= _MOST_REFERENCES
    if suppressed or automatic or incomplete or long:
        raise MailError("Original email is not replyable")


def check_outgoing(sender: str, raw: bytes) -> Letter:
    """A mail that a Worker sends.

    Args:
        sender: that of the envelope.

    Raises:
        MailError: it is none, or has headers that a Worker may not write.
    """
    try:
        letter = parse(raw)
    except MailError as wrong:
        raise MailError(f"could not parse email: {wrong}") from None
    if letter.message_id is None:
        raise MailError("invalid message-id")
    if letter.sender != sender:
        raise MailError("From: header does not match mail from")
    if letter.header("received") is not None:
        raise MailError("invalid headers set")
    return letter


def checked_reply(original: Letter, sender: str, raw: bytes) -> bytes:
    """A reply as it leaves: with the header References.

    Raises:
        MailError: it is none to that mail, or none at all.
    """
    reply = check_outgoing(sender, raw)
    if reply.in_reply_to is None:
        raise MailError("no In-Reply-To header found in reply message")
    if reply.in_reply_to != original.message_id:
        raise MailError("In-Reply-To does not match original Message-ID")
    known = original.references or ""
    if reply.references is None:
        references = f"{original.message_id} {known}".rstrip()
        return f"References: {references}\r\n".encode() + raw
    if original.message_id not in reply.references or known not in reply.references:
        raise MailError("provided References header is invalid")
    return raw
