r"""List a run's tasks, show one, list an ECS cluster's tasks and show a Deadline Cloud task.

As it is, it needs no AWS account: it talks to a stand-in for the three services on this machine.
With --live it reads your own account, with the credentials and region that AWS's tools use:

    python examples/quickstart.py --live --run 1234567 --cluster default \\
        --task farm-… queue-… job-… step-… task-…
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import NamedTuple

from omics_tasks import (
    ClientOptions,
    DeadlineClient,
    ECSClient,
    HealthOmicsClient,
    OmicsTasksError,
    ResourceNotFoundException,
)
from omics_tasks.deadline import TaskRunStatus
from omics_tasks.healthomics import RunStatus, RunTaskStatus
from omics_tasks.testing import LocalAWS


class Ids(NamedTuple):
    """The ids of the resources to show."""

    run: str | None
    cluster: str | None
    task: Sequence[str] | None


def show_run(run_id: str, options: ClientOptions) -> None:
    """Print a run, its tasks by page, and one task in full."""
    with HealthOmicsClient(**options) as omics:
        run = omics.get_run(run_id)
        print(f"\nHealthOmics run {run.id} {run.name!r}: {run.state}")

        tasks = omics.list_run_tasks(run_id, page_size=2)
        for number, page in enumerate(tasks.pages(), 1):
            names = ", ".join(f"{task.name} {task.state}" for task in page.items)
            print(f"  page {number}: {names}")

        failed = omics.list_run_tasks(run_id, status=RunTaskStatus.FAILED, max_items=1).collect()
        for task in failed:
            detail = omics.get_run_task(run_id, task.task_id)
            print(f"  {detail.name} failed: {detail.status_message}")
            print(f"    log: …{(detail.log_stream or '')[-60:]}")


def show_cluster(cluster: str, options: ClientOptions) -> None:
    """Print the tasks of an ECS cluster."""
    with ECSClient(**options) as ecs:
        print(f"\nECS cluster {cluster}:")
        for arn in ecs.list_tasks(cluster=cluster, max_items=10):
            print(f"  task {arn.task_id} in {arn.region}")


def show_task(ids: Sequence[str], options: ClientOptions) -> None:
    """Print a Deadline Cloud task."""
    farm_id, queue_id, job_id, step_id, task_id = ids
    with DeadlineClient(**options) as deadline:
        task = deadline.get_task(farm_id, queue_id, job_id, step_id, task_id)
        print(f"\nDeadline Cloud task …{task.task_id[-8:]}: {task.state}")


def show_error(options: ClientOptions) -> None:
    """Print the error for an unknown run."""
    with HealthOmicsClient(**options) as omics:
        try:
            omics.get_run("404")
        except ResourceNotFoundException as error:
            print(f"\nNo run 404: {error.code}, HTTP {error.status}, request {error.request_id}")


def tour(ids: Ids, options: ClientOptions) -> None:
    """Show all resources that have ids."""
    if ids.run:
        show_run(ids.run, options)
    if ids.cluster:
        show_cluster(ids.cluster, options)
    if ids.task:
        show_task(ids.task, options)
    show_error(options)


def fill(aws: LocalAWS) -> Ids:
    """Add sample data to the stand-in."""
    run = aws.healthomics.add_run(name="joint genotyping", status=RunStatus.FAILED)
    for name in ("align", "sort", "dedup", "call"):
        aws.healthomics.add_task(run.id, name=name, status=RunTaskStatus.COMPLETED)
    aws.healthomics.add_task(
        run.id, name="merge", status=RunTaskStatus.FAILED,
        status_message="exit code 137: out of memory",
    )  # fmt: skip
    aws.ecs.add_cluster("render")
    for _ in range(3):
        aws.ecs.add_task(cluster="render")
    return Ids(run.id, "render", aws.deadline.add_task(run_status=TaskRunStatus.SUCCEEDED))


def main() -> int:
    """Run the tour. Return 1 if a call failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--live", action="store_true", help="read your own AWS account")
    parser.add_argument("--region", help="with --live: the region, if not the configured one")
    parser.add_argument("--run", metavar="ID", help="with --live: a HealthOmics run")
    parser.add_argument("--cluster", metavar="NAME", help="with --live: an ECS cluster")
    parser.add_argument(
        "--task", nargs=5, metavar=("FARM", "QUEUE", "JOB", "STEP", "TASK"),
        help="with --live: the ids of a Deadline Cloud task",
    )  # fmt: skip
    args = parser.parse_args()
    try:
        if args.live:
            tour(Ids(args.run, args.cluster, args.task), ClientOptions(region=args.region))
        else:
            with LocalAWS() as aws:
                print(f"The three services, on {aws.endpoint_url}")
                local = aws.client_options
                tour(
                    fill(aws),
                    ClientOptions(
                        region=local["region"],
                        endpoint_url=local["endpoint_url"],
                        credentials=local["credentials"],
                    ),
                )
    except OmicsTasksError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
