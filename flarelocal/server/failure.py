"""The answer to a request that the Worker failed to answer."""

from __future__ import annotations

from flarelocal.server.answer import Answer
from flarelocal.server.exchange import Exchange

__all__ = ["failure"]


def failure(error: BaseException, exchange: Exchange) -> Answer:
    """Status 500, with the error as the client can show it."""
    from flarelocal.server.error_page import error_page

    return Answer(500, *error_page(error, exchange.header("accept")))
