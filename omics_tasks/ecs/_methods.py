"""The methods of the ECS clients, from which ``client.py`` is generated."""

from __future__ import annotations

from .._core.methods import ClientDefinition
from . import _describing as describing
from . import _iterating as iterating
from . import _waiting as waiting
from . import operations

CLIENT = ClientDefinition(
    operations.ECS,
    "ECS",
    """List, describe, follow and wait for the tasks of Amazon ECS.

    AWS allows an account and Region bursts of 100 requests and 20 requests per second after that,
    for all operations that list or describe tasks together.
    """,
    {
        "list_tasks": operations.LIST_TASKS,
        "describe_tasks": describing.DESCRIBE_ANY_TASKS,
        "iter_tasks": iterating.ITER_TASKS,
        "wait_for_tasks": waiting.WAIT_FOR_TASKS,
        "watch_tasks": waiting.WATCH_TASKS,
    },
)
