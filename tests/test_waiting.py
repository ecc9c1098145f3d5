"""Waiting for runs and their tasks: until when, how often, and what ends it."""

from __future__ import annotations

from functools import partial
from typing import Any

import httpx
import pytest

from omics_tasks import (
    AccessDeniedException,
    CredentialRetrievalError,
    Credentials,
    InternalServerException,
    NoCredentialsError,
    ParamValidationError,
    ResourceNotFoundException,
    RetryPolicy,
    TaskState,
    WaitError,
    WaitFailedError,
    WaitTimeoutError,
)

from .asking import Ask, Script, json_answer
from .patience import Patient
from .test_arguments import DEADLINE_IDS
from .test_retries import Clock

ENDS = ["COMPLETED", "FAILED", "CANCELLED"]


@pytest.fixture
def patient(ask: Ask) -> Patient:
    return Patient(ask)


def add(patient: Patient, kind: str, **fields: Any) -> tuple[str, ...]:
    """Adds a run or a task of one; the arguments of the wait for it."""
    if kind == "run":
        return (patient.aws.healthomics.add_run(**fields).id,)
    run = patient.aws.healthomics.add_run(status="COMPLETED")
    return run.id, patient.aws.healthomics.add_task(run.id, **fields).task_id


def wait(patient: Patient, kind: str, ids: tuple[str, ...], **options: Any) -> Any:
    return patient.ask(lambda c: getattr(c, f"wait_for_{kind}")(*ids, **options))


KINDS = pytest.mark.parametrize("kind", ["run", "run_task"])


@KINDS
def test_success(patient: Patient, kind: str) -> None:
    """A wait returns what it waited for, as it is when it has succeeded."""
    thing = wait(patient, kind, add(patient, kind, status="PENDING"))
    assert (TaskState.SUCCEEDED, "COMPLETED") == (thing.state, thing.status)


@KINDS
@pytest.mark.parametrize("status", ["FAILED", "CANCELLED"])
def test_another_end(patient: Patient, kind: str, status: str) -> None:
    """A wait ends on every other end with an error that has the last snapshot and the reason."""
    ids = add(patient, kind, status="PENDING", ends={"status": status, "status_message": "so"})
    with pytest.raises(WaitFailedError) as caught:
        wait(patient, kind, ids)
    error = caught.value
    assert error.snapshot is not None
    assert (TaskState(status), "so") == (error.snapshot.state, error.reason)
    assert (error.snapshot,) == error.snapshots
    assert f"{ids[0]} is {status}, not SUCCEEDED: so" in str(error)


def test_a_deleted_run(patient: Patient) -> None:
    """A run that is deleted ends a wait, too."""
    ids = add(patient, "run", ends={"status": "DELETED"})
    with pytest.raises(WaitFailedError, match="the run was deleted"):
        wait(patient, "run", ids)


@KINDS
@pytest.mark.parametrize("status", ENDS)
def test_any_end(patient: Patient, kind: str, status: str) -> None:
    """Without a state to wait for, any end is what a wait returns."""
    ids = add(patient, kind, status="PENDING", ends={"status": status})
    assert status == wait(patient, kind, ids, until=None).status


@KINDS
@pytest.mark.parametrize(
    ("status", "ends", "expected"),
    [
        ("PENDING", None, "RUNNING"),
        ("STOPPING", None, "STOPPING"),
        ("COMPLETED", None, "COMPLETED"),
        ("FAILED", None, WaitFailedError),
        ("STARTING", "CANCELLED", WaitFailedError),
    ],
)
def test_until_it_runs(
    patient: Patient, kind: str, status: str, ends: str | None, expected: Any
) -> None:
    """Waiting for RUNNING ends with it, or past it, or when that can't be any more."""
    fate = {"ends": {"status": ends}, "lasts": {"RUNNING": 0, "STOPPING": 0}} if ends else {}
    ids = add(patient, kind, status=status, **fate)
    if expected is WaitFailedError:
        with pytest.raises(WaitFailedError):
            wait(patient, kind, ids, until="RUNNING")
    else:
        assert expected == wait(patient, kind, ids, until=TaskState.RUNNING).status


@KINDS
def test_a_timeout(patient: Patient, kind: str) -> None:
    """After the time-out, to the second, an error tells how far it had come."""
    began = patient.aws.now
    ids = add(patient, kind, status="PENDING")
    with pytest.raises(WaitTimeoutError, match="is STARTING after 100 s, not SUCCEEDED") as caught:
        wait(patient, kind, ids, timeout=100)
    assert 100 == (patient.aws.now - began).total_seconds()
    assert caught.value.snapshot is not None
    assert TaskState.STARTING == caught.value.snapshot.state
    assert isinstance(caught.value, WaitError)


def test_no_time_at_all(patient: Patient) -> None:
    """A time-out of 0 looks once."""
    ids = add(patient, "run", status="PENDING")
    with pytest.raises(WaitTimeoutError, match="not terminal"):
        wait(patient, "run", ids, timeout=0, until=None)
    assert ([], 1) == (patient.pauses, len(patient.aws.requests))


