"""Mail as tests write and read it."""

from __future__ import annotations

from collections.abc import Sequence

from flarelocal.dataclass import dataclass
from flarelocal.mail.delivery import Delivery, EmailOutcome, Forwarded, Replied
from flarelocal.mail.letter import compose

__all__ = ["EmailResult", "written"]


@dataclass(frozen=True, slots=True)
class EmailResult:
    """What an `email` handler did with a mail.

    Attributes:
        outcome: `ok` or `exception`.
        rejected: the reason given to `setReject`; None: it was not called.
        forwards: to whom the mail went on.
        replies: the mails that went back; each has a `letter`.
        exception: what the handler raised.
    """

    outcome: str
    rejected: str | None
    forwards: Sequence[Forwarded]
    replies: Sequence[Replied]
    exception: BaseException | None

    @property
    def ok(self) -> bool:
        return self.outcome == "ok"

    @classmethod
    def of(cls, delivery: Delivery, outcome: EmailOutcome) -> EmailResult:
        return cls(
            outcome.outcome,
            delivery.rejected,
            tuple(delivery.forwards),
            tuple(delivery.replies),
            outcome.error,
        )


def written(sender: str, recipient: str, subject: str, text: str, number: int) -> bytes:
    """A mail of which only the text matters.

    Args:
        number: tells it from others.
    """
    headers = {
        "From": sender,
        "To": recipient,
        "Message-ID": f"<{number:032x}@{sender.rpartition('@')[2]}>",
        "Subject": subject,
    }
    return compose(headers, text)
