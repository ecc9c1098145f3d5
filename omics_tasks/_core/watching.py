"""Watching tasks: rounds of looks that tell what has changed, and when there is no next one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Generic, TypeVar

from ..errors import WaitTimeoutError
from ..states import Change, TaskState
from .lifecycle import Lifecycle
from .operation import Operation
from .polling import Poll, Poller, PollSchedule
from .retries import RetryPolicy
from .workflow import Workflow

T = TypeVar("T", bound=Lifecycle)

_ROUNDS_AFTER_THE_END = 5


class Watch(Generic[T]):
    """Looks at things until all have ended, and tells what changed."""

    def __init__(
        self,
        operation: Operation[Any, Any],
        poll: Poll[T],
        *,
        policy: RetryPolicy,
        now: Callable[[], datetime],
        timeout: float | None = None,
        grace: float = 0.0,
        leader: str | None = None,
    ) -> None:
        """``leader`` names what all others belong to: its end is soon the end of the watch."""
        self._poller = Poller(operation, poll, PollSchedule(policy, timeout))
        self._now = now
        self._grace = grace
        self._leader = leader
        self._items: dict[str, T] = {}
        self._has_begun = self._has_polled = self._is_late = False
        self._rounds_after_the_end = 0

    @property
    def is_over(self) -> bool:
        """Whether there is nothing more to tell."""
        is_at_an_end = self._all_ended or self._is_wound_up
        return self._has_polled and is_at_an_end and not self._poller.missing

    @property
    def _all_ended(self) -> bool:
        missing = self._poller.missing
        return all(item.is_terminal for name, item in self._items.items() if name not in missing)

    @property
    def _is_wound_up(self) -> bool:
        return self._rounds_after_the_end > _ROUNDS_AFTER_THE_END

    def round(self) -> Workflow[list[Change[T]]]:
        """Return the changes since the last round.

        Raises WaitFailedError for what stays missing, when all else has ended: one that is missing
        ends no watch of others. Raises WaitTimeoutError when the time is over.
        """
        poller = self._poller
        if not self._has_begun:
            poller.schedule.begin()
        elif self._is_wound_up:
            poller.raise_missing()
        elif self._is_late:
            raise self._late() from poller.failure
        else:
            yield poller.schedule.next_sleep()
        self._has_begun = True
        has_seen = yield from poller.poll()
        self._is_late = poller.schedule.is_over
        if not has_seen:
            return []
        self._has_polled = True
        changes = list(self._changes())
        self._items = dict(poller.seen)
        if self._leader in self._items and self._items[self._leader].is_terminal:
            self._rounds_after_the_end += 1
        if changes:
            poller.schedule.restart()
        elif poller.schedule.elapsed >= self._grace and self._all_ended:
            poller.raise_missing()
        return changes

    def _changes(self) -> Iterator[Change[T]]:
        for name, item in self._poller.seen.items():
            before = self._items.get(name)
            if before is None or _standing(before) != _standing(item):
                previous = None if before is None else before.state
                time = _time_of(item, previous) or self._seen_at(item)
                yield Change(item, previous, item.state, time)

    def _seen_at(self, item: T) -> datetime:
        # The date of an answer has whole seconds, and other times have fractions.
        return max(filter(None, (self._now(), item.created_time, item.started_time)))

    def _late(self) -> WaitTimeoutError:
        unfinished = [name for name, item in self._items.items() if not item.is_terminal]
        name = next(iter([*unfinished, *self._poller.missing]), None)
        return self._poller.late(name, "at an end")


def _standing(item: Lifecycle) -> tuple[TaskState, bool]:
    """What a watch tells of. An unknown state may become an end, and stay unknown."""
    return item.state, item.is_terminal


def _time_of(item: Lifecycle, before: TaskState | None) -> datetime | None:
    """When the service says that it came to its state."""
    if item.is_terminal:
        return item.ended_time
    if item.state is TaskState.RUNNING:
        return item.started_time
    # It may be pending once more, for it is tried again.
    is_new = item.state is TaskState.PENDING and before is None
    return item.created_time if is_new else None
