r"""List the slowest tasks of a Deadline Cloud job.

As it is, it needs no AWS account: it reads a stand-in. With --live it reads your own account:

    python examples/slowest_tasks.py --live farm-… queue-… job-…
"""

from __future__ import annotations

import argparse
import heapq
import sys
from datetime import timedelta

from omics_tasks import DeadlineClient, OmicsTasksError
from omics_tasks.deadline import TaskRunStatus, TaskSearchSummary
from omics_tasks.testing import LocalAWS

SECOND = timedelta(seconds=1)


def slowest(
    deadline: DeadlineClient, job: tuple[str, str, str], count: int
) -> list[TaskSearchSummary]:
    """Return the finished tasks of a job that took longest."""
    farm_id, queue_id, job_id = job
    tasks = deadline.search_tasks(farm_id, [queue_id], job_id=job_id)
    ended = (task for task in tasks if task.duration is not None)
    return heapq.nlargest(count, ended, key=lambda task: task.duration or timedelta())


def show(tasks: list[TaskSearchSummary]) -> None:
    """Print one line per task, with a bar as long as its duration."""
    longest = max((task.duration or SECOND for task in tasks), default=SECOND)
    for task in tasks:
        took = task.duration or timedelta()
        bar = "█" * round(30 * (took / longest))
        number = (task.task_id or "").rpartition("-")[2]
        print(f"task {number:>4}  {took!s:>9}  {task.state:<9}  {bar}")


def fill(aws: LocalAWS) -> tuple[str, str, str]:
    """Add a job of ten frames with different durations. Return its ids."""
    first = aws.deadline.add_task(run_status=TaskRunStatus.READY)
    for frame in range(10):
        took = timedelta(minutes=3 + 7 * frame % 10, seconds=frame)
        aws.deadline.add_task(
            farm_id=first.farm_id, queue_id=first.queue_id, job_id=first.job_id,
            step_id=first.step_id, task_id=f"task-{'0' * 32}-{frame}",
            run_status=TaskRunStatus.SUCCEEDED, started_at=aws.now - took, ended_at=aws.now,
        )  # fmt: skip
    return first.farm_id, first.queue_id, first.job_id


def main() -> int:
    """Print the slowest tasks. Return 1 if a call failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("ids", nargs="*", metavar="ID", help="with --live: farm, queue and job")
    parser.add_argument("--live", action="store_true", help="read your own AWS account")
    parser.add_argument("--region", help="with --live: the region, if not the configured one")
    parser.add_argument("--count", type=int, default=5, help="how many (default: %(default)s)")
    args = parser.parse_args()
    if len(args.ids) != (3 if args.live else 0):
        parser.error("--live and the ids of a farm, a queue and a job belong together")
    try:
        if args.live:
            with DeadlineClient(region=args.region) as deadline:
                show(slowest(deadline, tuple(args.ids), args.count))
        else:
            with LocalAWS() as aws, DeadlineClient(**aws.client_options) as deadline:
                show(slowest(deadline, fill(aws), args.count))
    except OmicsTasksError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
