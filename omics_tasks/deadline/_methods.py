"""The methods of the Deadline Cloud clients, from which ``client.py`` is generated."""

from __future__ import annotations

from .._core.methods import ClientDefinition
from . import _batching as batching
from . import _waiting as waiting
from . import operations

CLIENT = ClientDefinition(
    operations.DEADLINE,
    "Deadline",
    """Read, search, follow and wait for the tasks of AWS Deadline Cloud.

    AWS publishes no request rate for the service.
    """,
    {
        "get_task": operations.GET_TASK,
        "list_tasks": operations.LIST_TASKS,
        "search_tasks": operations.SEARCH_TASKS,
        "batch_get_tasks": batching.BATCH_GET_ANY_TASKS,
        "wait_for_task": waiting.WAIT_FOR_TASK,
        "watch_tasks": waiting.WATCH_TASKS,
    },
)
