"""Watching tasks: rounds of polls that report changes until all tasks have ended."""

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

_ROUNDS_AFTER_LEADER = 5


class Watch(Generic[T]):
    """Poll tasks and runs until all have ended, and report the changes."""

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
        """Start at the first ``round``.

        ``leader`` names the run that all tasks belong to: a few rounds after its end, the watch
        ends too.
        """
        self._poller = Poller(operation, poll, PollSchedule(policy, timeout))
        self._now = now
        self._grace = grace
        self._leader = leader
        self._items: dict[str, T] = {}
        self._has_begun = self._has_polled = self._is_timed_out = False
        self._rounds_after_leader = 0

    @property
    def is_over(self) -> bool:
        """True if no more changes will be reported."""
        is_finished = self._all_ended or self._is_leader_done
        return self._has_polled and is_finished and not self._poller.missing

    @property
    def _all_ended(self) -> bool:
        missing = self._poller.missing
        return all(item.is_terminal for name, item in self._items.items() if name not in missing)

    @property
    def _is_leader_done(self) -> bool:
        return self._rounds_after_leader > _ROUNDS_AFTER_LEADER

    def round(self) -> Workflow[list[Change[T]]]:
        """Return the changes since the last round.

        Raise WaitFailedError for tasks that stay missing, once all others have ended: a missing
        task does not end the watch of the others. Raise WaitTimeoutError at the timeout.
        """
        poller = self._poller
        if not self._has_begun:
            poller.schedule.begin()
        elif self._is_leader_done:
            poller.raise_if_missing()
        elif self._is_timed_out:
            raise self._timeout_error() from poller.failure
        else:
            yield poller.schedule.next_sleep()
        self._has_begun = True
        has_succeeded = yield from poller.poll()
        self._is_timed_out = poller.schedule.is_over
        if not has_succeeded:
            return []
        self._has_polled = True
        changes = list(self._changes())
        self._items = dict(poller.seen)
        if self._leader in self._items and self._items[self._leader].is_terminal:
            self._rounds_after_leader += 1
        if changes:
            poller.schedule.restart()
        elif poller.schedule.elapsed >= self._grace and self._all_ended:
            poller.raise_if_missing()
        return changes

    def _changes(self) -> Iterator[Change[T]]:
        for name, item in self._poller.seen.items():
            before = self._items.get(name)
            if before is None or _reported_state(before) != _reported_state(item):
                previous = None if before is None else before.state
                time = _time_of(item, previous) or self._seen_at(item)
                yield Change(item, previous, item.state, time)

    def _seen_at(self, item: T) -> datetime:
        # The Date of a response has whole seconds; the other times have fractions.
        return max(filter(None, (self._now(), item.created_time, item.started_time)))

    def _timeout_error(self) -> WaitTimeoutError:
        unfinished = [name for name, item in self._items.items() if not item.is_terminal]
        name = next(iter([*unfinished, *self._poller.missing]), None)
        return self._poller.timeout_error(name, "terminal")


def _reported_state(item: Lifecycle) -> tuple[TaskState, bool]:
    """Return the parts that make a change. An item may become terminal and stay UNKNOWN."""
    return item.state, item.is_terminal


def _time_of(item: Lifecycle, before: TaskState | None) -> datetime | None:
    """Return the service's time of the change to the item's state; None if it gives none."""
    if item.is_terminal:
        return item.ended_time
    if item.state is TaskState.RUNNING:
        return item.started_time
    # A task that is retried is PENDING again, long after its creation.
    is_new = item.state is TaskState.PENDING and before is None
    return item.created_time if is_new else None
