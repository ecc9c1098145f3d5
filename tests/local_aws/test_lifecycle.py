"""The stand-in's time and the lifecycles of runs and tasks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from omics_tasks import ECSClient, HealthOmicsClient
from omics_tasks.ecs import TaskStopCode
from omics_tasks.testing import LocalAWS
from omics_tasks.testing.ecs_lifecycle import STAGES

from ..asking import Ask
from .by_boto3 import boto3_client

NOON = datetime(2026, 1, 2, 12, 0, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def add_run(aws: LocalAWS, **fields: Any) -> Callable[[], Any]:
    run = aws.healthomics.add_run(**fields)
    return lambda: boto3_client(aws, "omics").get_run(id=run.id)["status"]


def add_run_task(aws: LocalAWS, **fields: Any) -> Callable[[], Any]:
    run = aws.healthomics.add_run(status="COMPLETED")
    task = aws.healthomics.add_task(run.id, **fields)
    omics = boto3_client(aws, "omics")
    return lambda: omics.get_run_task(id=run.id, taskId=task.task_id)["status"]


def add_ecs_task(aws: LocalAWS, **fields: Any) -> Callable[[], Any]:
    arn = aws.ecs.add_task(**fields)
    ecs = boto3_client(aws, "ecs")
    return lambda: ecs.describe_tasks(tasks=[arn])["tasks"][0]["lastStatus"]


def add_deadline_task(aws: LocalAWS, **fields: Any) -> Callable[[], Any]:
    farm, queue, job, step, task = aws.deadline.add_task(**fields)
    ids = {"farmId": farm, "queueId": queue, "jobId": job, "stepId": step, "taskId": task}
    return lambda: boto3_client(aws, "deadline").get_task(**ids)["runStatus"]


RUN_LIFE = [("PENDING", 60), ("STARTING", 60), ("RUNNING", 300), ("STOPPING", 60)]
LIFECYCLES = [
    (add_run, "status", [*RUN_LIFE, ("COMPLETED", 0)]),
    (add_run_task, "status", [*RUN_LIFE, ("COMPLETED", 0)]),
    (
        add_ecs_task,
        "last_status",
        [
            ("PROVISIONING", 20),
            ("PENDING", 20),
            ("ACTIVATING", 20),
            ("RUNNING", 300),
            ("DEACTIVATING", 10),
            ("STOPPING", 30),
            ("DEPROVISIONING", 20),
            ("STOPPED", 0),
        ],
    ),
    (
        add_deadline_task,
        "run_status",
        [
            ("READY", 60),
            ("ASSIGNED", 30),
            ("SCHEDULED", 30),
            ("STARTING", 30),
            ("RUNNING", 300),
            ("SUCCEEDED", 0),
        ],
    ),
]


@pytest.mark.parametrize(("add", "field", "lifecycle"), LIFECYCLES)
def test_a_whole_lifecycle(
    aws: LocalAWS, add: Callable[..., Any], field: str, lifecycle: list[tuple[str, float]]
) -> None:
    """Each status lasts its seconds exactly, and the final one for ever."""
    status = add(aws, **{field: lifecycle[0][0]})
    for name, seconds in lifecycle[:-1]:
        assert name == status()
        aws.advance(seconds - 1)
        assert name == status()
        aws.advance(1)
    for _ in range(2):
        assert lifecycle[-1][0] == status()
        aws.advance(3000)


@pytest.mark.parametrize(("add", "field", "lifecycle"), LIFECYCLES)
def test_step_by_step(
    aws: LocalAWS, add: Callable[..., Any], field: str, lifecycle: list[tuple[str, float]]
) -> None:
    """``advance()`` moves the time to the next change, and nowhere if there is none."""
    status = add(aws, **{field: lifecycle[0][0]})
    start = aws.now
    seen = [status()]
    for _ in lifecycle:
        aws.advance()
        seen.append(status())
    assert [name for name, _ in [*lifecycle, lifecycle[-1]]] == seen
    assert sum(seconds for _, seconds in lifecycle) == (aws.now - start).total_seconds()


@pytest.mark.parametrize(("add", "field", "lifecycle"), LIFECYCLES)
def test_nothing_moves_by_itself(
    aws: LocalAWS, add: Callable[..., Any], field: str, lifecycle: list[tuple[str, float]]
) -> None:
    """A status doesn't change until the test moves the time."""
    for name, _ in lifecycle:
        assert name == add(aws, **{field: name})()


