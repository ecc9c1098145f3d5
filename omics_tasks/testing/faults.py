"""What goes wrong because a test asked for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from .._core.protocols import Response

__all__ = ["FaultName"]

FaultName = Literal["throttling", "internal", "reset", "truncate", "timeout", "html"]
"""What can go wrong: the first two are the service's own errors; then a connection that is reset,
an answer that breaks off, one that never comes, and a web page in place of one."""
Breakage = Literal["reset", "truncate", "timeout"]

PAGE = Response(
    200,
    {"Content-Type": "text/html"},
    b"<!DOCTYPE html><html><title>Sign in</title><p>Sign in to use this network.</html>",
)
"""What a network that wants something first answers with, in the name of any server."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A response, and what becomes of it on its way."""

    response: Response
    breakage: Breakage | None = None
    latency: float = 0.0
    """Seconds before anything comes."""


@dataclass(slots=True)
class _Fault:
    name: FaultName
    times: int
    operation: str | None


class Faults:
    """The faults to come, those that were asked for first before the others."""

    def __init__(self, operations: Iterable[str]) -> None:
        self._operations = sorted(operations)
        self._faults: list[_Fault] = []

    def add(self, name: FaultName, times: int, operation: str | None) -> None:
        """Raises ``ValueError`` for what could never happen."""
        if name not in get_args(FaultName):
            raise ValueError(f"no fault {name!r}; there are {', '.join(get_args(FaultName))}")
        if operation is not None and operation not in self._operations:
            known = ", ".join(self._operations)
            raise ValueError(f"no operation {operation!r} here; there are {known}")
        if times < 1:
            raise ValueError(f"times must be at least 1, not {times}")
        self._faults.append(_Fault(name, times, operation))

    def take(self, operation: str) -> FaultName | None:
        """The fault of this call, if any; it has then happened once."""
        for fault in self._faults:
            if fault.operation in (None, operation):
                fault.times -= 1
                if not fault.times:
                    self._faults.remove(fault)
                return fault.name
        return None
