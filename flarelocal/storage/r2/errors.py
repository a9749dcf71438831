"""Why R2 refuses something: texts and codes of the service."""

from __future__ import annotations

__all__ = [
    "BAD_UPLOAD",
    "INTERNAL",
    "INVALID_MAX_KEYS",
    "INVALID_NAME",
    "INVALID_PART",
    "INVALID_RANGE",
    "METADATA_TOO_LARGE",
    "NO_SUCH_UPLOAD",
    "TOO_LARGE",
    "TOO_MANY_KEYS",
    "TOO_SMALL",
    "R2Error",
    "Reason",
    "wrong_digest",
]

Reason = tuple[str, int]
"""the text, and the code behind it"""

INTERNAL: Reason = ("We encountered an internal error. Please try again.", 10001)
TOO_LARGE: Reason = ("Your proposed upload exceeds the maximum allowed object size.", 100100)
TOO_SMALL: Reason = (
    "Your proposed upload is smaller than the minimum allowed object size.",
    10011,
)
METADATA_TOO_LARGE: Reason = (
    "Your metadata headers exceed the maximum allowed metadata size.",
    10012,
)
INVALID_NAME: Reason = ("The specified object name is not valid.", 10020)
INVALID_MAX_KEYS: Reason = ("MaxKeys params must be positive integer <= 1000.", 10022)
NO_SUCH_UPLOAD: Reason = ("The specified multipart upload does not exist.", 10024)
INVALID_PART: Reason = ("One or more of the specified parts could not be found.", 10025)
TOO_MANY_KEYS: Reason = ("At most 1000 keys can be deleted by one call: make several.", 10029)
INVALID_RANGE: Reason = ("The requested range is not satisfiable", 10039)
BAD_UPLOAD: Reason = ("There was a problem with the multipart upload.", 10048)


class R2Error(Exception):
    """The service refused something; `code` is Cloudflare's."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason[0])
        self.code = reason[1]


def wrong_digest(algorithm: str, provided: str, actual: str) -> R2Error:
    """The content does not have the digest (in hex) that was given with it."""
    text = (
        f"The {algorithm} checksum you specified did not match what we received.\n"
        f"You provided a {algorithm} checksum with value: {provided}\n"
        f"Actual {algorithm} was: {actual}"
    )
    return R2Error((text, 10037))
