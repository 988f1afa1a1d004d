"""Every delay of a thread, in days: alert → team in the field → report → action agreed → action done → closure.

Records hold days, not hours: «within 72 h» is three days at most, and a delay in hours is 24 for each day. A day that
is missing gives no delay (None, «n.d.»), never zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

FIELDED_WITHIN = 3
"""Days from alert to field: the 72 hours of the standard."""
REPORTED_WITHIN = 7


@dataclass(frozen=True, slots=True)
class Delays:
    """The days between the steps of one thread."""

    alert_to_field: int | None
    field_to_report: int | None
    alert_to_report: int | None
    alert_to_closure: int | None

    @property
    def fielded_in_time(self) -> bool | None:
        return None if self.alert_to_field is None else self.alert_to_field <= FIELDED_WITHIN

    @property
    def reported_in_time(self) -> bool | None:
        return None if self.alert_to_report is None else self.alert_to_report <= REPORTED_WITHIN


def days(start: date | None, end: date | None) -> int | None:
    """Days from one day to another; None where one of them is not known."""
    return None if start is None or end is None else (end - start).days


def hours(delay: int | None) -> int | None:
    """The same delay in hours."""
    return None if delay is None else 24 * delay


def delays(alert: date | None, fielded: date | None, reported: date | None, closed: date | None = None) -> Delays:
    """The delays of a thread from its days."""
    return Delays(days(alert, fielded), days(fielded, reported), days(alert, reported), days(alert, closed))


def overdue(deadline: date, done: date | None, today: date) -> int:
    """How many days an action is late: until it was done, or until today; 0 when it is not."""
    return max(0, ((done or today) - deadline).days)


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many; ``rate`` is None of nothing."""

    part: int
    of: int

    @property
    def rate(self) -> float | None:
        return self.part / self.of if self.of else None


def share(answers: Iterable[bool | None]) -> Share:
    """How many of the known answers are yes; what is not known is not counted on either side."""
    known = [a for a in answers if a is not None]
    return Share(sum(known), len(known))


def closed_in_time(due: Iterable[tuple[date, date | None]], today: date) -> Share:
    """Of actions (deadline, day done) whose deadline has come or that are done, how many were done by the deadline."""
    return share(done is not None and done <= limit for limit, done in due if done is not None or limit < today)
