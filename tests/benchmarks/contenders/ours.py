"""This library."""

from __future__ import annotations

import time
from typing import Any

from omics_tasks import DeadlineClient, HealthOmicsClient

from . import PAGE_SIZE, TASK, Job


def list_tasks(url: str, tasks: int, times: int = 1) -> Job:
    client = HealthOmicsClient(endpoint_url=url, rate_limit=None)

    def run() -> None:
        for _ in range(times):
            listing = client.list_run_tasks(str(tasks), page_size=PAGE_SIZE)
            assert tasks == sum(1 for _ in listing)

    return run


def get_task(url: str, calls: int) -> Job:
    client = DeadlineClient(endpoint_url=url)

    def run() -> None:
        for _ in range(calls):
            client.get_task(**TASK)

    return run


def work_on_pages(url: str, pages: int, work: float, **options: Any) -> Job:
    """List tasks and work ``work`` seconds on each page, by waiting."""
    client = HealthOmicsClient(endpoint_url=url, rate_limit=None)

    def run() -> None:
        run_id = str(pages * PAGE_SIZE)
        for _ in client.list_run_tasks(run_id, page_size=PAGE_SIZE, **options).pages():
            time.sleep(work)

    return run