def test_more_than_ten_minutes(patient: Patient) -> None:
    """A wait has no end of its own: a run of eight hours is waited for."""
    ids = add(patient, "run", status="RUNNING", lasts={"RUNNING": 8 * 3600})
    assert "COMPLETED" == wait(patient, "run", ids).status


@pytest.mark.parametrize(("jitter", "share"), [(0.0, 0.5), (1.0, 1.0), (0.5, 0.75)])
def test_the_pauses(ask: Ask, jitter: float, share: float) -> None:
    """Pauses grow from 2 to 30 seconds, of which jitter takes up to half."""
    patient = Patient(ask, jitter)
    wait(patient, "run", add(patient, "run", status="RUNNING", lasts={"RUNNING": 100}))
    whole = [2.0, 3.0, 4.5, 6.75, 10.125, 15.1875, 22.78125, 30.0, 30.0]
    count = min(len(whole), len(patient.pauses))
    assert count > 7
    assert [pause * share for pause in whole[:count]] == pytest.approx(patient.pauses[:count])


@pytest.mark.parametrize("fault", ["throttling", "internal", "reset", "truncate"])
def test_failures_that_pass(patient: Patient, fault: Any) -> None:
    """Looks that fail for a while, retries and all, end no wait."""
    ids = add(patient, "run")
    patient.aws.fail_next(fault, times=3 * 5)
    assert "COMPLETED" == wait(patient, "run", ids).status


def test_a_failure_at_the_end_of_the_time(patient: Patient) -> None:
    """A look that fails when the time is over makes the wait late, and is told as its cause."""
    ids = add(patient, "run")
    patient.aws.fail_next("internal", times=3)
    with pytest.raises(WaitTimeoutError, match="was not seen after 0 s") as caught:
        wait(patient, "run", ids, timeout=0)
    assert isinstance(caught.value.__cause__, InternalServerException)
    assert (None, ()) == (caught.value.snapshot, caught.value.snapshots)


@pytest.mark.parametrize(("timeout", "took"), [(30, 30.0), (0, 2.0)])
def test_an_answer_that_does_not_come(patient: Patient, timeout: int, took: float) -> None:
    """A call inside a wait gets no more time than the wait has left, and 2 seconds at its end."""
    limits: list[float] = []

    def silent(request: httpx.Request) -> httpx.Response:
        # A transport is told how long it may take in each of these.
        limits.append(request.extensions["timeout"]["read"])
        patient.aws.advance(limits[-1])
        raise httpx.ReadTimeout("silent", request=request)

    options: dict[str, Any] = {"transport": httpx.MockTransport(silent), "timeout": (100.0, 100.0)}
    with pytest.raises(WaitTimeoutError, match=f"was not seen after {took:.0f} s"):
        patient.ask(lambda c: c.wait_for_run("1", timeout=timeout), **options)
    assert [took] == pytest.approx(limits)


def wait_for_it(client: Any, timeout: float) -> Any:
    return client.wait_for_run("1", timeout=timeout)


def test_a_clock_that_runs(ask: Ask) -> None:
    """A time-out that is reached between two looks at the clock makes no pause below 0."""
    ticks = iter(range(10**6))
    slept: list[float] = []
    policy = RetryPolicy(sleep=slept.append, clock=lambda: next(ticks) / 1000)
    script = Script(json_answer(id="1", status="RUNNING"))
    for thousandths in range(5, 60):
        with pytest.raises(WaitTimeoutError):
            ask(
                partial(wait_for_it, timeout=thousandths / 1000),
                transport=script.transport,
                retries=policy,
            )
    assert 0 <= min(slept)


class Moody:
    """Credentials that can be fetched, or not, as a list says; once it is used up they can."""

    def __init__(self, *moods: bool) -> None:
        self._moods = iter(moods)
        self.asked = 0

    access_key, secret_key, token = "AKID", "secret", None

    def get_frozen_credentials(self) -> Credentials:
        self.asked += 1
        if next(self._moods, True):
            return Credentials(self.access_key, self.secret_key)
        raise OSError("the metadata service is busy")


@pytest.mark.parametrize("moods", [[False], [True, False], [True, *[False] * 5]])
def test_a_fetch_of_credentials_that_fails(ask: Ask, moods: list[bool]) -> None:
    """It is a look that failed like any other, the first one too, and ends no wait."""
    running, ended = (json_answer(id="1", status=status) for status in ("RUNNING", "COMPLETED"))
    run = ask(
        lambda c: c.wait_for_run("1"),
        transport=Script(*[running] * sum(moods), ended).transport,
        credentials=Moody(*moods),
        retries=Clock().policy(),
    )
    assert "COMPLETED" == run.status


