"""The time for signatures: this machine's clock, corrected for clock skew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def utc_now() -> datetime:
    """Return the current time of this machine's clock, in UTC."""
    return datetime.now(UTC)


class ServiceClock:
    """One client's estimate of the service's time."""

    def __init__(self, read: Callable[[], datetime] = utc_now) -> None:
        self.read = read
        """Function that returns this machine's time, uncorrected."""
        self.correction = timedelta()
        """Clock skew that ``now`` adds to this machine's time."""
        self.latest_date: datetime | None = None
        """The ``Date`` of the latest response; None if it has none."""

    def now(self) -> datetime:
        """Return the service's time, as far as it is known."""
        return self.read() + self.correction

    def answered_at(self) -> datetime:
        """Return the time of the latest response: its ``Date``, else the result of ``now``.

        It is consistent with the service's other times, even if this machine's clock is skewed.
        """
        return self.latest_date or self.now()
