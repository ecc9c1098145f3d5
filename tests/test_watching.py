"""Watching a run: what changes, told once, with as few requests as can be."""

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
from .patience import Patient
from .test_arguments import DEADLINE_IDS
from .test_retries import Clock


@pytest.fixture
def patient(ask: Ask) -> Patient:
    return Patient(ask)


def watch(patient: Patient, run_id: str, count: int | None = None, **options: Any) -> Any:
    return patient.ask(lambda c: take(c.watch_run(run_id), count), **options)


def told(changes: list[Change[Any]]) -> list[tuple[str, str | None, str]]:
    """Names, and from where to where."""
    return [(c.item.name, c.previous, c.current) for c in changes]


def test_a_whole_life(patient: Patient) -> None:
    """Every state that a run and its tasks come to is told once, in order, to the end."""
    run = patient.aws.healthomics.add_run(name="run", status="PENDING")
    patient.aws.healthomics.add_task(
        run.id, name="task", status="PENDING", ends={"status": "FAILED"}
    )
    life = [None, "PENDING", "STARTING", "RUNNING", "STOPPING"]
    changes = told(watch(patient, run.id))
    assert [("run", a, b) for a, b in zip(life, [*life[1:], "SUCCEEDED"], strict=True)] == [
        change for change in changes if change[0] == "run"
    ]
    states = [current for name, _, current in changes if name == "task"]
    assert ["STARTING", "RUNNING", "STOPPING", "FAILED"] == states


def test_only_what_changed(patient: Patient) -> None:
    """Of many tasks, those that change are told, and no others."""
    run = patient.aws.healthomics.add_run(name="run", status="RUNNING", lasts={"RUNNING": 60})
    for number in range(250):
        patient.aws.healthomics.add_task(run.id, name=str(number), status="COMPLETED")
    patient.aws.healthomics.add_task(run.id, name="last", status="RUNNING", lasts={"RUNNING": 30})
    counts = Counter(name for name, _, _ in told(watch(patient, run.id)))
    assert {"run": 3, "last": 3} == {name: n for name, n in counts.items() if n > 1}
    assert 252 == len(counts)


def test_the_requests_of_a_round(patient: Patient) -> None:
    """A round is one GetRun, and one ListRunTasks for each hundred tasks."""
    run = patient.aws.healthomics.add_run(status="COMPLETED")
    for _ in range(250):
        patient.aws.healthomics.add_task(run.id, status="COMPLETED")
    assert 251 == len(watch(patient, run.id))
    operations = Counter(request.operation for request in patient.aws.requests)
    assert {"GetRun": 1, "ListRunTasks": 3} == operations


def test_a_run_that_waits_has_no_tasks(patient: Patient) -> None:
    """While a run is PENDING, its tasks are not asked for; once it has ended, it isn't either.

    Tasks that go on hold the watch for five more looks.
    """
    run = patient.aws.healthomics.add_run(
        status="PENDING", lasts={"PENDING": 600}, ends={"status": "CANCELLED"}
    )
    patient.aws.healthomics.add_task(run.id, status="RUNNING", lasts={"RUNNING": 5000})
    watch(patient, run.id)
    asked = [request.operation for request in patient.aws.requests]
    assert ["GetRun"] * 20 == asked[:20]
    assert ["GetRun", *["ListRunTasks"] * 6] == asked[-7:]


def test_when_it_was(patient: Patient) -> None:
    """A change has the service's own time of it."""
    began = patient.aws.now
    run = patient.aws.healthomics.add_run(name="run", status="RUNNING", start_time=began)
    changes = watch(patient, run.id)
    assert [began, began + timedelta(seconds=360)] == [changes[0].time, changes[-1].time]


