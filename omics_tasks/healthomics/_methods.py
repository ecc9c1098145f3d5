"""The methods of the HealthOmics clients, from which ``client.py`` is generated."""

from __future__ import annotations

from .._core.methods import ClientDefinition
from . import _waiting as waiting
from . import operations

CLIENT = ClientDefinition(
    operations.HEALTHOMICS,
    "HealthOmics",
    """Read, follow and wait for the runs of AWS HealthOmics and their tasks.

    AWS allows 10 requests per second and operation in an account and Region, unless raised.
    """,
    {
        "get_run": operations.GET_RUN,
        "list_runs": operations.LIST_RUNS,
        "list_run_tasks": operations.LIST_RUN_TASKS,
        "get_run_task": operations.GET_RUN_TASK,
        "wait_for_run": waiting.WAIT_FOR_RUN,
        "wait_for_run_task": waiting.WAIT_FOR_RUN_TASK,
        "watch_run": waiting.WATCH_RUN,
    },
)
