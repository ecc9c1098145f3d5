"""Watching a run: each change once, with few requests."""

from __future__ import annotations

import asyncio
import pickle
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from omics_tasks import (
    AsyncHealthOmicsClient,
    Change,
    HealthOmicsClient,
    InternalServerException,
    ParamValidationError,
    RateLimit,
    RetryPolicy,
    TaskState,
    WaitFailedError,
    WaitTimeoutError,
)
from omics_tasks.healthomics import Run
from omics_tasks.testing import LocalAWS

from .asking import Ask, Script, json_answer, take
from .simulated_time import SimulatedTime
from .test_arguments import DEADLINE_IDS
from .test_retries import Clock


@pytest.fixture
def simulated(ask: Ask) -> SimulatedTime:
    return SimulatedTime(ask)


def watch(simulated: SimulatedTime, run_id: str, count: int | None = None, **options: Any) -> Any:
    return simulated.ask(lambda c: take(c.watch_run(run_id), count), **options)


def as_tuples(changes: list[Change[Any]]) -> list[tuple[str, str | None, str]]:
    """Return the names with the old and new states."""
    return [(c.item.name, c.previous, c.current) for c in changes]


def test_a_whole_lifecycle(simulated: SimulatedTime) -> None:
    """Every state of a run and its tasks is reported once, in order, to the end."""
    run = simulated.aws.healthomics.add_run(name="run", status="PENDING")
    simulated.aws.healthomics.add_task(
        run.id, name="task", status="PENDING", ends={"status": "FAILED"}
    )
    lifecycle = [None, "PENDING", "STARTING", "RUNNING", "STOPPING"]
    changes = as_tuples(watch(simulated, run.id))
    assert [
        ("run", a, b) for a, b in zip(lifecycle, [*lifecycle[1:], "SUCCEEDED"], strict=True)
    ] == [change for change in changes if change[0] == "run"]
    states = [current for name, _, current in changes if name == "task"]
    assert ["STARTING", "RUNNING", "STOPPING", "FAILED"] == states


def test_only_changes_are_reported(simulated: SimulatedTime) -> None:
    """Of many tasks, only those that change are reported."""
    run = simulated.aws.healthomics.add_run(name="run", status="RUNNING", lasts={"RUNNING": 60})
    for number in range(250):
        simulated.aws.healthomics.add_task(run.id, name=str(number), status="COMPLETED")
    simulated.aws.healthomics.add_task(run.id, name="last", status="RUNNING", lasts={"RUNNING": 30})
    counts = Counter(name for name, _, _ in as_tuples(watch(simulated, run.id)))
    assert {"run": 3, "last": 3} == {name: n for name, n in counts.items() if n > 1}
    assert 252 == len(counts)


def test_requests_of_a_poll(simulated: SimulatedTime) -> None:
    """A poll is one GetRun, and one ListRunTasks for each hundred tasks."""
    run = simulated.aws.healthomics.add_run(status="COMPLETED")
    for _ in range(250):
        simulated.aws.healthomics.add_task(run.id, status="COMPLETED")
    assert 251 == len(watch(simulated, run.id))
    operations = Counter(request.operation for request in simulated.aws.requests)
    assert {"GetRun": 1, "ListRunTasks": 3} == operations


def test_requests_depend_on_the_run(simulated: SimulatedTime) -> None:
    """A PENDING run's tasks aren't requested, and an ended run isn't polled itself.

    Unfinished tasks extend the watch by five polls.
    """
    run = simulated.aws.healthomics.add_run(
        status="PENDING", lasts={"PENDING": 600}, ends={"status": "CANCELLED"}
    )
    simulated.aws.healthomics.add_task(run.id, status="RUNNING", lasts={"RUNNING": 5000})
    watch(simulated, run.id)
    operations = [request.operation for request in simulated.aws.requests]
    assert ["GetRun"] * 20 == operations[:20]
    assert ["GetRun", *["ListRunTasks"] * 6] == operations[-7:]


