r"""Show a run's tasks live: one row per task, the number of finished ones and the durations.

As it is, it needs no AWS account: a run on a stand-in passes by, a minute in a second. With --live
it watches a run of your own account, until the run and all its tasks have ended:

    python examples/watch_run.py --live 1234567

Needs the ``examples`` extra. Exits with 0 if the run succeeded, and with 1 if not.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from omics_tasks import HealthOmicsClient, OmicsTasksError, RetryPolicy, TaskState
from omics_tasks.healthomics import Run, RunStatus, RunTaskStatus, RunTaskSummary
from omics_tasks.testing import LocalAWS

STYLES = {
    TaskState.FAILED: "bold red",
    TaskState.CANCELLED: "yellow",
    TaskState.RUNNING: "cyan",
    TaskState.SUCCEEDED: "green",
}
FIRST = (TaskState.FAILED, TaskState.CANCELLED, TaskState.RUNNING, TaskState.STOPPING)


class Board:
    """The live view, which is drawn several times a second, also without a change."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.run: Run | None = None
        self.tasks: dict[str, RunTaskSummary] = {}
        self._now = now

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if self.run is None:
            yield Text("looking for the run …")
            return
        done = sum(task.is_terminal for task in self.tasks.values())
        head = Table.grid(padding=(0, 1), expand=True)
        head.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
        head.add_column(width=20)
        head.add_column(justify="right", no_wrap=True)
        head.add_row(
            Text.assemble(f"{self.run.name or self.run.id} ", state_of(self.run)),
            ProgressBar(total=max(len(self.tasks), 1), completed=done, width=20),
            f"{done}/{len(self.tasks)} tasks  {self._elapsed(self.run)}",
        )
        yield head
        yield self._rows(room=max(console.height - 5, 5))

    def _rows(self, room: int) -> Table:
        table = Table(box=None, expand=True, pad_edge=False, header_style="dim")
        table.add_column("task", ratio=1, no_wrap=True, overflow="ellipsis")
        table.add_column("state", width=10)
        table.add_column("machine", no_wrap=True)
        table.add_column("elapsed", justify="right")
        tasks = sorted(self.tasks.values(), key=_rank)
        for task in tasks[:room]:
            name, machine = task.name or task.task_id, task.instance_type or ""
            table.add_row(name, state_of(task), machine, self._elapsed(task))
        if len(tasks) > room:
            table.add_row(Text(f"… and {len(tasks) - room} more", style="dim"))
        return table

    def _elapsed(self, thing: Run | RunTaskSummary) -> str:
        if thing.started_time is None:
            return ""
        took = (thing.ended_time or self._now()) - thing.started_time
        return str(timedelta(seconds=round(max(took.total_seconds(), 0))))


def state_of(thing: Run | RunTaskSummary) -> Text:
    """Return the state in its colour."""
    return Text(thing.state, style=STYLES.get(thing.state, "dim"))


def _rank(task: RunTaskSummary) -> int:
    return FIRST.index(task.state) if task.state in FIRST else len(FIRST)


def watch(omics: HealthOmicsClient, run_id: str, now: Callable[[], datetime]) -> TaskState:
    """Show the run until it and its tasks have ended. Return its final state."""
    board, console = Board(now), Console()
    with Live(board, console=console, refresh_per_second=8):
        for change in omics.watch_run(run_id):
            if isinstance(change.item, Run):
                board.run = change.item
            else:
                board.tasks[change.item.task_id] = change.item
    if not console.is_terminal:
        console.line()
    run = omics.get_run(run_id)
    if run.reason:
        console.print(run.reason, style=STYLES.get(run.state))
    return run.state


def watch_stand_in() -> TaskState:
    """Show a run on a stand-in, whose time passes 60 times as fast."""

    def pass_time(seconds: float) -> None:
        time.sleep(seconds / 60)
        aws.advance(seconds)

    with LocalAWS() as aws:
        policy = RetryPolicy(sleep=pass_time, clock=aws.seconds)
        run = aws.healthomics.add_run(
            name="joint genotyping",
            status=RunStatus.PENDING,
            ends={"status": RunStatus.FAILED, "failure_reason": "RUN_TASK_FAILED"},
        )
        for number, name in enumerate(("align", "sort", "deduplicate", "call", "annotate")):
            aws.healthomics.add_task(
                run.id,
                name=name,
                status=RunTaskStatus.PENDING,
                lasts={RunTaskStatus.RUNNING: 60 + 50 * number},
            )
        aws.healthomics.add_task(
            run.id, name="merge", status=RunTaskStatus.PENDING, instance_type="omics.r.2xlarge",
            lasts={RunTaskStatus.RUNNING: 200}, ends={"status": RunTaskStatus.FAILED},
        )  # fmt: skip
        with HealthOmicsClient(**aws.client_options, retries=policy) as omics:
            return watch(omics, run.id, lambda: aws.now)


def main() -> int:
    """Show a run. Return 0 if it succeeded."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("run_id", nargs="?", help="with --live: the id of the run")
    parser.add_argument("--live", action="store_true", help="watch a run of your own AWS account")
    parser.add_argument("--region", help="with --live: the region, if not the configured one")
    args = parser.parse_args()
    if bool(args.run_id) != args.live:
        parser.error("--live and the id of a run belong together")
    try:
        if args.live:
            with HealthOmicsClient(region=args.region) as omics:
                state = watch(omics, args.run_id, lambda: datetime.now(UTC))
        else:
            state = watch_stand_in()
    except OmicsTasksError as error:
        print(error, file=sys.stderr)
        return 2
    return 0 if state is TaskState.SUCCEEDED else 1


if __name__ == "__main__":
    sys.exit(main())
