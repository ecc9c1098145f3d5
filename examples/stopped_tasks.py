r"""List an ECS service's stopped tasks with the reason for each.

As it is, it needs no AWS account: it reads a stand-in. With --live it reads your own account, where
ECS remembers stopped tasks for about an hour:

    python examples/stopped_tasks.py --live --cluster render --service frames
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from datetime import timedelta
from textwrap import fill

from omics_tasks import ECSClient, OmicsTasksError
from omics_tasks.ecs import Container, DesiredStatus, TaskStopCode
from omics_tasks.testing import LocalAWS


def report(ecs: ECSClient, cluster: str, service: str) -> None:
    """Print one line per stopped task, and the number of tasks in each state."""
    ends = Counter[str]()
    for task in ecs.iter_tasks(
        cluster=cluster, service_name=service, desired_status=DesiredStatus.STOPPED
    ):
        ends[task.state] += 1
        took = f"{task.duration}".partition(".")[0] if task.duration else "never ran"
        print(f"{(task.task_arn.task_id or task.task_arn)[:8]}  {took:>9}  {task.state}")
        print(fill(task.reason or "", 78, initial_indent="  ", subsequent_indent="  "))
    print(", ".join(f"{count} {state.lower()}" for state, count in ends.items()) or "none")


def add_tasks(aws: LocalAWS, cluster: str, service: str) -> None:
    """Add a service with one running task and three that stopped for different reasons."""
    aws.ecs.add_cluster(cluster)
    aws.ecs.add_task(cluster=cluster, service_name=service)
    aws.ecs.add_task(
        cluster=cluster, service_name=service, desired_status=DesiredStatus.STOPPED,
        containers=[
            Container(name="main", exit_code=137, reason="OutOfMemoryError: killed"),
            Container(name="logs", exit_code=0),
        ],
    )  # fmt: skip
    aws.ecs.add_task(
        cluster=cluster, service_name=service, desired_status=DesiredStatus.STOPPED,
        stop_code=TaskStopCode.SPOT_INTERRUPTION, containers=[Container(name="main")],
        stopped_reason="Your Spot Task was interrupted.",
    )  # fmt: skip
    aws.ecs.add_task(
        cluster=cluster, service_name=service, desired_status=DesiredStatus.STOPPED,
        started_at=aws.now - timedelta(minutes=21), stopped_at=aws.now,
    )  # fmt: skip


def main() -> int:
    """Print the stopped tasks. Return 1 if a call failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--live", action="store_true", help="read your own AWS account")
    parser.add_argument("--region", help="with --live: the region, if not the configured one")
    parser.add_argument("--cluster", default="render", help="with --live: the cluster")
    parser.add_argument("--service", default="frames", help="with --live: the service")
    args = parser.parse_args()
    try:
        if args.live:
            with ECSClient(region=args.region) as ecs:
                report(ecs, args.cluster, args.service)
        else:
            with LocalAWS() as aws, ECSClient(**aws.client_options) as ecs:
                add_tasks(aws, args.cluster, args.service)
                report(ecs, args.cluster, args.service)
    except OmicsTasksError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
