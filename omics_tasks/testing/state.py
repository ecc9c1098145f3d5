"""The state of one stand-in: its time, which only ``advance`` changes, and its resources."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import RLock
from typing import Any, Generic, TypeVar

from .._core.model import Model
from .._io.fork_safety import reset_after_fork
from .lifecycle import Fields, Plan, Stages, Timeline, start_timeline

K = TypeVar("K")
M = TypeVar("M", bound=Model)


class State:
    """The time, the lock and the tables that all services share."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError(f"start must have a time zone: {start!r}")
        self.start = start
        self.now: datetime = start
        self.lock: AbstractContextManager[bool | None] = RLock()
        """Held while a request is answered, a resource is added or the time moves."""
        reset_after_fork(self)
        self._tables: list[Table[Any, Any]] = []

    @property
    def age(self) -> timedelta:
        """Time that has passed since the start."""
        return self.now - self.start

    def after_fork(self) -> None:
        """Replace the lock: the thread that holds it may not exist in a forked child."""
        self.lock = RLock()

    def table(self, model: type[M], stages: Stages) -> Table[Any, M]:
        """Return a new table for resources of one kind."""
        table = Table[Any, M](self, model, stages)
        self._tables.append(table)
        return table

    def advance(self, seconds: float | None = None) -> None:
        """Move the time forward by ``seconds``, or to the next change of a resource, if any."""
        with self.lock:
            if seconds is None:
                times = (time for table in self._tables for time in table.changes())
                self.now = min((time for time in times if time > self.now), default=self.now)
            elif seconds < 0:
                raise ValueError(f"seconds must not be negative: {seconds}")
            else:
                self.now += timedelta(seconds=seconds)


@dataclass(slots=True)
class _Row(Generic[M]):
    timeline: Timeline[M]
    misses_left: int
    """Number of further reads that do not find the resource."""


class Table(Generic[K, M]):
    """Resources of one kind by key, in the order in which they were added."""

    def __init__(self, state: State, model: type[M], stages: Stages) -> None:
        self._state = state
        self._model = model
        self._stages = stages
        self._rows: dict[K, _Row[M]] = {}

    def put(self, key: K, given: Fields, defaults: Fields, plan: Plan, appears_after: int) -> M:
        """Add or replace the resource with this key and return it as it is now."""
        timeline = start_timeline(self._model, self._stages, given, defaults, plan, self._state.now)
        self._rows[key] = _Row(timeline, appears_after)
        return timeline.first

    def get(self, key: K) -> M | None:
        """Return the resource as it is now, or None if it does not exist or is still hidden."""
        return self._read(self._rows[key]) if key in self._rows else None

    def all(self) -> list[tuple[int, M]]:
        """Return all visible resources as they are now, each with its permanent position."""
        resources = enumerate(map(self._read, tuple(self._rows.values())))
        return [(position, resource) for position, resource in resources if resource is not None]

    def keys(self) -> tuple[K, ...]:
        """Return the keys of all resources, hidden ones included."""
        return tuple(self._rows)

    def changes(self) -> Iterator[datetime]:
        """Yield the times of all changes, past and future."""
        for row in tuple(self._rows.values()):
            yield from (time for time, _ in row.timeline.changes)

    def _read(self, row: _Row[M]) -> M | None:
        if row.misses_left:
            row.misses_left -= 1
            return None
        return row.timeline.at(self._state.now)
