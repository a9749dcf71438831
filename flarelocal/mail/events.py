"""What the journal remembers of mail."""

from __future__ import annotations

from collections.abc import Sequence

from flarelocal.dataclass import dataclass
from flarelocal.journal import Event

__all__ = ["EmailForwarded", "EmailRejected", "EmailReplied", "EmailSent"]


@dataclass(frozen=True, slots=True)
class EmailSent(Event):
    """A mail would have left by a binding.

    Attributes:
        attachments: the names of the files.
        raw: what was sent, where the Worker wrote it itself.
    """

    binding: str
    sender: str
    recipients: Sequence[str]
    subject: str
    text: str | None
    html: str | None
    message_id: str
    attachments: Sequence[str] = ()
    raw: str | None = None


@dataclass(frozen=True, slots=True)
class EmailForwarded(Event):
    """A mail that arrived would have been sent on."""

    worker: str
    sender: str
    recipient: str
    subject: str
    message_id: str


@dataclass(frozen=True, slots=True)
class EmailReplied(Event):
    """A mail that arrived would have been answered."""

    worker: str
    sender: str
    recipient: str
    subject: str
    text: str | None
    message_id: str


@dataclass(frozen=True, slots=True)
class EmailRejected(Event):
    """A mail that arrived was refused."""

    worker: str
    sender: str
    recipient: str
    reason: str
