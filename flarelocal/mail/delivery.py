"""A mail that arrives for a Worker, and what becomes of it."""

from __future__ import annotations

import random
import string
from collections.abc import Sequence

from flarelocal.clock import Clock
from flarelocal.dataclass import dataclass
from flarelocal.journal import Journal
from flarelocal.mail.events import EmailForwarded, EmailRejected, EmailReplied
from flarelocal.mail.letter import Letter, parse
from flarelocal.mail.reply import check_replyable, checked_reply

__all__ = ["Delivery", "EmailOutcome", "Forwarded", "Replied", "new_message_id"]

_ID_LENGTH = 36


@dataclass(frozen=True, slots=True)
class Forwarded:
    """The mail went on to somebody, with further headers."""

    recipient: str
    headers: Sequence[tuple[str, str]]
    message_id: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Replied:
    """A mail went back."""

    sender: str
    letter: Letter
    message_id: str
    at_ms: int


class Delivery:
    """One mail on its way through a Worker.

    Args:
        worker: the name of the one that it is for.
        sender: that of the envelope, which may be another than that of the letter.
        recipient: that of the envelope.

    Attributes:
        rejected: the reason for which the Worker refused the mail; None: it did not.
        rejected_at_ms: when it did.
    """

    def __init__(
        self,
        worker: str,
        sender: str,
        recipient: str,
        letter: Letter,
        clock: Clock,
        journal: Journal,
        random: random.Random,
    ) -> None:
        self.sender = sender
        self.recipient = recipient
        self.letter = letter
        self.forwards: list[Forwarded] = []
        self.replies: list[Replied] = []
        self.rejected: str | None = None
        self.rejected_at_ms = 0
        self.worker = worker
        self._clock = clock
        self._journal = journal
        self._random = random

    def new_id(self) -> str:
        """An id for a mail that the Worker sends because of this one."""
        return new_message_id(self.recipient, self._random)

    def reject(self, reason: str) -> None:
        """Refuse the mail; its sender hears why."""
        self.rejected, self.rejected_at_ms = reason, self._clock.now()
        self._journal.record(EmailRejected(self.worker, self.sender, self.recipient, reason))

    def forward(self, recipient: str, headers: Sequence[tuple[str, str]]) -> str:
        """Send the mail on; gives the id of what is sent."""
        message_id = self.new_id()
        made = Forwarded(recipient, headers, message_id, self._clock.now())
        self.forwards.append(made)
        self._journal.record(
            EmailForwarded(self.worker, self.sender, recipient, self.letter.subject, message_id)
        )
        return message_id

    def reply(self, sender: str, raw: bytes) -> str:
        """Answer the mail with another one; gives its id.

        Raises:
            MailError: that is not possible.
        """
        check_replyable(self.letter)
        letter = parse(checked_reply(self.letter, sender, raw))
        message_id = self.new_id()
        self.replies.append(Replied(sender, letter, message_id, self._clock.now()))
        self._journal.record(
            EmailReplied(self.worker, sender, self.sender, letter.subject, letter.text, message_id)
        )
        return message_id

    @property
    def summary(self) -> str:
        """What became of the mail, in a few words."""
        parts = [f"forwarded to {each.recipient}" for each in self.forwards]
        parts += ["replied"] * len(self.replies)
        if self.rejected is not None:
            parts.append(f"rejected: {self.rejected}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class EmailOutcome:
    """How a handler ended: `ok` or `exception`, and what it raised."""

    outcome: str
    error: BaseException | None

    @property
    def ok(self) -> bool:
        return self.outcome == "ok"


def new_message_id(address: str, random: random.Random) -> str:
    """An id as the service makes it: 36 letters and digits, and the domain of an address."""
    letters = random.choices(string.ascii_letters + string.digits, k=_ID_LENGTH)
    return f"<{''.join(letters)}@{address.rpartition('@')[2]}>"
