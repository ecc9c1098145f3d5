r"""List every failed task of every run that failed in the last day, with its reason.

As it is, it needs no AWS account: it reads a stand-in. With --live it reads your own account:

    python examples/failed_tasks.py --live --region us-west-2
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from omics_tasks import HealthOmicsClient, OmicsTasksError
from omics_tasks.healthomics import RunStatus, RunSummary, RunTask, RunTaskStatus
from omics_tasks.testing import LocalAWS


def failed_runs(omics: HealthOmicsClient, since: datetime) -> Iterator[RunSummary]:
    """Yield the runs that failed since then."""
    for run in omics.list_runs(status=RunStatus.FAILED):
        if run.ended_time is None or run.ended_time >= since:
            yield run


def failed_tasks(omics: HealthOmicsClient, run_id: str) -> Iterator[RunTask]:
    """Yield a run's failed tasks with the reasons, which listings don't have."""
    for task in omics.list_run_tasks(run_id, status=RunTaskStatus.FAILED):
        yield omics.get_run_task(run_id, task.task_id)


def report(omics: HealthOmicsClient, since: datetime) -> None:
    """Print the failed tasks run by run."""
    runs = list(failed_runs(omics, since))
    for run in runs:
        print(f"run {run.id} {run.name!r}: {omics.get_run(run.id).reason or 'no reason given'}")
        for task in failed_tasks(omics, run.id):
            took = f" after {task.duration}" if task.duration else ""
            print(f"  {task.name}: {task.state.lower()}{took}: {task.reason or 'no reason given'}")
    print(f"{len(runs)} failed since {since:%Y-%m-%d %H:%M} UTC")


def fill(aws: LocalAWS) -> None:
    """Add two failed runs, one of them days ago, and one that succeeded."""
    old = aws.now - timedelta(days=3)
    aws.healthomics.add_run(name="long ago", status=RunStatus.FAILED, stop_time=old)
    aws.healthomics.add_run(name="all well", status=RunStatus.COMPLETED)
    run = aws.healthomics.add_run(
        name="joint genotyping", status=RunStatus.FAILED, failure_reason="RUN_TASK_FAILED"
    )
    aws.healthomics.add_task(run.id, name="align", status=RunTaskStatus.COMPLETED)
    aws.healthomics.add_task(
        run.id, name="merge", status=RunTaskStatus.FAILED,
        status_message="exit code 137: out of memory",
    )  # fmt: skip


def main() -> int:
    """Print the failed tasks. Return 1 if a call failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--live", action="store_true", help="read your own AWS account")
    parser.add_argument("--region", help="with --live: the region, if not the configured one")
    args = parser.parse_args()
    day = timedelta(days=1)
    try:
        if args.live:
            with HealthOmicsClient(region=args.region) as omics:
                report(omics, datetime.now(UTC) - day)
        else:
            with LocalAWS() as aws, HealthOmicsClient(**aws.client_options) as omics:
                fill(aws)
                report(omics, aws.now - day)
    except OmicsTasksError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