def test_the_next_change_is_the_earliest(aws: LocalAWS) -> None:
    """``advance()`` moves the time to the earliest change of all resources."""
    slow, quick = add_run(aws, lasts={"RUNNING": 500}), add_run(aws, lasts={"RUNNING": 100})
    aws.advance()
    assert ("RUNNING", "STOPPING") == (slow(), quick())


def test_ends_apply_at_the_end(aws: LocalAWS, ask: Ask) -> None:
    """The fields in ``ends`` are set at the end and not before."""
    run = aws.healthomics.add_run(
        status="PENDING", ends={"status": "FAILED", "failure_reason": "RUN_TASK_FAILED"}
    )

    def get() -> Any:
        return ask(lambda client: client.get_run(run.id), **aws.client_options)

    aws.advance(479)
    assert ("STOPPING", None, None) == (
        get().status,
        get().failure_reason,
        get().stop_time,
    )
    aws.advance(1)
    assert ("FAILED", "RUN_TASK_FAILED", aws.now) == (
        get().status,
        get().failure_reason,
        get().stop_time,
    )


def test_times_are_those_of_the_changes(aws: LocalAWS) -> None:
    """Start and stop times are the times of the status changes."""
    run = aws.healthomics.add_run(status="PENDING")
    created = aws.now
    aws.advance(10_000)
    with HealthOmicsClient(**aws.client_options) as omics:
        done = omics.get_run(run.id)
    times = (done.creation_time, done.start_time, done.stop_time)
    assert (created, created + 2 * MINUTE, created + 8 * MINUTE) == times


def test_the_initial_time() -> None:
    """A PENDING run is created at the stand-in's initial time."""
    aws = LocalAWS(start=NOON)
    assert (NOON, NOON) == (aws.now, aws.healthomics.add_run(status="PENDING").creation_time)


def test_earlier_statuses_are_in_the_past(aws: LocalAWS) -> None:
    """A run that is added in a later status has past times for the earlier ones."""
    run = aws.healthomics.add_run(status="STOPPING")
    assert (aws.now - 7 * MINUTE, aws.now - 5 * MINUTE) == (run.creation_time, run.start_time)
    done = aws.healthomics.add_run(status="FAILED")
    assert aws.now == done.stop_time


def test_times_that_are_given_stay(aws: LocalAWS) -> None:
    """A given time is never replaced."""
    run = aws.healthomics.add_run(status="PENDING", start_time=NOON, creation_time=NOON)
    aws.advance(1000)
    with HealthOmicsClient(**aws.client_options) as omics:
        done = omics.get_run(run.id)
    assert (NOON, NOON, NOON + 8 * MINUTE) == (done.creation_time, done.start_time, done.stop_time)


def test_a_status_of_0_seconds_is_skipped(aws: LocalAWS) -> None:
    """A run that skips RUNNING has no start time."""
    run = aws.healthomics.add_run(
        status="STARTING", lasts={"RUNNING": 0, "STOPPING": 0}, ends={"status": "FAILED"}
    )
    aws.advance(60)
    with HealthOmicsClient(**aws.client_options) as omics:
        failed = omics.get_run(run.id)
    assert ("FAILED", None, aws.now) == (failed.status, failed.start_time, failed.stop_time)


def test_other_statuses_do_not_change(aws: LocalAWS) -> None:
    """A status outside the lifecycle, such as SUSPENDED, never changes by itself."""
    pending = add_deadline_task(aws, run_status="PENDING")
    suspended = add_deadline_task(aws, run_status="SUSPENDED")
    soon = add_deadline_task(aws, run_status="PENDING", lasts={"PENDING": 10})
    aws.advance(20)
    assert ("PENDING", "SUSPENDED", "READY") == (pending(), suspended(), soon())


def test_invalid_lifecycles(aws: LocalAWS) -> None:
    """An unknown field, an invalid status in ``lasts`` and negative seconds are errors at once."""
    unknown: Any = {"stauts": "FAILED"}
    with pytest.raises(TypeError, match="Run has no field stauts"):
        aws.healthomics.add_run(ends=unknown)
    with pytest.raises(ValueError, match="COMPLETED: lasts= takes PENDING, STARTING"):
        aws.healthomics.add_run(lasts={"COMPLETED": 3})
    with pytest.raises(ValueError, match="seconds must not be negative"):
        aws.advance(-1)


