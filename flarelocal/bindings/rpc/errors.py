"""Errors of the other side, as the caller sees them."""

from __future__ import annotations

from typing import cast

from flarelocal.javascript.clone import deserialize, serialize
from flarelocal.javascript.errors import JsError, Thrown
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.text import described, to_string
from flarelocal.javascript.values import Value
from flarelocal.pyodide.python_error import python_error
from flarelocal.worker.code import ReceiverError

__all__ = ["remote_error"]


def remote_error(error: BaseException, object_id: str | None = None) -> JsError | Thrown:
    """What the caller gets of what was thrown on the other side.

    Args:
        object_id: of the Durable Object whose code threw; what the runtime itself throws about a
            receiver does not tell the object.
    """
    marks: dict[str, Value] = {"remote": True}
    if isinstance(error, Thrown):
        if not isinstance(error.value, list | dict | HostObject):
            return JsError(to_string(error.value), properties=marks)
        try:
            thrown = _copy(error.value)
        except JsError:
            return JsError(described(error.value), properties=marks)
        if object_id is not None:
            marks["durableObjectId"] = object_id
        if isinstance(thrown, dict):
            thrown.update(marks)
        return Thrown(thrown)
    if object_id is not None and not isinstance(error, ReceiverError):
        marks["durableObjectId"] = object_id
    made = _copied(error) if isinstance(error, JsError) else python_error(error)
    made.stack = None
    if made.constructor_name == "DOMException":
        return made
    made.properties |= marks
    made.__cause__ = error.__cause__ if isinstance(error, JsError) else error
    return made


def _copied(error: JsError) -> JsError:
    try:
        return cast("JsError", _copy(error))
    except JsError as refused:
        return refused


def _copy(thrown: Value) -> Value:
    return deserialize(serialize(thrown))
