"""The state of one stand-in: its time, which only a test moves, and the things in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import RLock
from typing import Any, Generic, TypeVar

from .._core.model import Model
from .._io.fork_safety import reset_after_fork
from .lifecycle import Fields, Plan, Stages, Timeline, begin

K = TypeVar("K")
M = TypeVar("M", bound=Model)


class State:
    """Time that stands still until it is moved on."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError(f"start must have a time zone: {start!r}")
        self.start = start
        self.now: datetime = start
        self.lock: AbstractContextManager[bool | None] = RLock()
        """Held while a request is answered, and while anything is added or the time moved on."""
        reset_after_fork(self)
        self._tables: list[Table[Any, Any]] = []

    @property
    def age(self) -> timedelta:
        """How far the time was moved on."""
        return self.now - self.start

    def after_fork(self) -> None:
        """Makes the lock anew: the thread that held it may not be there."""
        self.lock = RLock()

    def table(self, model: type[M], stages: Stages) -> Table[Any, M]:
        """A place for things of one kind."""
        table = Table[Any, M](self, model, stages)
        self._tables.append(table)
        return table

    def advance(self, seconds: float | None = None) -> None:
        """Moves on by that much, or to the next time at which something changes, if any."""
        with self.lock:
            if seconds is None:
                ahead = (when for table in self._tables for when in table.changes())
                self.now = min((when for when in ahead if when > self.now), default=self.now)
            elif seconds < 0:
                raise ValueError(f"time does not go back: {seconds} seconds")
            else:
                self.now += timedelta(seconds=seconds)


@dataclass(slots=True)
class _Row(Generic[M]):
    timeline: Timeline[M]
    misses_left: int


class Table(Generic[K, M]):
    """Things of one kind by their keys, in the order in which they were added."""

    def __init__(self, state: State, model: type[M], stages: Stages) -> None:
        self._state = state
        self._model = model
        self._stages = stages
        self._rows: dict[K, _Row[M]] = {}

    def put(self, key: K, given: Fields, rest: Fields, plan: Plan, appears_after: int) -> M:
        """Adds a thing, or replaces the one that has the key; how it is now."""
        timeline = begin(self._model, self._stages, given, rest, plan, self._state.now)
        self._rows[key] = _Row(timeline, appears_after)
        return timeline.first

    def get(self, key: K) -> M | None:
        """The thing as it is now; None where there is none, or it does not show yet."""
        return self._look(self._rows[key]) if key in self._rows else None

    def all(self) -> list[tuple[int, M]]:
        """All things that show, as they are now, each with the place that it keeps."""
        looks = enumerate(map(self._look, tuple(self._rows.values())))
        return [(place, thing) for place, thing in looks if thing is not None]

    def keys(self) -> tuple[K, ...]:
        """The keys of all things, whether or not they show."""
        return tuple(self._rows)

    def changes(self) -> Iterator[datetime]:
        """When things change, in the past and in the future."""
        for place in tuple(self._rows.values()):
            yield from (when for when, _ in place.timeline.changes)

    def _look(self, place: _Row[M]) -> M | None:
        if place.misses_left:
            place.misses_left -= 1
            return None
        return place.timeline.at(self._state.now)
