"""aiobotocore with its defaults, and as many connections as concurrent calls."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import Any

from . import TASK, Job, camel_case
from .side_by_side import side_by_side

# It pins botocore, and so has an environment of its own, which no type checker looks into.
aiobotocore: Any = import_module("aiobotocore.session")
config: Any = import_module("aiobotocore.config")


def get_task(url: str, calls: int, at_once: int) -> Job:
    runner, task = asyncio.Runner(), camel_case(TASK)

    async def make() -> Any:
        return await (
            aiobotocore.get_session()
            .create_client(
                "deadline",
                endpoint_url=url,
                config=config.AioConfig(inject_host_prefix=False, max_pool_connections=at_once),
            )
            .__aenter__()
        )

    client = runner.run(make())
    return lambda: runner.run(side_by_side(lambda: client.get_task(**task), calls, at_once))
