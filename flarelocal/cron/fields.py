"""The five fields of an expression and the values each may have."""

from __future__ import annotations

from flarelocal.dataclass import dataclass

__all__ = ["DATE", "FIELDS", "HOUR", "MINUTE", "MONTH", "WEEKDAY", "Field", "Misfit", "number"]


class Misfit(Exception):
    """A part of a field is not accepted; `reason` is one of `CronError.reason`."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name, its lowest and highest value, and names for the values in order."""

    noun: str
    minimum: int
    maximum: int
    names: tuple[str, ...] = ()

    def value(self, text: str) -> int:
        """The value that digits or letters stand for.

        Raises:
            Misfit: `name` or `range`.
        """
        if text[0].isdigit():
            return number(text, self.minimum, self.maximum)
        if text.upper() not in self.names:
            raise Misfit("name")
        return self.minimum + self.names.index(text.upper())

    def label(self, value: int) -> str:
        """The value as people write it: by its name if it has one."""
        return self.names[value - self.minimum] if self.names else str(value)


def number(digits: str, minimum: int, maximum: int) -> int:
    """The number in ASCII digits, however many.

    Raises:
        Misfit: `range`.
    """
    significant = digits.lstrip("0") or "0"
    if len(significant) > 2 or not minimum <= int(significant) <= maximum:
        raise Misfit("range")
    return int(significant)


MINUTE = Field("minute", 0, 59)
HOUR = Field("hour", 0, 23)
DATE = Field("day of month", 1, 31)
MONTH = Field(
    "month",
    1,
    12,
    ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"),
)
WEEKDAY = Field("day of week", 1, 7, ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"))
FIELDS = (MINUTE, HOUR, DATE, MONTH, WEEKDAY)
