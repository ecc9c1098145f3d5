"""Calls side by side: as many lanes, each with one call under way at any time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


async def side_by_side(call: Callable[[], Awaitable[object]], calls: int, at_once: int) -> None:
    """Makes ``calls`` calls in all, ``at_once`` of them at any time."""

    async def lane() -> None:
        for _ in range(calls // at_once):
            await call()

    await asyncio.gather(*(lane() for _ in range(at_once)))
