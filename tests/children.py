"""Asks something in a forked process, which another user may own, who may read less."""

from __future__ import annotations

import os
from collections.abc import Callable

NOBODY = 65534


def as_another_user(question: Callable[[], object]) -> str:
    """As ``in_a_child``, with the rights of nobody.

    Whoever is not root stays who they are, for whom the test has taken the permissions away.
    """

    def asking() -> object:
        if os.getuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        return question()

    return in_a_child(asking)


def in_a_child(question: Callable[[], object]) -> str:
    """Return what the question comes to in a forked child, as text; or the error that it raises."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            said = str(question())
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
        os.write(write, said.encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return said