def test_a_change_without_a_time(patient: Patient) -> None:
    """What the service gives no time for has the time when it was seen, by the service's clock."""
    began = patient.aws.now
    run = patient.aws.healthomics.add_run(name="run", status="PENDING", lasts={"RUNNING": 3600})
    changes = {change.item.state: change.time for change in watch(patient, run.id)}
    running = began + timedelta(seconds=120)
    assert (began, running) == (changes[TaskState.PENDING], changes[TaskState.RUNNING])
    # It looks every half minute at most, and an answer's date has whole seconds.
    for state, since in {
        TaskState.STARTING: began + timedelta(seconds=60),
        TaskState.STOPPING: running + timedelta(hours=1),
    }.items():
        assert since - timedelta(seconds=1) < changes[state] <= since + timedelta(seconds=30)


def test_a_change_is_dated_as_the_service_dates_its_answer(ask: Ask) -> None:
    """This machine's clock may be minutes off, and changes are in order with the service's times.

    An answer's date has whole seconds: what has just started is not seen before it started.
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


def test_the_pauses(patient: Patient) -> None:
    """Pauses grow while nothing changes, and begin small again when something does."""
    run = patient.aws.healthomics.add_run(status="RUNNING", lasts={"RUNNING": 100})
    watch(patient, run.id)
    assert [2.0, 3.0, 4.5, 6.75] == patient.pauses[:4]
    assert 2 == patient.pauses.count(2.0)
    assert 2.0 in patient.pauses[4:]


def test_nothing_is_sent_before_it_is_iterated(patient: Patient) -> None:
    """Making a watch sends nothing, and a bad id is refused even so."""
    patient.ask(lambda c: c.watch_run("1") and None)
    with pytest.raises(ParamValidationError):
        patient.ask(lambda c: c.watch_run("x"))
    assert [] == patient.aws.requests


def test_failures_that_pass(patient: Patient) -> None:
    """Looks that fail for a while lose no change."""
    run = patient.aws.healthomics.add_run(name="run", status="RUNNING")
    patient.aws.fail_next("throttling", times=15, operation="GetRun")
    assert ["RUNNING", "STOPPING", "SUCCEEDED"] == [c for _, _, c in told(watch(patient, run.id))]


def test_failures_that_stay(patient: Patient) -> None:
    """The sixth look in a row that fails ends a watch with its error."""
    run = patient.aws.healthomics.add_run(name="run", status="RUNNING")
    patient.aws.fail_next("internal", times=18)
    with pytest.raises(InternalServerException):
        watch(patient, run.id)


def test_a_new_life_begins_with_each_watch(patient: Patient) -> None:
    """Two watches of one client know nothing of each other."""
    run = patient.aws.healthomics.add_run(name="run", status="COMPLETED")
    assert (
        [("run", None, "SUCCEEDED")] == told(watch(patient, run.id)) == told(watch(patient, run.id))
    )


def test_a_watch_can_be_left(patient: Patient) -> None:
    """Who leaves a watch early is asked for no more."""
    run = patient.aws.healthomics.add_run(status="RUNNING", lasts={"RUNNING": 10**6})
    assert 1 == len(watch(patient, run.id, 1))
    assert 2 == len(patient.aws.requests)


def test_fifty_runs_at_the_rate_of_one_bucket() -> None:
    """Fifty runs watched from one client stay below the service's rate, all together."""
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
    """A run that has ended, with tasks that say what the round makes of their numbers."""

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
    """Five rounds after a run has ended, its watch is over, whatever its tasks say."""
    run = EndedRun(tasks)
    assert run.watch(ask)
    assert 6 == run.rounds


def test_a_task_that_ends_after_its_run(ask: Ask) -> None:
    """What the last tasks come to in these rounds is told, and ends the watch at once."""
    run = EndedRun(lambda at: {"1": "RUNNING" if at < 4 else "FAILED"})
    assert ["SUCCEEDED", "RUNNING", "FAILED"] == [change.current for change in run.watch(ask)]
    assert 4 == run.rounds


def test_what_is_missing_after_the_end_of_a_run(ask: Ask) -> None:
    """A task that vanishes is told of, though another one never comes to rest."""
    run = EndedRun(lambda at: {"1": "RUNNING" if at % 2 else "STARTING"} | (
        {"2": "RUNNING"} if at == 1 else {}
    ))  # fmt: skip
    with pytest.raises(WaitFailedError, match="task 2 of run 1 does not exist any more"):
        run.watch(ask)
    assert 6 == run.rounds


