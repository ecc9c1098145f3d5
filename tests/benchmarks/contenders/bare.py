"""The lower bound: an httpx transport called directly with the same pydantic models, unsigned.

It checks no arguments, retries nothing and handles no errors.
"""

from __future__ import annotations

import httpx

from omics_tasks.deadline.models import Task
from omics_tasks.healthomics.operations import LIST_RUN_TASKS

from . import PAGE_SIZE, TASK, Job


def list_tasks(url: str, tasks: int) -> Job:
    transport, path = httpx.HTTPTransport(), f"{url}/run/{tasks}/task?maxResults={PAGE_SIZE}"

    def run() -> None:
        count, token = 0, None
        while count == 0 or token:
            request = httpx.Request("GET", f"{path}&startingToken={token}" if token else path)
            body = transport.handle_request(request).read()
            page = LIST_RUN_TASKS.output.model_validate_json(body)
            count += sum(1 for _ in page.items)
            token = page.next_token
        assert tasks == count

    return run


def get_task(url: str, calls: int) -> Job:
    transport = httpx.HTTPTransport()
    farm, queue, job, step, task = TASK.values()
    task_url = f"{url}/2023-10-12/farms/{farm}/queues/{queue}/jobs/{job}/steps/{step}/tasks/{task}"

    def run() -> None:
        for _ in range(calls):
            request = httpx.Request("GET", task_url)
            Task.model_validate_json(transport.handle_request(request).read())

    return run
