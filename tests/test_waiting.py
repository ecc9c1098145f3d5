"""Waiting for runs and their tasks: target states, polls and ends."""

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
from .simulated_time import SimulatedTime
from .test_arguments import DEADLINE_IDS
from .test_retries import Clock

ENDS = ["COMPLETED", "FAILED", "CANCELLED"]


@pytest.fixture
def simulated(ask: Ask) -> SimulatedTime:
    return SimulatedTime(ask)


def add(simulated: SimulatedTime, kind: str, **fields: Any) -> tuple[str, ...]:
    """Add a run, or a task of one. Return the arguments of the wait for it."""
    if kind == "run":
        return (simulated.aws.healthomics.add_run(**fields).id,)
    run = simulated.aws.healthomics.add_run(status="COMPLETED")
    return run.id, simulated.aws.healthomics.add_task(run.id, **fields).task_id


def wait(simulated: SimulatedTime, kind: str, ids: tuple[str, ...], **options: Any) -> Any:
    return simulated.ask(lambda c: getattr(c, f"wait_for_{kind}")(*ids, **options))


KINDS = pytest.mark.parametrize("kind", ["run", "run_task"])


@KINDS
def test_success(simulated: SimulatedTime, kind: str) -> None:
    """A wait returns the item when it has succeeded."""
    thing = wait(simulated, kind, add(simulated, kind, status="PENDING"))
    assert (TaskState.SUCCEEDED, "COMPLETED") == (thing.state, thing.status)


@KINDS
@pytest.mark.parametrize("status", ["FAILED", "CANCELLED"])
def test_another_end(simulated: SimulatedTime, kind: str, status: str) -> None:
    """A wait raises an error with the last snapshot and the reason for any other end."""
    ids = add(simulated, kind, status="PENDING", ends={"status": status, "status_message": "so"})
    with pytest.raises(WaitFailedError) as caught:
        wait(simulated, kind, ids)
    error = caught.value
    assert error.snapshot is not None
    assert (TaskState(status), "so") == (error.snapshot.state, error.reason)
    assert (error.snapshot,) == error.snapshots
    assert f"{ids[0]} is {status}, not SUCCEEDED: so" in str(error)


def test_a_deleted_run(simulated: SimulatedTime) -> None:
    """A wait ends if the run is deleted."""
    ids = add(simulated, "run", ends={"status": "DELETED"})
    with pytest.raises(WaitFailedError, match="the run was deleted"):
        wait(simulated, "run", ids)


@KINDS
@pytest.mark.parametrize("status", ENDS)
def test_any_end(simulated: SimulatedTime, kind: str, status: str) -> None:
    """Without ``until``, a wait returns the item in any final state."""
    ids = add(simulated, kind, status="PENDING", ends={"status": status})
    assert status == wait(simulated, kind, ids, until=None).status


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
    simulated: SimulatedTime, kind: str, status: str, ends: str | None, expected: Any
) -> None:
    """A wait for RUNNING ends at it, after it, or when it can't be reached any more."""
    fate = {"ends": {"status": ends}, "lasts": {"RUNNING": 0, "STOPPING": 0}} if ends else {}
    ids = add(simulated, kind, status=status, **fate)
    if expected is WaitFailedError:
        with pytest.raises(WaitFailedError):
            wait(simulated, kind, ids, until="RUNNING")
    else:
        assert expected == wait(simulated, kind, ids, until=TaskState.RUNNING).status


@KINDS
def test_a_timeout(simulated: SimulatedTime, kind: str) -> None:
    """At the timeout, an error has the last snapshot."""
    began = simulated.aws.now
    ids = add(simulated, kind, status="PENDING")
    with pytest.raises(WaitTimeoutError, match="is STARTING after 100 s, not SUCCEEDED") as caught:
        wait(simulated, kind, ids, timeout=100)
    assert 100 == (simulated.aws.now - began).total_seconds()
    assert caught.value.snapshot is not None
    assert TaskState.STARTING == caught.value.snapshot.state
    assert isinstance(caught.value, WaitError)


def test_a_timeout_of_0(simulated: SimulatedTime) -> None:
    """A timeout of 0 polls once."""
    ids = add(simulated, "run", status="PENDING")
    with pytest.raises(WaitTimeoutError, match="not terminal"):
        wait(simulated, "run", ids, timeout=0, until=None)
    assert ([], 1) == (simulated.pauses, len(simulated.aws.requests))


def test_more_than_ten_minutes(simulated: SimulatedTime) -> None:
    """A wait has no limit of its own: it waits for a run of eight hours."""
    ids = add(simulated, "run", status="RUNNING", lasts={"RUNNING": 8 * 3600})
    assert "COMPLETED" == wait(simulated, "run", ids).status


@pytest.mark.parametrize(("jitter", "share"), [(0.0, 0.5), (1.0, 1.0), (0.5, 0.75)])
def test_the_pauses(ask: Ask, jitter: float, share: float) -> None:
    """Pauses grow from 2 to 30 seconds, and jitter reduces them by up to half."""
    simulated = SimulatedTime(ask, jitter)
    wait(simulated, "run", add(simulated, "run", status="RUNNING", lasts={"RUNNING": 100}))
    whole = [2.0, 3.0, 4.5, 6.75, 10.125, 15.1875, 22.78125, 30.0, 30.0]
    count = min(len(whole), len(simulated.pauses))
    assert count > 7
    assert [pause * share for pause in whole[:count]] == pytest.approx(simulated.pauses[:count])


