"""Time: `now`, timers, and the clocks that people and tests move."""

from flarelocal.clock.clock import Clock
from flarelocal.clock.event import EventClock
from flarelocal.clock.instant import EndlessLoopError
from flarelocal.clock.python_time import PythonTime
from flarelocal.clock.system import SystemClock
from flarelocal.clock.timer import Order, Timer
from flarelocal.clock.virtual import VirtualClock

__all__ = [
    "Clock",
    "EndlessLoopError",
    "EventClock",
    "Order",
    "PythonTime",
    "SystemClock",
    "Timer",
    "VirtualClock",
]