def test_the_time_of_a_change(simulated: SimulatedTime) -> None:
    """A change has the service's time of it."""
    began = simulated.aws.now
    run = simulated.aws.healthomics.add_run(name="run", status="RUNNING", start_time=began)
    changes = watch(simulated, run.id)
    assert [began, began + timedelta(seconds=360)] == [changes[0].time, changes[-1].time]


def test_a_change_without_a_time(simulated: SimulatedTime) -> None:
    """A change without a time of the service has the time when it was seen, by its clock."""
    began = simulated.aws.now
    run = simulated.aws.healthomics.add_run(name="run", status="PENDING", lasts={"RUNNING": 3600})
    changes = {change.item.state: change.time for change in watch(simulated, run.id)}
    running = began + timedelta(seconds=120)
    assert (began, running) == (changes[TaskState.PENDING], changes[TaskState.RUNNING])
    # It polls every 30 seconds at most, and an answer's date has whole seconds.
    for state, since in {
        TaskState.STARTING: began + timedelta(seconds=60),
        TaskState.STOPPING: running + timedelta(hours=1),
    }.items():
        assert since - timedelta(seconds=1) < changes[state] <= since + timedelta(seconds=30)


def test_a_change_is_dated_by_the_services_clock(ask: Ask) -> None:
    """Changes are in order even if this machine's clock is minutes off.

    An answer's date has whole seconds, and is never before the start time in the answer.
    """
    date = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=3)
    started = date + timedelta(milliseconds=500)
    facts = {"id": "1", "status": "STOPPING"}
    for start_time, headers, expected in [
        (None, {}, date),
        (started.isoformat(), {}, started),
        (None, {"age": "7"}, None),
    ]:
        answers = (json_answer(**facts, startTime=start_time), json_answer(items=[]))
        for answer in answers:
            answer.headers.update({"date": format_datetime(date, usegmt=True), **headers})
        script = Script(*answers)
        before = datetime.now(UTC)
        (change,) = ask(lambda c: take(c.watch_run("1"), 1), transport=script.transport)
        if expected is None:  # a cache can't tell, and neither can the service then
            assert before <= change.time <= datetime.now(UTC)
        else:
            assert expected == change.time


def test_the_pauses(simulated: SimulatedTime) -> None:
    """Pauses grow while nothing changes, and are short again after a change."""
    run = simulated.aws.healthomics.add_run(status="RUNNING", lasts={"RUNNING": 100})
    watch(simulated, run.id)
    assert [2.0, 3.0, 4.5, 6.75] == simulated.pauses[:4]
    assert 2 == simulated.pauses.count(2.0)
    assert 2.0 in simulated.pauses[4:]


def test_nothing_is_sent_before_it_is_iterated(simulated: SimulatedTime) -> None:
    """Making a watch sends nothing, though an invalid id is an error."""
    simulated.ask(lambda c: c.watch_run("1") and None)
    with pytest.raises(ParamValidationError):
        simulated.ask(lambda c: c.watch_run("x"))
    assert [] == simulated.aws.requests


def test_transient_failures(simulated: SimulatedTime) -> None:
    """Polls that fail for a while lose no change."""
    run = simulated.aws.healthomics.add_run(name="run", status="RUNNING")
    simulated.aws.fail_next("throttling", times=15, operation="GetRun")
    assert ["RUNNING", "STOPPING", "SUCCEEDED"] == [
        c for _, _, c in as_tuples(watch(simulated, run.id))
    ]


def test_persistent_failures(simulated: SimulatedTime) -> None:
    """The sixth failed poll in a row ends a watch with its error."""
    run = simulated.aws.healthomics.add_run(name="run", status="RUNNING")
    simulated.aws.fail_next("internal", times=18)
    with pytest.raises(InternalServerException):
        watch(simulated, run.id)


def test_watches_are_independent(simulated: SimulatedTime) -> None:
    """Two watches of one client share no state."""
    run = simulated.aws.healthomics.add_run(name="run", status="COMPLETED")
    assert (
        [("run", None, "SUCCEEDED")]
        == as_tuples(watch(simulated, run.id))
        == as_tuples(watch(simulated, run.id))
    )


