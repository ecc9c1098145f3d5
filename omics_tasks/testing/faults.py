"""Faults that tests inject."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from .._core.protocols import Response

__all__ = ["FaultName"]

FaultName = Literal["throttling", "internal", "reset", "truncate", "timeout", "html"]
"""A fault to inject: a throttling or internal error of the service, a reset connection, a truncated
answer, no answer at all, or a web page instead of an answer."""
Breakage = Literal["reset", "truncate", "timeout"]

PAGE = Response(
    200,
    {"Content-Type": "text/html"},
    b"<!DOCTYPE html><html><title>Sign in</title><p>Sign in to use this network.</html>",
)
"""The login page of a captive portal, which answers in place of the server."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A response, and the way in which it is delivered."""

    response: Response
    breakage: Breakage | None = None
    latency: float = 0.0
    """Seconds before the first byte."""


@dataclass(slots=True)
class _Fault:
    name: FaultName
    times: int
    operation: str | None


class Faults:
    """Queue of the faults to inject, in the order in which they were added."""

    def __init__(self, operations: Iterable[str]) -> None:
        self._operations = sorted(operations)
        self._faults: list[_Fault] = []

    def add(self, name: FaultName, times: int, operation: str | None) -> None:
        """Queue a fault. Raises ``ValueError`` for an invalid fault, operation or ``times``."""
        if name not in get_args(FaultName):
            raise ValueError(f"no fault {name!r}; there are {', '.join(get_args(FaultName))}")
        if operation is not None and operation not in self._operations:
            known = ", ".join(self._operations)
            raise ValueError(f"no operation {operation!r} here; there are {known}")
        if times < 1:
            raise ValueError(f"times must be at least 1, not {times}")
        self._faults.append(_Fault(name, times, operation))

    def take(self, operation: str) -> FaultName | None:
        """Return the fault for a call of this operation, if any, and count it down."""
        for fault in self._faults:
            if fault.operation in (None, operation):
                fault.times -= 1
                if not fault.times:
                    self._faults.remove(fault)
                return fault.name
        return None
