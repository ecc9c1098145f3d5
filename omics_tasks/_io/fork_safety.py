"""Reset of objects in a forked child, which inherits its parent's locks and sockets."""

from __future__ import annotations

import os
import weakref
from typing import Protocol


class Resettable(Protocol):
    """An object with a hook for forked child processes."""

    def after_fork(self) -> None:
        """Replace the locks, threads and sockets of the parent process."""
        ...


_registered: weakref.WeakSet[Resettable] = weakref.WeakSet()


def reset_after_fork(resettable: Resettable) -> None:
    """Register an object: every child process forked while it is alive calls ``after_fork``."""
    _registered.add(resettable)


def _reset_all() -> None:
    for resettable in _registered:
        resettable.after_fork()


if hasattr(os, "register_at_fork"):  # Windows has no fork
    os.register_at_fork(after_in_child=_reset_all)
