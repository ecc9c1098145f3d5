"""Time that a test holds, and the lives of runs and tasks in it."""

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
LIVES = [
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


@pytest.mark.parametrize(("add", "field", "life"), LIVES)
def test_a_whole_life(
    aws: LocalAWS, add: Callable[..., Any], field: str, life: list[tuple[str, float]]
) -> None:
    """Each status lasts its time to the second, and the last one for ever."""
    status = add(aws, **{field: life[0][0]})
    for name, seconds in life[:-1]:
        assert name == status()
        aws.advance(seconds - 1)
        assert name == status()
        aws.advance(1)
    for _ in range(2):
        assert life[-1][0] == status()
        aws.advance(3000)


@pytest.mark.parametrize(("add", "field", "life"), LIVES)
def test_step_by_step(
    aws: LocalAWS, add: Callable[..., Any], field: str, life: list[tuple[str, float]]
) -> None:
    """Without seconds, time goes to the next change, and stands still where there is none."""
    status = add(aws, **{field: life[0][0]})
    start = aws.now
    seen = [status()]
    for _ in life:
        aws.advance()
        seen.append(status())
    assert [name for name, _ in [*life, life[-1]]] == seen
    assert sum(seconds for _, seconds in life) == (aws.now - start).total_seconds()


@pytest.mark.parametrize(("add", "field", "life"), LIVES)
def test_nothing_moves_by_itself(
    aws: LocalAWS, add: Callable[..., Any], field: str, life: list[tuple[str, float]]
) -> None:
    """What is added in a status is in it until the test moves the time on."""
    for name, _ in life:
        assert name == add(aws, **{field: name})()


def test_the_next_change_is_that_of_whatever_changes_first(aws: LocalAWS) -> None:
    """Among several things, time goes to the first change of any of them."""
    slow, quick = add_run(aws, lasts={"RUNNING": 500}), add_run(aws, lasts={"RUNNING": 100})
    aws.advance()
    assert ("RUNNING", "STOPPING") == (slow(), quick())


def test_what_it_ends_with(aws: LocalAWS, ask: Ask) -> None:
    """The fields of the end come at the end, and not before."""
    run = aws.healthomics.add_run(
        status="PENDING", ends={"status": "FAILED", "failure_reason": "RUN_TASK_FAILED"}
    )

    def asked() -> Any:
        return ask(lambda client: client.get_run(run.id), **aws.client_options)

    aws.advance(479)
    assert ("STOPPING", None, None) == (
        asked().status,
        asked().failure_reason,
        asked().stop_time,
    )
    aws.advance(1)
    assert ("FAILED", "RUN_TASK_FAILED", aws.now) == (
        asked().status,
        asked().failure_reason,
        asked().stop_time,
    )


def test_times_are_those_of_the_changes(aws: LocalAWS) -> None:
    """A run that went through its life here was started and stopped when its status changed."""
    run = aws.healthomics.add_run(status="PENDING")
    created = aws.now
    aws.advance(10_000)
    with HealthOmicsClient(**aws.client_options) as omics:
        done = omics.get_run(run.id)
    times = (done.creation_time, done.start_time, done.stop_time)
    assert (created, created + 2 * MINUTE, created + 8 * MINUTE) == times


def test_time_starts_where_the_test_says() -> None:
    """What is added PENDING is created at the time at which the stand-in starts."""
    aws = LocalAWS(start=NOON)
    assert (NOON, NOON) == (aws.now, aws.healthomics.add_run(status="PENDING").creation_time)


def test_what_was_before_lies_in_the_past(aws: LocalAWS) -> None:
    """A run that is added in the middle of its life has the times of what must have been."""
    run = aws.healthomics.add_run(status="STOPPING")
    assert (aws.now - 7 * MINUTE, aws.now - 5 * MINUTE) == (run.creation_time, run.start_time)
    done = aws.healthomics.add_run(status="FAILED")
    assert aws.now == done.stop_time


def test_times_that_are_given_stay(aws: LocalAWS) -> None:
    """A time that the test gave is not made up again, at whatever status."""
    run = aws.healthomics.add_run(status="PENDING", start_time=NOON, creation_time=NOON)
    aws.advance(1000)
    with HealthOmicsClient(**aws.client_options) as omics:
        done = omics.get_run(run.id)
    assert (NOON, NOON, NOON + 8 * MINUTE) == (done.creation_time, done.start_time, done.stop_time)


def test_a_status_that_lasts_no_time_is_left_out(aws: LocalAWS) -> None:
    """A run can end before it runs; it then was never started."""
    run = aws.healthomics.add_run(
        status="STARTING", lasts={"RUNNING": 0, "STOPPING": 0}, ends={"status": "FAILED"}
    )
    aws.advance(60)
    with HealthOmicsClient(**aws.client_options) as omics:
        failed = omics.get_run(run.id)
    assert ("FAILED", None, aws.now) == (failed.status, failed.start_time, failed.stop_time)


def test_a_status_beside_the_way_stays(aws: LocalAWS) -> None:
    """What waits for others, or was suspended, does so until the test says more."""
    pending = add_deadline_task(aws, run_status="PENDING")
    suspended = add_deadline_task(aws, run_status="SUSPENDED")
    soon = add_deadline_task(aws, run_status="PENDING", lasts={"PENDING": 10})
    aws.advance(20)
    assert ("PENDING", "SUSPENDED", "READY") == (pending(), suspended(), soon())


def test_what_is_wrong_is_said_when_it_is_added(aws: LocalAWS) -> None:
    """A misspelt end or a status that a run doesn't go through is refused at once."""
    unknown: Any = {"stauts": "FAILED"}
    with pytest.raises(TypeError, match="Run has no field stauts"):
        aws.healthomics.add_run(ends=unknown)
    with pytest.raises(ValueError, match="COMPLETED: lasts= takes PENDING, STARTING"):
        aws.healthomics.add_run(lasts={"COMPLETED": 3})
    with pytest.raises(ValueError, match="time does not go back"):
        aws.advance(-1)


def test_ecs_tasks_tell_their_end(aws: LocalAWS) -> None:
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


def test_ecs_tasks_can_end_badly(aws: LocalAWS) -> None:
    """The end can be any: here a container that was killed, and one whose code is not known."""
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
    """One that fails to start never runs: it has no exit code, and no time of what never was."""
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
def test_a_stop_code_has_its_own_end(aws: LocalAWS, code: Any, when: str) -> None:
    """Only a task whose container ended by itself has exit code 0; every end has its reason."""
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


def test_what_is_given_of_an_end_stays(aws: LocalAWS) -> None:
    """A reason and containers that the test gives are those of the stopped task."""
    containers: list[Any] = [{"name": "main", "exitCode": 137}]
    given: Any = {"stop_code": "SpotInterruption", "stopped_reason": "so", "containers": containers}
    for arn in (aws.ecs.add_task(**given), aws.ecs.add_task(ends=given)):
        aws.advance(1000)
        task = described(aws, arn)
        assert ("so", containers) == (task["stoppedReason"], task["containers"])


def test_what_is_passed_over_leaves_no_gap(aws: LocalAWS) -> None:
    """Where a status is left out, what begins with it begins with the next."""
    arn = aws.ecs.add_task(lasts={"PENDING": 0, "ACTIVATING": 0, "DEACTIVATING": 0, "STOPPING": 0})
    aws.advance(1000)
    task = described(aws, arn)
    assert task["pullStartedAt"] == task["pullStoppedAt"] == task["startedAt"]
    assert task["stoppingAt"] == task["executionStoppedAt"] < task["stoppedAt"]


@pytest.mark.parametrize("how", [{"last_status": "RUNNING"}, {"lasts": {"RUNNING": 5}}])
def test_what_runs_has_started(aws: LocalAWS, how: Any) -> None:
    """A task that is RUNNING, or is to be, can't fail to start."""
    with pytest.raises(ValueError, match="TaskFailedToStart is never RUNNING"):
        aws.ecs.add_task(**how, ends={"stop_code": "TaskFailedToStart"})


def test_an_end_renames_nothing(aws: LocalAWS) -> None:
    """What says which run or task it is stays to its end."""
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
    """A start without a zone, which is at no time, is refused."""
    with pytest.raises(ValueError, match="start must have a time zone"):
        LocalAWS(start=datetime(2026, 1, 1))  # noqa: DTZ001 - what is refused


def test_stopped_ecs_tasks_show_for_an_hour(aws: LocalAWS) -> None:
    """Then they are neither listed nor described."""
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
    """A filter by status finds what has it now."""
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
