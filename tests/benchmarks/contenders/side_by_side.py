"""Concurrent calls in several lanes, each with one call at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


async def side_by_side(call: Callable[[], Awaitable[object]], calls: int, at_once: int) -> None:
    """Make ``calls`` calls in all, ``at_once`` of them at any time."""

    async def lane() -> None:
        for _ in range(calls // at_once):
            await call()

    await asyncio.gather(*(lane() for _ in range(at_once)))
