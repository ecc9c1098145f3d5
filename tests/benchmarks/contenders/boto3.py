"""boto3 with its defaults, except host prefixes, which 127.0.0.1 can't have."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from botocore.config import Config

from . import PAGE_SIZE, TASK, Job, camel_case

boto3: Any = import_module("boto3")  # it comes without types


def _client(service: str, url: str) -> Any:
    return boto3.client(service, endpoint_url=url, config=Config(inject_host_prefix=False))


def list_tasks(url: str, tasks: int) -> Job:
    paginator = _client("omics", url).get_paginator("list_run_tasks")

    def run() -> None:
        pages = paginator.paginate(id=str(tasks), PaginationConfig={"PageSize": PAGE_SIZE})
        assert tasks == sum(1 for page in pages for _ in page["items"])

    return run


def get_task(url: str, calls: int) -> Job:
    client, task = _client("deadline", url), camel_case(TASK)

    def run() -> None:
        for _ in range(calls):
            client.get_task(**task)

    return run
