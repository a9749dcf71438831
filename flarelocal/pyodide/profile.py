"""What differs between the Pyodide versions that the runtime knows."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Final

from flarelocal.dataclass import dataclass

__all__ = ["PROFILES", "Profile", "current", "make_current", "use"]


@dataclass(frozen=True, slots=True)
class Profile:
    """The conversion rules of one Pyodide version.

    Attributes:
        name: how flarelocal calls it: `0.26`, `0.28` or `314`.
        version: `pyodide.__version__`.
        python: the version of Python that it brings, as (major, minor).
        has_null: JavaScript's null is `jsnull`; else it is None, as undefined is.
        can_run_sync: Python code may wait for a promise by `run_sync`.
        literal_map: `to_js` makes a LiteralMap of a dict; else an object.
        big_int_type: a BigInt is a `JsBigInt`; else an `int`.
        transparent_proxies: JSON sees what is in the proxy of a dict or sequence.
        native_errors: a `JsException` with the name of a class of errors is of that class; else an
            `Error` that has a name of its own.
        then_keeps_results: what a function makes of the outcome of a `JsPromise` is what the new
            promise is fulfilled with; else that is 0, or -1 where the function raised.
        keeps_request: `pyfetch` makes a `Request` of a URL, and its response keeps it.
        sized_is_array: whatever has a length and can be iterated is a `JsArray`.
    """

    name: str
    version: str
    python: tuple[int, int]
    has_null: bool = True
    can_run_sync: bool = True
    literal_map: bool = True
    big_int_type: bool = False
    transparent_proxies: bool = True
    native_errors: bool = False
    then_keeps_results: bool = False
    keeps_request: bool = False
    sized_is_array: bool = False


PROFILES: Final = {
    profile.name: profile
    for profile in (
        Profile(
            "0.26",
            "0.26.0a2",
            (3, 12),
            has_null=False,
            can_run_sync=False,
            transparent_proxies=False,
            then_keeps_results=True,
        ),
        Profile("0.28", "0.28.2", (3, 13)),
        Profile(
            "314",
            "314.0.4",
            (3, 14),
            literal_map=False,
            big_int_type=True,
            native_errors=True,
            keeps_request=True,
            sized_is_array=True,
        ),
    )
}

_usual = PROFILES["0.28"]
_current: ContextVar[Profile | None] = ContextVar("profile", default=None)


def current() -> Profile:
    """The profile of the Worker whose context this is."""
    return _current.get() or _usual


def make_current(profile: Profile) -> None:
    """Follow this profile in the present context."""
    _current.set(profile)


def use(profile: Profile) -> None:
    """Follow this profile wherever the context says nothing."""
    global _usual
    _usual = profile