@pytest.mark.parametrize("fault", ["throttling", "internal", "reset", "truncate"])
def test_transient_failures(simulated: SimulatedTime, fault: Any) -> None:
    """Polls that fail for a while, retries included, don't end a wait."""
    ids = add(simulated, "run")
    simulated.aws.fail_next(fault, times=3 * 5)
    assert "COMPLETED" == wait(simulated, "run", ids).status


def test_a_failure_at_the_end_of_the_time(simulated: SimulatedTime) -> None:
    """A failed poll at the timeout is the cause of the timeout error."""
    ids = add(simulated, "run")
    simulated.aws.fail_next("internal", times=3)
    with pytest.raises(WaitTimeoutError, match="was not seen after 0 s") as caught:
        wait(simulated, "run", ids, timeout=0)
    assert isinstance(caught.value.__cause__, InternalServerException)
    assert (None, ()) == (caught.value.snapshot, caught.value.snapshots)


@pytest.mark.parametrize(("timeout", "took"), [(30, 30.0), (0, 2.0)])
def test_an_answer_that_does_not_come(simulated: SimulatedTime, timeout: int, took: float) -> None:
    """A call inside a wait has the remaining time of the wait, and 2 seconds at its end."""
    limits: list[float] = []

    def silent(request: httpx.Request) -> httpx.Response:
        # The timeouts that a transport receives.
        limits.append(request.extensions["timeout"]["read"])
        simulated.aws.advance(limits[-1])
        raise httpx.ReadTimeout("silent", request=request)

    options: dict[str, Any] = {"transport": httpx.MockTransport(silent), "timeout": (100.0, 100.0)}
    with pytest.raises(WaitTimeoutError, match=f"was not seen after {took:.0f} s"):
        simulated.ask(lambda c: c.wait_for_run("1", timeout=timeout), **options)
    assert [took] == pytest.approx(limits)


def wait_for_it(client: Any, timeout: float) -> Any:
    return client.wait_for_run("1", timeout=timeout)


def test_a_clock_that_runs(ask: Ask) -> None:
    """A timeout between two readings of the clock causes no negative pause."""
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


class FlakyCredentials:
    """Credentials whose fetches fail as scripted, and then succeed."""

    def __init__(self, *outcomes: bool) -> None:
        self._outcomes = iter(outcomes)
        self.fetches = 0

    access_key, secret_key, token = "AKID", "secret", None

    def get_frozen_credentials(self) -> Credentials:
        self.fetches += 1
        if next(self._outcomes, True):
            return Credentials(self.access_key, self.secret_key)
        raise OSError("the metadata service is busy")


@pytest.mark.parametrize("outcomes", [[False], [True, False], [True, *[False] * 5]])
def test_a_fetch_of_credentials_that_fails(ask: Ask, outcomes: list[bool]) -> None:
    """A failed fetch is a failed poll, also the first one, and doesn't end a wait."""
    running, ended = (json_answer(id="1", status=status) for status in ("RUNNING", "COMPLETED"))
    run = ask(
        lambda c: c.wait_for_run("1"),
        transport=Script(*[running] * sum(outcomes), ended).transport,
        credentials=FlakyCredentials(*outcomes),
        retries=Clock().policy(),
    )
    assert "COMPLETED" == run.status


def test_credentials_that_can_not_be_fetched(ask: Ask) -> None:
    """The sixth failed fetch in a row is raised by the wait."""
    credentials, script = FlakyCredentials(*[False] * 100), Script(json_answer())
    with pytest.raises(CredentialRetrievalError, match="metadata service"):
        ask(
            lambda c: c.wait_for_run("1"),
            transport=script.transport,
            credentials=credentials,
            retries=Clock().policy(),
        )
    assert (6, []) == (credentials.fetches, script.requests)


def test_no_credentials_end_a_wait(ask: Ask) -> None:
    """A wait without credentials raises at once."""
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
    """It is final for a wait for any end, and a failure for other waits."""
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


def test_persistent_failures(simulated: SimulatedTime) -> None:
    """The sixth failed poll in a row ends the wait with its error."""
    ids = add(simulated, "run", lasts={"RUNNING": 10**6})
    simulated.aws.fail_next("internal", times=3 * 6)
    with pytest.raises(InternalServerException):
        wait(simulated, "run", ids)
    assert 3 * 6 == len(simulated.aws.requests)


def test_a_success_resets_the_failure_count(ask: Ask) -> None:
    """A successful poll resets the number of failed polls."""
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
def test_permanent_failures(ask: Ask, code: str, cls: type[Exception]) -> None:
    """Permanent errors are raised at once."""
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
def test_bad_arguments(simulated: SimulatedTime, options: dict[str, Any], names: list[str]) -> None:
    """An unknown state or an invalid time is an error before anything is sent."""
    with pytest.raises(ParamValidationError) as caught:
        wait(simulated, "run", ("1",), **options)
    assert names == sorted(problem.argument for problem in caught.value.problems)
    assert [] == simulated.aws.requests


def test_a_bad_id(simulated: SimulatedTime) -> None:
    """An invalid id is an error before anything is sent."""
    with pytest.raises(ParamValidationError):
        wait(simulated, "run", ("x",))
    assert [] == simulated.aws.requests
