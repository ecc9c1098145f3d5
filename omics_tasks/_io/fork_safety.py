"""What has to be made anew in a child that ``fork`` leaves with its parent's locks and sockets."""

from __future__ import annotations

import os
import weakref
from typing import Protocol


class Forked(Protocol):
    """Something that is told when it wakes up in a child."""

    def after_fork(self) -> None: ...


_alive: weakref.WeakSet[Forked] = weakref.WeakSet()


def reset_after_fork(thing: Forked) -> None:
    """Has ``thing`` told in every child that is forked while it lives."""
    _alive.add(thing)


def _tell_all() -> None:
    for thing in _alive:
        thing.after_fork()


if hasattr(os, "register_at_fork"):  # Windows has no fork
    os.register_at_fork(after_in_child=_tell_all)