def test_a_watch_can_be_left(simulated: SimulatedTime) -> None:
    """After a break nothing more is sent."""
    run = simulated.aws.healthomics.add_run(status="RUNNING", lasts={"RUNNING": 10**6})
    assert 1 == len(watch(simulated, run.id, 1))
    assert 2 == len(simulated.aws.requests)


def test_fifty_runs_at_the_rate_of_one_bucket() -> None:
    """50 runs watched by one client together stay below the service's rate."""
    aws, pauses = LocalAWS(), list[float]()

    async def sleep(seconds: float) -> None:
        pauses.append(round(seconds, 6))

    async def watching() -> list[str]:
        options: dict[str, Any] = {
            **aws.client_options,
            "transport": aws.transport,
            "retries": RetryPolicy(sleep=sleep, clock=aws.seconds),
            "rate_limit": RateLimit(per_second=10, burst=10),
        }
        runs = [aws.healthomics.add_run(status="COMPLETED") for _ in range(50)]
        async with AsyncHealthOmicsClient(**options) as omics:
            changes = await asyncio.gather(*(take(omics.watch_run(run.id)) for run in runs))
        return [change.item.id for each in changes for change in each]

    assert 50 == len(set(asyncio.run(watching())))
    # Of each of the two operations ten go out at once, and the others wait for their turns.
    assert sorted([turn / 10 for turn in range(1, 41)] * 2) == sorted(pauses)


class EndedRun:
    """A run that has ended, with tasks in states that depend on the poll and their number."""

    def __init__(self, tasks: Callable[[int], dict[str, str]]) -> None:
        self._tasks = tasks
        self.rounds = 0
        self.transport = httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("/task"):
            return json_answer(id="1", status="COMPLETED")
        self.rounds += 1
        tasks = self._tasks(self.rounds)
        return json_answer(items=[{"taskId": task, "status": tasks[task]} for task in tasks])

    def watch(self, ask: Ask) -> Any:
        return ask(
            lambda c: take(c.watch_run("1")), transport=self.transport, retries=Clock().policy()
        )


@pytest.mark.parametrize(
    "tasks",
    [
        lambda _: {"1": "RUNNING", "2": "COMPLETED"},
        lambda at: {"1": "RUNNING" if at % 2 else "STARTING"},
        lambda at: {str(at): "RUNNING"} | {str(old): "COMPLETED" for old in range(at)},
        lambda _: {"1": "NEW"},
    ],
    ids=["runs for ever", "goes to and fro", "there are ever more", "is unknown"],
)
def test_the_end_of_a_run_is_the_end(ask: Ask, tasks: Any) -> None:
    """A watch ends five polls after its run, whatever its tasks do."""
    run = EndedRun(tasks)
    assert run.watch(ask)
    assert 6 == run.rounds


def test_a_task_that_ends_after_its_run(ask: Ask) -> None:
    """Changes of the last tasks are reported, and the last one ends the watch at once."""
    run = EndedRun(lambda at: {"1": "RUNNING" if at < 4 else "FAILED"})
    assert ["SUCCEEDED", "RUNNING", "FAILED"] == [change.current for change in run.watch(ask)]
    assert 4 == run.rounds


def test_a_task_that_vanishes_after_its_run(ask: Ask) -> None:
    """A vanished task is reported, though another one never ends."""
    run = EndedRun(lambda at: {"1": "RUNNING" if at % 2 else "STARTING"} | (
        {"2": "RUNNING"} if at == 1 else {}
    ))  # fmt: skip
    with pytest.raises(WaitFailedError, match="task 2 of run 1 does not exist any more"):
        run.watch(ask)
    assert 6 == run.rounds


def test_an_unknown_status_that_ends(ask: Ask) -> None:
    """A watch reports the end of an unknown status and ends."""
    times: list[dict[str, str]] = [{}, {}, {"stopTime": "2026-01-01T00:00:00Z"}]
    answers = [
        each
        for time in times
        for each in (json_answer(id="1", status="NEW", **time), json_answer(items=[]))
    ]
    changes = ask(
        lambda c: take(c.watch_run("1")),
        transport=Script(*answers).transport,
        retries=Clock().policy(),
    )
    states = [(c.previous, c.current, c.item.is_terminal) for c in changes]
    assert [(None, "UNKNOWN", False), ("UNKNOWN", "UNKNOWN", True)] == states
    assert times[-1]["stopTime"] == changes[-1].time.strftime("%Y-%m-%dT%H:%M:%SZ")


