"""Base of tasks and runs: the state and times that all services share."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from ..states import TaskState
from .model import Model
from .status_map import StatusMap


class Lifecycle(Model):
    """A task or a run."""

    _status_map: ClassVar[StatusMap]

    @property
    def state(self) -> TaskState:
        """The state, in the vocabulary that all services share."""
        return self._status_map.states.get(self._status, TaskState.UNKNOWN)

    @property
    def is_terminal(self) -> bool:
        """True if it has ended: its state does not change again by itself.

        In an UNKNOWN state it has ended if it has an end time.
        """
        state = self.state
        return state.is_terminal or (state is TaskState.UNKNOWN and self.ended_time is not None)

    @property
    def reason(self) -> str | None:
        """The reason for the state; None if the service gives none."""
        return self._status_map.reasons.get(self._status)

    @property
    def created_time(self) -> datetime | None:
        """Time of creation."""
        return self._time(self._status_map.created)

    @property
    def started_time(self) -> datetime | None:
        """Time of the start; None before."""
        return self._time(self._status_map.started)

    @property
    def ended_time(self) -> datetime | None:
        """Time of the end; None before."""
        return self._time(self._status_map.ended)

    @property
    def duration(self) -> timedelta | None:
        """Time between the start and the end; None until both are known."""
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
    """Join the distinct, non-empty parts with semicolons; None if there are none."""
    return "; ".join(filter(None, dict.fromkeys(parts))) or None
