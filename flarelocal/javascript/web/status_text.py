"""The texts of HTTP's statuses, as the runtime gives them (workerd, api/http.c++)."""

from __future__ import annotations

from http import HTTPStatus

__all__ = ["status_text"]

# Versions of Python differ in some of them.
_TEXTS = {int(status): status.phrase for status in HTTPStatus} | {
    413: "Payload Too Large",
    414: "URI Too Long",
    416: "Range Not Satisfiable",
    418: "I'm a teapot",
    422: "Unprocessable Entity",
    425: "Client Error",
}
_CLASSES = {2: "Successful", 3: "Redirection", 4: "Client Error", 5: "Server Error"}


def status_text(status: int) -> str:
    """The text of a status; that of its class where it has none."""
    return _TEXTS.get(status) or _CLASSES.get(status // 100, "")
