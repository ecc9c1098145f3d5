"""The time to sign with: this machine's, corrected to the service's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def utc_now() -> datetime:
    """What this machine's clock says."""
    return datetime.now(UTC)


class ServiceClock:
    """One client's idea of the service's time."""

    def __init__(self, read: Callable[[], datetime] = utc_now) -> None:
        self.read = read
        """This machine's time, as it is."""
        self.correction = timedelta()
        """What is added to it."""
        self.latest_date: datetime | None = None
        """The ``Date`` of the latest answer; None where that has none."""

    def now(self) -> datetime:
        """The service's time, as far as it is known."""
        return self.read() + self.correction

    def answered_at(self) -> datetime:
        """Return when the latest answer was given: by its ``Date``, else by this machine's clock.

        It agrees with the other times that the service gives, though this machine's clock is off.
        """
        return self.latest_date or self.now()
