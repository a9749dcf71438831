"""Who may use the local endpoints."""

import pytest

from flarelocal.server.guard import refusal


def _refusal(routes: tuple[str, ...] = (), **headers: str) -> str | None:
    sent = [(name.encode(), value.encode()) for name, value in headers.items()]
    return refusal(sent, "192.168.0.7", routes)


@pytest.mark.parametrize("host", ["localhost:8787", "127.0.0.1", "[::1]:8787", "192.168.0.7:8787"])
def test_this_machine_may(host: str) -> None:
    assert _refusal(host=host, origin=f"http://{host}") is None


def test_pages_of_other_sites_may_not() -> None:
    assert _refusal(host="evil.example") == "Invalid Host header"
    assert _refusal(host="localhost", origin="https://evil.example") == "Invalid Origin header"
    assert _refusal(host="localhost", origin="null") == "Invalid Origin header"


@pytest.mark.parametrize(
    ("route", "host", "allowed"),
    [
        ("example.com/api/*", "example.com", True),
        ("https://example.com", "example.com", True),
        ("example.com/*", "www.example.com", False),
        ("*.example.com/*", "www.example.com", True),
        ("*.example.com/*", "example.com", True),
        ("*example.com/*", "bad-example.com", False),
        ("*/*", "evil.example", False),
    ],
)
def test_hosts_of_the_routes_may(route: str, host: str, allowed: bool) -> None:
    assert (_refusal((route,), host=host) is None) == allowed
