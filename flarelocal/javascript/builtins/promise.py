"""Promise."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine

from flarelocal.javascript import promise as promises
from flarelocal.javascript.callback import callback
from flarelocal.javascript.collections import iterate, not_iterable
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.function import Builtin
from flarelocal.javascript.host import method, static
from flarelocal.javascript.promise import awaitable, reason_of, run, settle
from flarelocal.javascript.text import described
from flarelocal.javascript.values import Value, null

__all__ = ["Promise"]


class Promise(Builtin):
    """Promises, which are futures."""

    __slots__ = ()

    @classmethod
    def construct(cls, *arguments: Value) -> Value:
        executor = arguments[0] if arguments else None
        if not callable(executor):
            raise type_error(f"Promise resolver {described(executor)} is not a function")
        made, resolve, reject = _deferred()
        try:
            executor(resolve, reject)
        except Exception as error:
            reject(reason_of(error))
        return made

    @classmethod
    def call(cls, *arguments: Value) -> Value:
        raise type_error("Promise constructor cannot be invoked without 'new'")

    @staticmethod
    @static
    def with_resolvers() -> Value:
        made, resolve, reject = _deferred()
        return {"promise": made, "resolve": resolve, "reject": reject}

    @staticmethod
    @static(name="try")
    def try_(function: Value = None, *arguments: Value) -> Value:
        """The promise of what a function gives, rejected with what it throws."""
        try:
            return Promise.resolve(callback(function)(*arguments))
        except Exception as error:
            return promises.rejected(reason_of(error))

    @staticmethod
    @static
    def resolve(value: Value = None) -> Value:
        if asyncio.isfuture(value):
            return value
        made, resolve, _ = _deferred()
        resolve(value)
        return made

    @staticmethod
    @static
    def reject(reason: Value = None) -> Value:
        return promises.rejected(reason)

    @staticmethod
    @static(name="all")
    def all_(members: Value = None) -> Value:
        return _combined(_all, members)

    @staticmethod
    @static
    def all_settled(members: Value = None) -> Value:
        return _combined(_all_settled, members)

    @staticmethod
    @static
    def race(members: Value = None) -> Value:
        return _combined(_race, members)

    @staticmethod
    @static(name="any")
    def any_(members: Value = None) -> Value:
        return _combined(_any, members)

    @method
    def then(self: Value, on_fulfilled: Value = None, on_rejected: Value = None) -> Value:
        return run(_then(self, on_fulfilled, on_rejected))

    @method
    def catch(self: Value, on_rejected: Value = None) -> Value:
        return run(_then(self, None, on_rejected))

    @method(name="finally")
    def finally_(self: Value, on_finally: Value = None) -> Value:
        return run(_finally(self, on_finally))


def _deferred() -> tuple[promises.Promise, Value, Value]:
    made = promises.future()

    def resolve(value: Value = None) -> None:
        if made.done():
            return
        pending = awaitable(value)
        if pending is None:
            made.set_result(value)
        else:
            run(_follow(made, pending))

    def reject(reason: Value = None) -> None:
        promises.reject(made, reason)

    return made, resolve, reject


async def _follow(promise: promises.Promise, pending: Awaitable[Value]) -> None:
    try:
        result = await settle(pending)
    except Exception as error:
        promises.reject(promise, reason_of(error))
    else:
        if not promise.done():
            promise.set_result(result)


def _combined(
    combine: Callable[[list[promises.Promise]], Coroutine[None, None, Value]], members: Value
) -> Value:
    """The promise of what becomes of several, which is rejected where they are not iterable."""
    try:
        if members is None or members is null:
            raise not_iterable(members)
        started = [Promise.resolve(member) for member in iterate(members)]
    except Exception as error:
        return promises.rejected(reason_of(error))
    return run(combine(started))


async def _all(members: list[promises.Promise]) -> Value:
    return list(await asyncio.gather(*members))


async def _all_settled(members: list[promises.Promise]) -> Value:
    outcomes: list[Value] = []
    for member in members:
        try:
            outcomes.append({"status": "fulfilled", "value": await member})
        except Exception as error:
            outcomes.append({"status": "rejected", "reason": reason_of(error)})
    return outcomes


async def _race(members: list[promises.Promise]) -> Value:
    if not members:
        await promises.future()
    done, _ = await asyncio.wait(members, return_when=asyncio.FIRST_COMPLETED)
    return next(member for member in members if member in done).result()


async def _any(members: list[promises.Promise]) -> Value:
    from flarelocal.javascript.builtins.error import AggregateError

    waiting = list(members)
    while waiting:
        done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for member in [member for member in waiting if member in done]:
            if member.exception() is None:
                return member.result()
        waiting = [member for member in waiting if member not in done]
    errors = [reason_of(error) for member in members if (error := member.exception())]
    raise AggregateError.of(errors, "All promises were rejected")


async def _then(promise: Value, on_fulfilled: Value, on_rejected: Value) -> Value:
    try:
        result = await settle(promise)
    except Exception as error:
        if not callable(on_rejected):
            raise
        return await settle(on_rejected(reason_of(error)))
    return await settle(on_fulfilled(result)) if callable(on_fulfilled) else result


async def _finally(promise: Value, on_finally: Value) -> Value:
    try:
        return await settle(promise)
    finally:
        if callable(on_finally):
            await settle(on_finally())