def test_stopped_ecs_tasks(aws: LocalAWS) -> None:
    """A stopped task has a code, a reason, exit codes and times; a running one has none."""
    arn = aws.ecs.add_task(last_status="PROVISIONING", desired_status="RUNNING")
    ecs = boto3_client(aws, "ecs")
    facts = ("stopCode", "stoppedReason", "stoppingAt", "executionStoppedAt", "stoppedAt")
    (task,) = ecs.describe_tasks(tasks=[arn])["tasks"]
    assert ("RUNNING", "PENDING") == (task["desiredStatus"], task["containers"][0]["lastStatus"])
    assert set() == {*facts, "startedAt"} & set(task)
    aws.advance(360)
    (task,) = ecs.describe_tasks(tasks=[arn])["tasks"]
    assert ("STOPPED", aws.now) == (task["desiredStatus"], task["stoppingAt"])
    assert "RUNNING" == task["containers"][0]["lastStatus"]
    aws.advance(60)
    (task,) = ecs.describe_tasks(tasks=[arn])["tasks"]
    assert ("EssentialContainerExited", 0) == (task["stopCode"], task["containers"][0]["exitCode"])
    assert aws.now == task["stoppedAt"]
    assert set(facts) <= set(task)


def test_ends_of_ecs_tasks(aws: LocalAWS) -> None:
    """``ends`` can set any stop code and containers."""
    containers: list[Any] = [{"name": "main", "exitCode": 137}, {"name": "log"}]
    ends: Any = {"stop_code": "TerminationNotice", "containers": containers}
    arn = aws.ecs.add_task(ends=ends, lasts={"DEACTIVATING": 0, "STOPPING": 0})
    aws.advance(1000)
    (task,) = boto3_client(aws, "ecs").describe_tasks(tasks=[arn])["tasks"]
    assert ("STOPPED", "STOPPED") == (task["desiredStatus"], task["lastStatus"])
    assert ("TerminationNotice", containers) == (task["stopCode"], task["containers"])


def described(aws: LocalAWS, arn: str) -> Any:
    (task,) = boto3_client(aws, "ecs").describe_tasks(tasks=[arn])["tasks"]
    return task


STOPS: list[Any] = [
    {"stop_code": "TaskFailedToStart"},
    {"stop_code": "TaskFailedToStart", "desired_status": "STOPPED"},
    {"ends": {"stop_code": "TaskFailedToStart"}},
    {"ends": {"stop_code": "TaskFailedToStart"}, "last_status": "PROVISIONING"},
    {"ends": {"stop_code": "TaskFailedToStart"}, "last_status": "ACTIVATING"},
    {"ends": {"stop_code": "TaskFailedToStart"}, "lasts": {"PENDING": 5, "DEPROVISIONING": 0}},
    {"ends": {"stop_code": "TaskFailedToStart"}, "lasts": {"RUNNING": 0, "ACTIVATING": 7}},
]


@pytest.mark.parametrize("fields", STOPS)
def test_ecs_tasks_can_fail_to_start(aws: LocalAWS, fields: Any) -> None:
    """A task that fails to start has no exit code and no start time."""
    arn = aws.ecs.add_task(**fields)
    seen = list[str]()
    for _ in range(len(STAGES.lasts)):
        seen.append(described(aws, arn)["lastStatus"])
        aws.advance()
    task = described(aws, arn)
    assert not {"RUNNING", "DEACTIVATING", "STOPPING"}.intersection(seen)
    assert {"startedAt", "pullStartedAt", "pullStoppedAt"}.isdisjoint(task)
    assert ("TaskFailedToStart", "STOPPED") == (task["stopCode"], task["desiredStatus"])
    times = [task[name] for name in ("createdAt", "stoppingAt", "executionStoppedAt", "stoppedAt")]
    assert times == sorted(times)
    (container,) = task["containers"]
    assert ("STOPPED", False) == (container["lastStatus"], "exitCode" in container)


@pytest.mark.parametrize("code", [*TaskStopCode, "New"])
@pytest.mark.parametrize("when", ["now", "later"])
def test_stop_codes(aws: LocalAWS, code: Any, when: str) -> None:
    """Each stop code has a reason, and only EssentialContainerExited has exit code 0."""
    if when == "now":
        arn = aws.ecs.add_task(stop_code=code)
    else:
        arn = aws.ecs.add_task(ends={"stop_code": code})
        aws.advance(1000)
    task = described(aws, arn)
    assert ("STOPPED", code) == (task["lastStatus"], task["stopCode"])
    assert (code == "EssentialContainerExited") is (task["containers"][0].get("exitCode") == 0)
    assert task["stoppedReason"]
    assert (code == "EssentialContainerExited") is (
        task["stoppedReason"] == "Essential container in task exited"
    )


