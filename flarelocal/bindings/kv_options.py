"""What programs ask of KV besides keys and values, and how a refusal reaches them."""

from __future__ import annotations

from types import TracebackType

from flarelocal.javascript.errors import error, type_error
from flarelocal.javascript.numbers import to_int32
from flarelocal.javascript.signature import NO_OPTIONS, Options, properties_of
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value
from flarelocal.storage.kv import KvError

__all__ = ["Refusals", "int_option", "options_of", "read_options"]


class Refusals:
    """Turns a refusal of KV within the block into the error that the program sees.

    Args:
        operation: the name of what failed: `GET`, `PUT`, `DELETE` or `GET_BULK`.
    """

    __slots__ = ("_operation",)

    def __init__(self, operation: str) -> None:
        self._operation = operation

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        refused: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if isinstance(refused, KvError):
            message = f"KV {self._operation} failed: {refused.status} {refused.reason}"
            raise error(message) from None


def options_of(options: Value, call: str, position: int, kind: str) -> Options:
    """The properties of an argument that holds options.

    Raises:
        JsError: TypeError for what is no object.
    """
    if options is None:
        return NO_OPTIONS
    found = properties_of(options)
    if found is None:
        raise type_error(
            f"Failed to execute '{call}' on 'KvNamespace': parameter {position} is not of type"
            f" '{kind}'."
        )
    return found


def read_options(options: Value) -> tuple[str | None, int | None]:
    """The type that `get` is asked for, and the `cacheTtl` in s."""
    if options is None:
        return None, None
    found = properties_of(options)
    if found is None:
        return to_string(options), None
    kind = found.get("type")
    return None if kind is None else to_string(kind), int_option(found, "cacheTtl")


def int_option(options: Options, name: str) -> int | None:
    """A whole number among the options; None if it is undefined.

    Raises:
        JsError: TypeError for one that does not fit into 32 bits.
    """
    given = options.get(name)
    return None if given is None else to_int32(given)