def collect_into(changes: list[Change[Any]], watch: Any) -> Any:
    """Iterate to the end or an error, and keep the earlier changes."""
    if hasattr(watch, "__next__"):
        changes.extend(watch)
        return None

    async def reading() -> None:
        async for change in watch:
            changes.append(change)  # noqa: PERF401 - what came before the error counts

    return reading()


STEP = [DEADLINE_IDS[name] for name in ("farm_id", "queue_id", "job_id", "step_id")]


@pytest.mark.parametrize("timeout", [100, 0])
@pytest.mark.parametrize("service", ["HealthOmics", "ECS", "Deadline"])
def test_a_timeout(simulated: SimulatedTime, service: str, timeout: float) -> None:
    """Every watch ends at its timeout after a last poll, with all changes."""
    aws, changes = simulated.aws, list[Change[Any]]()
    run = aws.healthomics.add_run(status="RUNNING", lasts={"RUNNING": 10**6})
    arn = aws.ecs.add_task(lasts={"RUNNING": 10**6})
    ids: dict[str, Any] = {**DEADLINE_IDS}
    aws.deadline.add_task(**ids, run_status="SUSPENDED")
    questions: dict[str, Any] = {
        "HealthOmics": lambda c: c.watch_run(run.id, timeout=timeout),
        "ECS": lambda c: c.watch_tasks([arn], timeout=timeout),
        "Deadline": lambda c: c.watch_tasks(*STEP, timeout=timeout),
    }
    began = aws.seconds()
    with pytest.raises(WaitTimeoutError, match=f"after {timeout} s, not terminal") as caught:
        simulated.ask(lambda c: collect_into(changes, questions[service](c)), service)
    assert timeout == pytest.approx(aws.seconds() - began)
    (change,) = changes
    assert ((change.item,), change.item) == (caught.value.snapshots, caught.value.snapshot)
    assert change.item.reason == caught.value.reason


def test_an_end_at_the_last_poll(simulated: SimulatedTime) -> None:
    """A watch whose items have all ended at the timeout raises nothing."""
    lasts: Any = {"RUNNING": 50, "STOPPING": 50}
    run = simulated.aws.healthomics.add_run(name="run", status="RUNNING", lasts=lasts)
    changes = simulated.ask(lambda c: take(c.watch_run(run.id, timeout=100)))
    assert ["RUNNING", "STOPPING", "SUCCEEDED"] == [current for _, _, current in as_tuples(changes)]


def test_a_change_at_the_last_poll(simulated: SimulatedTime) -> None:
    """Changes of the last poll are reported before the timeout error."""
    changes: list[Change[Any]] = []
    lasts: Any = {"RUNNING": 50, "STOPPING": 10**6}
    run = simulated.aws.healthomics.add_run(status="RUNNING", lasts=lasts)
    with pytest.raises(WaitTimeoutError, match="is STOPPING after 50 s"):
        simulated.ask(lambda c: collect_into(changes, c.watch_run(run.id, timeout=50)))
    assert ["RUNNING", "STOPPING"] == [change.current for change in changes]


def test_a_watch_without_a_successful_poll(ask: Ask) -> None:
    """If every poll failed, the timeout error has the cause."""
    clock, script = Clock(), Script(json_answer(500))
    with pytest.raises(WaitTimeoutError, match="nothing was seen after 5 s") as caught:
        ask(
            lambda c: take(c.watch_run("1", timeout=5)),
            transport=script.transport,
            retries=clock.policy(jitter=0.0),
        )
    assert isinstance(caught.value.__cause__, InternalServerException)
    assert (None, ()) == (caught.value.snapshot, caught.value.snapshots)


