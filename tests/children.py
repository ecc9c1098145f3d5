"""Run a function in a forked process, also as another user with fewer permissions."""

from __future__ import annotations

import os
from collections.abc import Callable

NOBODY = 65534


def as_another_user(question: Callable[[], object]) -> str:
    """Run a function as ``in_a_child`` does, with the permissions of nobody.

    Without root the user stays the same, whose permissions the test has removed.
    """

    def asking() -> object:
        if os.getuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        return question()

    return in_a_child(asking)


def in_a_child(question: Callable[[], object]) -> str:
    """Return the function's result in a forked child as text, or its error."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            result = str(question())
        except BaseException as error:
            result = f"{type(error).__name__}: {error}"
        os.write(write, result.encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        result = pipe.read()
    os.waitpid(child, 0)
    return result
