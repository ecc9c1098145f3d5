"""The world of one stand-in: its time, which only a test moves, and the things in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import RLock
from typing import Any, Generic, TypeVar

from .._core.model import Model
from .._io.forking import tell_after_fork
from .life import Fields, Living, Plan, Stages, begin

K = TypeVar("K")
M = TypeVar("M", bound=Model)


class World:
    """Time that stands still until it is moved on."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError(f"start must have a time zone: {start!r}")
        self.start = start
        self.now: datetime = start
        self.lock: AbstractContextManager[bool | None] = RLock()
        """Held while a request is answered, and while anything is added or the time moved on."""
        tell_after_fork(self)
        self._shelves: list[Shelf[Any, Any]] = []

    @property
    def age(self) -> timedelta:
        """How far the time was moved on."""
        return self.now - self.start

    def after_fork(self) -> None:
        """Makes the lock anew: the thread that held it may not be there."""
        self.lock = RLock()

    def shelf(self, model: type[M], stages: Stages) -> Shelf[Any, M]:
        """A place for things of one kind."""
        shelf = Shelf[Any, M](self, model, stages)
        self._shelves.append(shelf)
        return shelf

    def advance(self, seconds: float | None = None) -> None:
        """Moves on by that much, or to the next time at which something changes, if any."""
        with self.lock:
            if seconds is None:
                ahead = (when for shelf in self._shelves for when in shelf.changes())
                self.now = min((when for when in ahead if when > self.now), default=self.now)
            elif seconds < 0:
                raise ValueError(f"time does not go back: {seconds} seconds")
            else:
                self.now += timedelta(seconds=seconds)


@dataclass(slots=True)
class _Place(Generic[M]):
    living: Living[M]
    looks_in_vain: int


class Shelf(Generic[K, M]):
    """Things of one kind by their keys, in the order in which they were added."""

    def __init__(self, world: World, model: type[M], stages: Stages) -> None:
        self._world = world
        self._model = model
        self._stages = stages
        self._places: dict[K, _Place[M]] = {}

    def put(self, key: K, given: Fields, rest: Fields, plan: Plan, appears_after: int) -> M:
        """Adds a thing, or replaces the one that has the key; how it is now."""
        living = begin(self._model, self._stages, given, rest, plan, self._world.now)
        self._places[key] = _Place(living, appears_after)
        return living.first

    def get(self, key: K) -> M | None:
        """The thing as it is now; None where there is none, or it does not show yet."""
        return self._look(self._places[key]) if key in self._places else None

    def all(self) -> list[tuple[int, M]]:
        """All things that show, as they are now, each with the place that it keeps."""
        looks = enumerate(map(self._look, tuple(self._places.values())))
        return [(place, thing) for place, thing in looks if thing is not None]

    def keys(self) -> tuple[K, ...]:
        """The keys of all things, whether or not they show."""
        return tuple(self._places)

    def changes(self) -> Iterator[datetime]:
        """When things change, in the past and in the future."""
        for place in tuple(self._places.values()):
            yield from (when for when, _ in place.living.changes)

    def _look(self, place: _Place[M]) -> M | None:
        if place.looks_in_vain:
            place.looks_in_vain -= 1
            return None
        return place.living.at(self._world.now)
