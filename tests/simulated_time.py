"""Clients that sleep on the stand-in's time, so that waits of hours take no time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from omics_tasks import RetryPolicy
from omics_tasks.testing import LocalAWS

from .asking import Ask


class SimulatedTime:
    """A stand-in whose time advances while its clients sleep, with their pauses."""

    def __init__(self, ask: Ask, jitter: float = 1.0) -> None:
        self.aws = LocalAWS()
        self.pauses: list[float] = []
        self._ask = ask
        self._policy = RetryPolicy(sleep=self._sleep, random=lambda: jitter, clock=self.aws.seconds)

    def _sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.aws.advance(seconds)

    def ask(self, question: Callable[[Any], Any], service: str = "HealthOmics", **more: Any) -> Any:
        options: dict[str, Any] = {
            **self.aws.client_options,
            "transport": self.aws.transport,
            "retries": self._policy,
        }
        return self._ask(question, service, **{**options, **more})
