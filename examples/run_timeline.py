r"""Draw a run's tasks as a timeline, queued and running, coloured by machine, to SVG or PNG.

As it is, it needs no AWS account: it draws a run on a stand-in. With --live it draws one of your
own account, also while it still runs:

    python examples/run_timeline.py --live 1234567 --output timeline.png

Needs the ``examples`` extra.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from omics_tasks import HealthOmicsClient, OmicsTasksError, TaskState
from omics_tasks.healthomics import Run, RunStatus, RunTaskStatus, RunTaskSummary
from omics_tasks.testing import LocalAWS

INK = "#7d7d7d"  # to be read on white and on black
QUEUED = "#9aa1ab"
FAILED = "#e0323c"
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8c6d31", "#7b6fa6")
MOST_NAMES = 60
UNLUCKY = 6


def draw(run: Run, tasks: Sequence[RunTaskSummary], now: datetime) -> Figure:
    """Draw one row per task in the order of their starts. Unfinished ones end now."""
    known = sorted((task for task in tasks if begin_of(task)), key=lambda t: begin_of(t) or now)
    zero = min((begin for task in known if (begin := begin_of(task))), default=now)
    height = 0.26 if len(known) <= MOST_NAMES else 0.05
    figure = Figure(figsize=(10, 1.8 + height * max(len(known), 1)), layout="constrained")
    axes = figure.subplots()
    machines = sorted({task.instance_type or "unknown machine" for task in known})
    colours = {name: COLOURS[i % len(COLOURS)] for i, name in enumerate(machines)}
    for row, task in enumerate(known):
        add_row(axes, row, task, zero, now, colours[task.instance_type or "unknown machine"])
    axes.set_ylim(len(known) - 0.4, -0.6)
    axes.set_xlim(left=0)
    if len(known) <= MOST_NAMES:
        names = [f"{task.name or task.task_id}{mark(task)}" for task in known]
        axes.set_yticks(range(len(known)), names, fontsize=8)
    else:
        axes.set_yticks([])
        axes.set_ylabel(f"{len(known):,} tasks", color=INK)
    axes.set_xlabel(f"minutes since {zero:%Y-%m-%d %H:%M} UTC", color=INK)
    unknown = len(tasks) - len(known)
    note = f" ({unknown} tasks without a time are left out)" if unknown else ""
    axes.set_title(f"{run.name or run.id}: {run.state}{note}", loc="left", fontsize=11, color=INK)
    axes.tick_params(colors=INK)
    axes.spines["bottom"].set_color(INK)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.grid(axis="x", color=INK, alpha=0.25)
    axes.set_axisbelow(True)
    keys = [Patch(color=QUEUED, label="queued"), *legend(colours), failed_key()]
    figure.legend(
        handles=keys, loc="outside lower left", ncols=5, frameon=False, fontsize=8, labelcolor=INK
    )
    return figure


def begin_of(task: RunTaskSummary) -> datetime | None:
    """Return the first known time of a task."""
    return task.created_time or task.started_time


def mark(task: RunTaskSummary) -> str:
    """Return the text beside a task's name."""
    if task.state in (TaskState.FAILED, TaskState.CANCELLED):
        return f" ({task.state.lower()})"
    return "" if task.is_terminal else " …"


def legend(colours: dict[str, str]) -> list[Patch]:
    """Return a legend entry for each machine."""
    return [Patch(color=colour, label=machine) for machine, colour in colours.items()]


def failed_key() -> Patch:
    """Return the legend entry for failed tasks."""
    return Patch(facecolor="none", edgecolor=FAILED, linewidth=1.6, label="failed")


def add_row(
    axes: Axes, row: int, task: RunTaskSummary, zero: datetime, now: datetime, colour: str
) -> None:
    """Add the bars of one task, as far as its times are known."""
    end = task.ended_time or now
    started = task.started_time
    if task.created_time:
        bar(axes, row, task.created_time - zero, (started or end) - task.created_time, QUEUED)
    if started:
        edge = FAILED if task.state is TaskState.FAILED else None
        bar(axes, row, started - zero, end - started, colour, edge)


def bar(
    axes: Axes, row: int, left: timedelta, width: timedelta, colour: str, edge: str | None = None
) -> None:
    """Add one bar, in minutes."""
    minute = timedelta(minutes=1)
    axes.barh(
        row, width / minute, left=left / minute, height=0.7, color=colour,
        edgecolor=edge or colour, linewidth=1.6 if edge else 0,
    )  # fmt: skip


def draw_stand_in() -> Figure:
    """Draw a run on a stand-in, with tasks that have ended and others that haven't begun."""
    with LocalAWS() as aws, HealthOmicsClient(**aws.client_options) as omics:
        run = aws.healthomics.add_run(
            name="joint genotyping",
            status=RunStatus.RUNNING,
            lasts={RunStatus.RUNNING: 3600},
        )
        minute = timedelta(minutes=1)
        for sample in range(1, 9):
            machine = ("omics.c.large", "omics.c.4xlarge", "omics.r.2xlarge")[sample % 3]
            created = aws.now + (sample - 1) * minute
            started, ended = created + (2 + sample % 3) * minute, created + (12 + sample) * minute
            aws.healthomics.add_task(
                run.id, name=f"align sample {sample}", instance_type=machine,
                status=RunTaskStatus.FAILED if sample == UNLUCKY else RunTaskStatus.COMPLETED,
                creation_time=created, start_time=started, stop_time=ended,
            )  # fmt: skip
        aws.healthomics.add_task(
            run.id, name="joint call", instance_type="omics.r.2xlarge",
            status=RunTaskStatus.RUNNING,
            lasts={RunTaskStatus.RUNNING: 3600},
            creation_time=aws.now + 20 * minute, start_time=aws.now + 23 * minute,
        )  # fmt: skip
        aws.healthomics.add_task(
            run.id, name="annotate", status=RunTaskStatus.PENDING,
            lasts={RunTaskStatus.PENDING: 3600},
            creation_time=aws.now + 26 * minute,
        )  # fmt: skip
        aws.advance(32 * 60)
        return draw_run(omics, run.id, aws.now)


def draw_run(omics: HealthOmicsClient, run_id: str, now: datetime) -> Figure:
    """Draw the current state of a run and its tasks."""
    return draw(omics.get_run(run_id), omics.list_run_tasks(run_id).collect(), now)


def main() -> int:
    """Draw a run. Return 1 if a call failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("run_id", nargs="?", help="with --live: the id of the run")
    parser.add_argument("--live", action="store_true", help="draw a run of your own AWS account")
    parser.add_argument("--region", help="with --live: the region, if not the configured one")
    parser.add_argument(
        "--output", type=Path, default=Path("timeline.svg"), metavar="FILE",
        help="where to: .svg, .png or .pdf (default: %(default)s)",
    )  # fmt: skip
    args = parser.parse_args()
    if bool(args.run_id) != args.live:
        parser.error("--live and the id of a run belong together")
    try:
        if args.live:
            with HealthOmicsClient(region=args.region) as omics:
                figure = draw_run(omics, args.run_id, datetime.now(UTC))
        else:
            figure = draw_stand_in()
    except OmicsTasksError as error:
        print(error, file=sys.stderr)
        return 1
    figure.savefig(args.output, dpi=150, transparent=True)
    print(f"drawn to {args.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
