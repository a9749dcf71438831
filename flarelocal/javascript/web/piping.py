"""From a ReadableStream to a WritableStream."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from typing import TYPE_CHECKING

from flarelocal.javascript.errors import type_error
from flarelocal.javascript.promise import Promise, reason_of, rethrow, run, settle
from flarelocal.javascript.signature import Options, properties_of, to_boolean
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.readable import ReadableStream
from flarelocal.javascript.web.source import DONE
from flarelocal.javascript.web.writable import WritableStream

if TYPE_CHECKING:
    from flarelocal.javascript.web.abort import AbortSignal

__all__ = ["pipe", "sides"]


def sides(transform: Value) -> tuple[ReadableStream, WritableStream]:
    """The two sides of a TransformStream, or of an object that has them.

    Raises:
        JsError: TypeError for what has no such sides.
    """
    from flarelocal.javascript.web.transform import TransformStream

    if isinstance(transform, TransformStream):
        return transform.readable, transform.writable
    properties = properties_of(transform) or {}
    readable, writable = properties.get("readable"), properties.get("writable")
    if not isinstance(readable, ReadableStream) or not isinstance(writable, WritableStream):
        raise type_error(
            "Failed to execute 'pipeThrough' on 'ReadableStream': parameter 1 is not of type"
            " 'Transform'."
        )
    return readable, writable


def pipe(source: ReadableStream, target: WritableStream, options: Options) -> Promise:
    """Write all that is read; the streams are locked meanwhile.

    The options `preventClose`, `preventAbort` and `preventCancel` keep the end, or the failure, of
    one stream from reaching the other; `signal` ends the pipe.

    Raises:
        JsError: TypeError where one of the streams is locked.
    """
    if source.holder is not None:
        raise type_error("This ReadableStream is currently locked to a reader.")
    if target.holder is not None:
        raise type_error("This WritableStream is currently locked to a writer.")
    source.lock(target)
    target.lock(source)
    given = options.get("signal")
    if given is None or given is null:
        return run(_pipe(source, target, options))
    signal: AbortSignal = given
    if signal.aborted:
        return run(_stop(source, target, options, signal.reason))
    work = run(_pipe(source, target, options))
    unsubscribe = signal.subscribe(work.cancel)

    async def pipe_until_aborted() -> None:
        try:
            await work
        except asyncio.CancelledError:
            if not signal.aborted:
                raise
            await _stop(source, target, options, signal.reason)
        finally:
            unsubscribe()

    return run(pipe_until_aborted())


async def _stop(
    source: ReadableStream, target: WritableStream, options: Options, reason: Value
) -> None:
    source.holder = target.holder = None
    if not to_boolean(options.get("preventAbort")):
        await _quietly(target.give_up(reason))
    if not to_boolean(options.get("preventCancel")):
        await _quietly(source.close_source(reason))
    rethrow(reason)


async def _pipe(source: ReadableStream, target: WritableStream, options: Options) -> None:
    try:
        await _copy(source, target, options)
    finally:
        source.holder = target.holder = None


async def _copy(source: ReadableStream, target: WritableStream, options: Options) -> None:
    last: Promise | None = None
    while True:
        if target.state != "writable":
            reason = (
                target.failure
                if target.state in ("erroring", "errored")
                else type_error("This destination writable stream is closed.")
            )
            if not to_boolean(options.get("preventCancel")):
                await _quietly(source.close_source(reason))
            rethrow(reason)
        try:
            chunk = await source.next_chunk()
        except Exception as failure:
            if not to_boolean(options.get("preventAbort")):
                await _quietly(target.give_up(reason_of(failure)))
            raise
        if chunk is DONE:
            break
        last = target.write_chunk(chunk)
        if (target.desired_size or 0) <= 0:
            await asyncio.wait([last])
    if to_boolean(options.get("preventClose")):
        if last is not None:
            await last
    else:
        await target.finish()


async def _quietly(work: Awaitable[Value]) -> None:
    with suppress(Exception):
        await settle(work)
