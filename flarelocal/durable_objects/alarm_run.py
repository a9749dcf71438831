"""One attempt to run the alarm of an object."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from flarelocal.continuation import rest
from flarelocal.dataclass import dataclass
from flarelocal.durable_objects.actor import Actor
from flarelocal.durable_objects.alarm_info import AlarmInfo, AlarmOutcome
from flarelocal.durable_objects.errors import DurableObjectError
from flarelocal.durable_objects.events import AlarmFired
from flarelocal.durable_objects.object_class import ActorSettings
from flarelocal.durable_objects.reset import Reset
from flarelocal.prompt_future import hear

__all__ = ["run_alarm"]

_LONGEST_MS = 15 * 60_000
_NO_HANDLER = (
    "Attempted to run a scheduled alarm without a handler, "
    "did you remember to export an alarm() function?"
)


@dataclass(frozen=True, slots=True)
class _Attempt:
    ran: bool
    reason: str | None = None
    retry: bool = True


def run_alarm(
    actor: Actor,
    settings: ActorSettings,
    info: AlarmInfo,
    done: Callable[[AlarmOutcome], None],
) -> None:
    """Run the handler for the alarm, if the alarm is due in the object's own view.

    Args:
        actor: the object.
        settings: of its namespace.
        info: the argument of the handler.
        done: is told how it ended, when that is durable.
    """

    def finish(reply: asyncio.Future[_Attempt]) -> None:
        if reply.cancelled():
            return
        error = reply.exception()
        attempt = reply.result() if error is None else _Attempt(True, str(error))
        reset = actor.reset
        done(
            AlarmOutcome(
                ran=attempt.ran,
                next_ms=actor.storage.alarm.committed,
                reason=attempt.reason,
                retry=attempt.retry and (reset is None or reset.retry_alarm),
                counted=reset is None or reset.by_worker,
            )
        )

    def ended(reply: asyncio.Future[_Attempt]) -> None:
        if actor.over:
            # The object is about to leave its namespace, which may call for a new one.
            reply.add_done_callback(finish)
        else:
            finish(reply)

    hear(actor.start(lambda instance: _attempt(actor, settings, instance, info)), ended)


async def _attempt(
    actor: Actor, settings: ActorSettings, instance: Any, info: AlarmInfo
) -> _Attempt:
    alarm = actor.storage.alarm
    if not alarm.arm(info.scheduled_ms, settings.clock.now()):
        return _Attempt(False)
    if not settings.object_class.has_alarm(instance):
        alarm.disarm(succeeded=True)
        return _Attempt(True, _NO_HANDLER, retry=False)
    settings.journal.record(
        AlarmFired(
            settings.object_class.name,
            actor.id.hex,
            actor.id.name,
            info.scheduled_ms,
            info.retry_count,
        )
    )
    try:
        await _limited(settings.object_class.alarm(instance, info), actor, settings)
    except Exception as error:
        alarm.disarm(succeeded=False)
        return _Attempt(True, str(error))
    alarm.disarm(succeeded=True)
    return _Attempt(True)


async def _limited(
    handler: Coroutine[Any, Any, object], actor: Actor, settings: ActorSettings
) -> None:
    """Run the handler, which may take 15 minutes from where it first waits."""
    try:
        waited_for = handler.send(None)
    except StopIteration:
        return
    limit = settings.clock.call_later(
        _LONGEST_MS,
        lambda: actor.destroy(Reset(_too_long(), by_worker=True)),
        label=f"limit of an alarm of {actor.id}",
    )
    try:
        await rest(handler, waited_for)
    finally:
        limit.cancel()


def _too_long() -> DurableObjectError:
    return DurableObjectError("Alarm exceeded its allowed execution time", overloaded=True)
