"""The one state, and the times, that models of every service have beside their own."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from ..states import TaskState
from .model import Model
from .status_map import StatusMap


class Lifecycle(Model):
    """A task or a run: something that begins, goes on and ends."""

    _status_map: ClassVar[StatusMap]

    @property
    def state(self) -> TaskState:
        """Where it is in its life, in words that all services share."""
        return self._status_map.states.get(self._status, TaskState.UNKNOWN)

    @property
    def is_terminal(self) -> bool:
        """Whether it has ended: by itself it never changes its state again.

        What is in an unknown state has ended if it has an end time.
        """
        state = self.state
        return state.is_terminal or (state is TaskState.UNKNOWN and self.ended_time is not None)

    @property
    def reason(self) -> str | None:
        """Why it is in its state; None where the service says nothing of it."""
        return self._status_map.reasons.get(self._status)

    @property
    def created_time(self) -> datetime | None:
        """When it was created."""
        return self._time(self._status_map.created)

    @property
    def started_time(self) -> datetime | None:
        """When it started; None before."""
        return self._time(self._status_map.started)

    @property
    def ended_time(self) -> datetime | None:
        """When it ended; None before."""
        return self._time(self._status_map.ended)

    @property
    def duration(self) -> timedelta | None:
        """From its start to its end; None until both are known."""
        started, ended = self.started_time, self.ended_time
        return ended - started if started and ended else None

    @property
    def _status(self) -> str:
        status: str | None = getattr(self, self._status_map.status)
        return status or ""

    def _time(self, name: str) -> datetime | None:
        time: datetime | None = getattr(self, name)
        return time


def joined(*parts: str | None) -> str | None:
    """What is said, part after part; None where nothing is."""
    return "; ".join(filter(None, dict.fromkeys(parts))) or None
