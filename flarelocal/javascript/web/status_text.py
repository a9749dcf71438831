"""The texts of HTTP's statuses, as the runtime gives them (workerd, api/http.c++)."""

from __future__ import annotations

from http import HTTPStatus

__all__ = ["STATUS_TEXTS"]

STATUS_TEXTS = {int(status): status.phrase for status in HTTPStatus} | {
    413: "Payload Too Large",
    414: "URI Too Long",
    416: "Range Not Satisfiable",
    418: "I'm a teapot",
    422: "Unprocessable Entity",
    425: "",
}
"""By status; versions of Python differ in some of them."""
