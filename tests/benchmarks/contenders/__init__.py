"""The contenders, one per module, each with the same jobs.

A job takes the server's URL and the amount of work, and returns a function that does the work once.
No contender imports another one: each runs in its own process, and aiobotocore in an environment
without this library.
"""

from collections.abc import Callable

Job = Callable[[], object]

REGION = "us-east-1"
PAGE_SIZE = 100

_HEX = "0123456789abcdef" * 2
TASK = {
    "farm_id": f"farm-{_HEX}",
    "queue_id": f"queue-{_HEX}",
    "job_id": f"job-{_HEX}",
    "step_id": f"step-{_HEX}",
    "task_id": f"task-{_HEX}-0",
}
"""The ids of the Deadline Cloud task that all contenders get."""


def camel_case(members: dict[str, str]) -> dict[str, str]:
    """Return the same members under botocore's names."""
    return {name.replace("_id", "Id"): value for name, value in members.items()}