def test_credentials_that_can_not_be_fetched(ask: Ask) -> None:
    """The sixth fetch in a row that fails is the error of the wait."""
    credentials, script = Moody(*[False] * 100), Script(json_answer())
    with pytest.raises(CredentialRetrievalError, match="metadata service"):
        ask(
            lambda c: c.wait_for_run("1"),
            transport=script.transport,
            credentials=credentials,
            retries=Clock().policy(),
        )
    assert (6, []) == (credentials.asked, script.requests)


def test_no_credentials_end_a_wait(ask: Ask) -> None:
    """What waiting can't mend is raised at once."""
    clock, script = Clock(), Script(json_answer())
    with pytest.raises(NoCredentialsError):
        ask(
            lambda c: c.wait_for_run("1"),
            transport=script.transport,
            credentials=None,
            retries=clock.policy(),
        )
    assert ([], []) == (clock.delays, script.requests)


UNKNOWN_ENDS = [
    ("HealthOmics", lambda c, **o: c.wait_for_run("1", **o),
     {"id": "1", "status": "NEW", "stopTime": "2026-01-01T00:00:00Z"}),
    ("HealthOmics", lambda c, **o: c.wait_for_run_task("1", "2", **o),
     {"taskId": "2", "status": "NEW", "stopTime": "2026-01-01T00:00:00Z"}),
    ("ECS", lambda c, **o: c.wait_for_tasks(["a"], **o),
     {"tasks": [{"taskArn": "a", "lastStatus": "NEW", "stoppedAt": 1767225600}]}),
    ("Deadline", lambda c, **o: c.wait_for_task(*DEADLINE_IDS.values(), **o),
     {"taskId": DEADLINE_IDS["task_id"], "createdAt": "2026-01-01T00:00:00Z", "createdBy": "me",
      "runStatus": "NEW", "endedAt": "2026-01-01T00:00:00Z"}),
]  # fmt: skip


@pytest.mark.parametrize(("service", "question", "answer"), UNKNOWN_ENDS)
def test_an_unknown_status_with_an_end_time(
    ask: Ask, service: str, question: Any, answer: dict[str, Any]
) -> None:
    """It ends a wait: as an end where any will do, and as a failure of each wait for more."""
    options = {
        "transport": Script(json_answer(200, **answer)).transport,
        "retries": Clock().policy(),
    }
    found = ask(partial(question, until=None), service, **options)
    (thing,) = found if isinstance(found, list) else [found]
    assert (TaskState.UNKNOWN, True) == (thing.state, thing.is_terminal)
    for until in ("SUCCEEDED", "RUNNING", "FAILED"):
        with pytest.raises(WaitFailedError, match=f"is UNKNOWN, not {until}"):
            ask(partial(question, until=until), service, **options)


def test_failures_that_stay(patient: Patient) -> None:
    """The sixth look in a row that fails is given up on, with its own error."""
    ids = add(patient, "run", lasts={"RUNNING": 10**6})
    patient.aws.fail_next("internal", times=3 * 6)
    with pytest.raises(InternalServerException):
        wait(patient, "run", ids)
    assert 3 * 6 == len(patient.aws.requests)


def test_failures_are_counted_anew(ask: Ask) -> None:
    """A look that succeeds makes up for those before it."""
    failures = [json_answer(500)] * 3 * 5
    running, ended = (json_answer(id="1", status=status) for status in ("RUNNING", "COMPLETED"))
    script = Script(*failures, running, *failures, ended)
    run = ask(lambda c: c.wait_for_run("1"), transport=script.transport, retries=Clock().policy())
    assert "COMPLETED" == run.status


@pytest.mark.parametrize(
    ("code", "cls"),
    [
        ("ResourceNotFoundException", ResourceNotFoundException),
        ("AccessDeniedException", AccessDeniedException),
    ],
)
def test_failures_for_good(ask: Ask, code: str, cls: type[Exception]) -> None:
    """What no waiting mends is raised at once."""
    script = Script(json_answer(400, code=code))
    with pytest.raises(cls):
        ask(lambda c: c.wait_for_run("1"), transport=script.transport)
    assert 1 == len(script.requests)


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({"until": "COMPLETED"}, ["until"]),
        ({"until": TaskState.UNKNOWN}, ["until"]),
        ({"timeout": -1}, ["timeout"]),
        ({"timeout": float("nan"), "until": "x"}, ["timeout", "until"]),
        ({"timeout": "5"}, ["timeout"]),
    ],
)
def test_bad_arguments(patient: Patient, options: dict[str, Any], names: list[str]) -> None:
    """A state that there is not, or a time that can't be, is refused before anything is sent."""
    with pytest.raises(ParamValidationError) as caught:
        wait(patient, "run", ("1",), **options)
    assert names == sorted(problem.argument for problem in caught.value.problems)
    assert [] == patient.aws.requests


def test_a_bad_id(patient: Patient) -> None:
    """An id that can't be is refused before anything is sent."""
    with pytest.raises(ParamValidationError):
        wait(patient, "run", ("x",))
    assert [] == patient.aws.requests
