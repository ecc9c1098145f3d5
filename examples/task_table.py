r"""Make a pandas table of a run's tasks, as in a notebook, and a summary by machine.

As it is, it needs no AWS account: it reads a stand-in. With --live it reads your own account:

    python examples/task_table.py --live 1234567

Needs the ``examples`` extra. In a notebook, ``table(omics.list_run_tasks(run_id))`` is all there
is to it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from datetime import timedelta

import pandas as pd

from omics_tasks import HealthOmicsClient, OmicsTasksError
from omics_tasks.healthomics import RunTaskStatus, RunTaskSummary
from omics_tasks.testing import LocalAWS


def table(tasks: Iterable[RunTaskSummary]) -> pd.DataFrame:
    """Return one row per task with all its data, its state and its duration."""
    rows = ({**task.model_dump(), "state": task.state, "took": task.duration} for task in tasks)
    return pd.DataFrame(rows).set_index("task_id")


def by_machine(tasks: pd.DataFrame) -> pd.DataFrame:
    """Return the number of tasks and their durations for each kind of machine."""
    return tasks.groupby("instance_type").agg(
        tasks=("took", "size"), longest=("took", "max"), total=("took", "sum")
    )


def show(omics: HealthOmicsClient, run_id: str) -> None:
    """Print both tables."""
    tasks = table(omics.list_run_tasks(run_id))
    print(tasks[["name", "state", "cpus", "memory", "took"]].to_string())
    print()
    print(by_machine(tasks).to_string())


def fill(aws: LocalAWS) -> str:
    """Add a run with six finished tasks. Return its id."""
    run = aws.healthomics.add_run()
    for number, name in enumerate(("align", "sort", "deduplicate", "call", "annotate", "merge")):
        aws.healthomics.add_task(
            run.id, name=name, status=RunTaskStatus.COMPLETED, cpus=2 + 6 * (number % 2),
            instance_type=("omics.c.large", "omics.c.2xlarge")[number % 2],
            start_time=aws.now, stop_time=aws.now + timedelta(minutes=4 + number),
        )  # fmt: skip
    return run.id


def main() -> int:
    """Print the tables. Return 1 if a call failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("run_id", nargs="?", help="with --live: the id of the run")
    parser.add_argument("--live", action="store_true", help="read your own AWS account")
    parser.add_argument("--region", help="with --live: the region, if not the configured one")
    args = parser.parse_args()
    if bool(args.run_id) != args.live:
        parser.error("--live and the id of a run belong together")
    try:
        if args.live:
            with HealthOmicsClient(region=args.region) as omics:
                show(omics, args.run_id)
        else:
            with LocalAWS() as aws, HealthOmicsClient(**aws.client_options) as omics:
                show(omics, fill(aws))
    except OmicsTasksError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