def test_an_unknown_status_that_ends(ask: Ask) -> None:
    """A watch tells of the end of what stays unknown, and is over."""
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
    told = [(c.previous, c.current, c.item.is_terminal) for c in changes]
    assert [(None, "UNKNOWN", False), ("UNKNOWN", "UNKNOWN", True)] == told
    assert times[-1]["stopTime"] == changes[-1].time.strftime("%Y-%m-%dT%H:%M:%SZ")


def collect_into(changes: list[Change[Any]], watch: Any) -> Any:
    """Iterates to the end or to an error; what came before it is kept."""
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
def test_a_timeout(patient: Patient, service: str, timeout: float) -> None:
    """Every watch ends at its time-out, after a last look, with all that it saw."""
    aws, changes = patient.aws, list[Change[Any]]()
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
        patient.ask(lambda c: collect_into(changes, questions[service](c)), service)
    assert timeout == pytest.approx(aws.seconds() - began)
    (change,) = changes
    assert ((change.item,), change.item) == (caught.value.snapshots, caught.value.snapshot)
    assert change.item.reason == caught.value.reason


def test_what_ends_at_the_last_look(patient: Patient) -> None:
    """A watch whose things have all ended when the time is over is not late."""
    lasts: Any = {"RUNNING": 50, "STOPPING": 50}
    run = patient.aws.healthomics.add_run(name="run", status="RUNNING", lasts=lasts)
    changes = patient.ask(lambda c: take(c.watch_run(run.id, timeout=100)))
    assert ["RUNNING", "STOPPING", "SUCCEEDED"] == [current for _, _, current in told(changes)]


def test_what_changes_at_the_last_look(patient: Patient) -> None:
    """What the last look sees is told before the watch is late."""
    changes: list[Change[Any]] = []
    lasts: Any = {"RUNNING": 50, "STOPPING": 10**6}
    run = patient.aws.healthomics.add_run(status="RUNNING", lasts=lasts)
    with pytest.raises(WaitTimeoutError, match="is STOPPING after 50 s"):
        patient.ask(lambda c: collect_into(changes, c.watch_run(run.id, timeout=50)))
    assert ["RUNNING", "STOPPING"] == [change.current for change in changes]


def test_a_watch_that_sees_nothing(ask: Ask) -> None:
    """Where every look failed, the time-out says so, and why."""
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
    """Time that the reader took counts, but what has ended meanwhile is looked at before."""
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
def test_a_bad_timeout(patient: Patient, service: str, timeout: Any) -> None:
    """It is refused when the watch is made."""
    questions: dict[str, Any] = {
        "HealthOmics": lambda c: c.watch_run("1", timeout=timeout),
        "ECS": lambda c: c.watch_tasks(["a"], timeout=timeout),
        "Deadline": lambda c: c.watch_tasks(*STEP, timeout=timeout),
    }
    with pytest.raises(ParamValidationError, match="timeout"):
        patient.ask(questions[service], service)


def test_what_is_pending_once_more(ask: Ask) -> None:
    """What is tried again is not said to have become pending when it was created."""
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


def test_what_vanishes(ask: Ask) -> None:
    """A task that a listing no longer has ends the watch of no other, and is told at the end."""
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


def test_pages_of_a_hundred(patient: Patient) -> None:
    """A watch asks for as many tasks at once as the API allows."""
    run = patient.aws.healthomics.add_run(status="COMPLETED")
    watch(patient, run.id)
    listed = [r for r in patient.aws.requests if r.operation == "ListRunTasks"]
    assert [100] == [request.parameters["maxResults"] for request in listed]


def test_a_change_can_be_pickled() -> None:
    """Changes go from one process to another."""
    with LocalAWS() as aws, HealthOmicsClient(**aws.client_options) as omics:
        run = aws.healthomics.add_run(status="COMPLETED")
        changes: list[Change[Run | Any]] = list(omics.watch_run(run.id))
    assert changes == pickle.loads(pickle.dumps(changes))
