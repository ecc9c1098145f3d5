"""This library with async clients."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from omics_tasks import AsyncDeadlineClient, AsyncHealthOmicsClient

from . import PAGE_SIZE, TASK, Job
from .side_by_side import side_by_side


def get_task(url: str, calls: int, at_once: int, transport: str) -> Job:
    """Get a task. ``transport`` is httpx's own or the default, aiohttp with the ``async`` extra."""
    runner = asyncio.Runner()
    client = AsyncDeadlineClient(
        endpoint_url=url, transport=httpx.AsyncHTTPTransport() if transport == "httpx" else None
    )
    return lambda: runner.run(side_by_side(lambda: client.get_task(**TASK), calls, at_once))


def work_on_pages(url: str, pages: int, work: float, **options: Any) -> Job:
    """List tasks and work ``work`` seconds on each page, by waiting."""
    runner = asyncio.Runner()
    client = AsyncHealthOmicsClient(endpoint_url=url, rate_limit=None)

    async def run() -> None:
        run_id = str(pages * PAGE_SIZE)
        async for _ in client.list_run_tasks(run_id, page_size=PAGE_SIZE, **options).pages():
            await asyncio.sleep(work)

    return lambda: runner.run(run())