def test_a_slow_reader_is_not_late(ask: Ask) -> None:
    """The reader's time counts, but items that ended meanwhile are polled once more."""
    clock = Clock()
    running, ended = (json_answer(id="1", status=status) for status in ("RUNNING", "COMPLETED"))
    nothing = json_answer(items=[])
    script = Script(running, nothing, ended, nothing)
    states: list[str] = []

    def read(client: Any) -> Any:
        watch = client.watch_run("1", timeout=10)
        if hasattr(watch, "__next__"):
            for change in watch:
                states.append(change.current)
                clock.now += 60
            return None

        async def reading() -> None:
            async for change in watch:
                states.append(change.current)
                clock.now += 60

        return reading()

    ask(read, transport=script.transport, retries=clock.policy())
    assert ["RUNNING", "SUCCEEDED"] == states


@pytest.mark.parametrize("timeout", [-1, float("nan"), "5"])
@pytest.mark.parametrize("service", ["HealthOmics", "ECS", "Deadline"])
def test_a_bad_timeout(simulated: SimulatedTime, service: str, timeout: Any) -> None:
    """An invalid timeout is an error when the watch is made."""
    questions: dict[str, Any] = {
        "HealthOmics": lambda c: c.watch_run("1", timeout=timeout),
        "ECS": lambda c: c.watch_tasks(["a"], timeout=timeout),
        "Deadline": lambda c: c.watch_tasks(*STEP, timeout=timeout),
    }
    with pytest.raises(ParamValidationError, match="timeout"):
        simulated.ask(questions[service], service)


def test_a_retried_task_is_pending_again(ask: Ask) -> None:
    """A task that is retried didn't become pending at its creation."""
    created = "2026-01-01T00:00:00Z"
    states = [
        json_answer(id="1", status=status, creationTime=created)
        for status in ("PENDING", "STARTING", "PENDING", "FAILED")
    ]
    script = Script(states[0], states[1], json_answer(items=[]), *states[2:], json_answer(items=[]))
    first, _, again, _ = ask(
        lambda c: take(c.watch_run("1")),
        transport=script.transport,
        retries=Clock().policy(),
    )
    assert ("PENDING", "PENDING") == (first.current, again.current)
    assert first.item.creation_time == first.time < again.time


def test_a_vanished_task(ask: Ask) -> None:
    """A task that a listing no longer has is reported at the end, without ending the watch."""
    clock = Clock()
    running, ended = (json_answer(id="1", status=status) for status in ("RUNNING", "COMPLETED"))
    both = json_answer(items=[{"taskId": "1", "status": "RUNNING"},
                              {"taskId": "2", "status": "RUNNING"}])  # fmt: skip
    one = json_answer(items=[{"taskId": "1", "status": "COMPLETED"}])
    answers = (running, both, running, one, ended, one)

    def watched(count: int | None) -> Any:
        transport = Script(*answers).transport
        return ask(
            lambda c: take(c.watch_run("1"), count), transport=transport, retries=clock.policy()
        )

    assert ["RUNNING"] * 3 + ["SUCCEEDED"] * 2 == [change.current for change in watched(5)]
    with pytest.raises(WaitFailedError, match="task 2 of run 1 does not exist any more") as caught:
        watched(None)
    assert TaskState.RUNNING == (caught.value.snapshot and caught.value.snapshot.state)


def test_pages_of_a_hundred(simulated: SimulatedTime) -> None:
    """A watch uses the API's maximum page size."""
    run = simulated.aws.healthomics.add_run(status="COMPLETED")
    watch(simulated, run.id)
    listed = [r for r in simulated.aws.requests if r.operation == "ListRunTasks"]
    assert [100] == [request.parameters["maxResults"] for request in listed]


def test_a_change_can_be_pickled() -> None:
    """A change equals its pickled copy."""
    with LocalAWS() as aws, HealthOmicsClient(**aws.client_options) as omics:
        run = aws.healthomics.add_run(status="COMPLETED")
        changes: list[Change[Run | Any]] = list(omics.watch_run(run.id))
    assert changes == pickle.loads(pickle.dumps(changes))
