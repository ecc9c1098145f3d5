"""Those who are measured, one a module, each with the same jobs.

A job takes the server's URL and how much there is to do, gets ready, and returns what does it
once. Nothing here imports another contender: each runs in a process of its own, and aiobotocore in
an environment where this library isn't.
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
"""What identifies the Deadline Cloud task that everyone gets."""


def camel_case(members: dict[str, str]) -> dict[str, str]:
    """The same members under the names that botocore takes."""
    return {name.replace("_id", "Id"): value for name, value in members.items()}