def test_given_reasons_and_containers_are_kept(aws: LocalAWS) -> None:
    """A given reason and given containers are those of the stopped task."""
    containers: list[Any] = [{"name": "main", "exitCode": 137}]
    given: Any = {"stop_code": "SpotInterruption", "stopped_reason": "so", "containers": containers}
    for arn in (aws.ecs.add_task(**given), aws.ecs.add_task(ends=given)):
        aws.advance(1000)
        task = described(aws, arn)
        assert ("so", containers) == (task["stoppedReason"], task["containers"])


def test_times_of_skipped_statuses(aws: LocalAWS) -> None:
    """A time that a skipped status would set is set by the next status."""
    arn = aws.ecs.add_task(lasts={"PENDING": 0, "ACTIVATING": 0, "DEACTIVATING": 0, "STOPPING": 0})
    aws.advance(1000)
    task = described(aws, arn)
    assert task["pullStartedAt"] == task["pullStoppedAt"] == task["startedAt"]
    assert task["stoppingAt"] == task["executionStoppedAt"] < task["stoppedAt"]


@pytest.mark.parametrize("how", [{"last_status": "RUNNING"}, {"lasts": {"RUNNING": 5}}])
def test_a_running_task_can_not_fail_to_start(aws: LocalAWS, how: Any) -> None:
    """TaskFailedToStart for a task that is or will be RUNNING is a ValueError."""
    with pytest.raises(ValueError, match="TaskFailedToStart is never RUNNING"):
        aws.ecs.add_task(**how, ends={"stop_code": "TaskFailedToStart"})


def test_ends_can_not_change_ids(aws: LocalAWS) -> None:
    """An identifying field in ``ends`` is a ValueError."""
    ends: Any = {"id": "7"}
    with pytest.raises(ValueError, match="ends= can't change id"):
        aws.healthomics.add_run(ends=ends)
    ends = {"task_id": "7"}
    with pytest.raises(ValueError, match="ends= can't change task_id"):
        aws.healthomics.add_task(aws.healthomics.add_run().id, ends=ends)
    with pytest.raises(ValueError, match="ends= can't change task_id"):
        aws.deadline.add_task(ends=ends)
    ends = {"task_arn": "7"}
    with pytest.raises(ValueError, match="ends= can't change task_arn"):
        aws.ecs.add_task(ends=ends)


def test_time_has_a_zone() -> None:
    """An initial time without a time zone is a ValueError."""
    with pytest.raises(ValueError, match="start must have a time zone"):
        LocalAWS(start=datetime(2026, 1, 1))  # noqa: DTZ001 - what is refused


def test_stopped_ecs_tasks_show_for_an_hour(aws: LocalAWS) -> None:
    """An hour after it stopped, a task is neither listed nor described."""
    arn = aws.ecs.add_task(desired_status="STOPPED")
    ecs = boto3_client(aws, "ecs")
    aws.advance(3599)
    assert [arn] == ecs.list_tasks(desiredStatus="STOPPED")["taskArns"]
    assert 1 == len(ecs.describe_tasks(tasks=[arn])["tasks"])
    aws.advance(1)
    assert [] == ecs.list_tasks(desiredStatus="STOPPED")["taskArns"]
    answer = ecs.describe_tasks(tasks=[arn])
    assert ([], [{"arn": arn, "reason": "MISSING"}]) == (answer["tasks"], answer["failures"])


def test_listings_follow_the_time(aws: LocalAWS) -> None:
    """A status filter matches the current status."""
    run = aws.healthomics.add_run()
    task = aws.healthomics.add_task(run.id)
    arn = aws.ecs.add_task()
    with HealthOmicsClient(**aws.client_options) as omics, ECSClient(**aws.client_options) as ecs:
        assert 1 == len(omics.list_run_tasks(run.id, status="RUNNING").collect())
        aws.advance(600)
        assert [] == omics.list_run_tasks(run.id, status="RUNNING").collect()
        (done,) = omics.list_run_tasks(run.id, status="COMPLETED")
        assert ([], [arn]) == (
            ecs.list_tasks().collect(),
            ecs.list_tasks(desired_status="STOPPED").collect(),
        )
    assert (task.task_id, aws.now - 4 * MINUTE) == (done.task_id, done.stop_time)
