"""Parsed ECS tasks: times, secrets, names, state and reason."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime, timedelta, timezone
from itertools import product
from typing import Any

import pytest
from pydantic import ValidationError

from omics_tasks import ResponseError, TaskLike, TaskState
from omics_tasks._core.status_map import ECS_TASK
from omics_tasks.ecs import Container, ContainerOverride, Task, TaskStopCode

from ..asking import Ask, Script, json_answer

ARN = "arn:aws:ecs:us-east-1:111122223333:task/render/0cc4"


def described(ask: Ask, **members: Any) -> Any:
    script = Script(json_answer(tasks=[{"taskArn": ARN, **members}]))
    answer = ask(lambda c: c.describe_tasks(["0cc4"]), "ECS", transport=script.transport)
    return answer.tasks[0]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("0", datetime(1970, 1, 1, tzinfo=UTC)),
        ("-1.5", datetime(1969, 12, 31, 23, 59, 58, 500000, tzinfo=UTC)),
        ("1767323045", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("1767323045.123", datetime(2026, 1, 2, 3, 4, 5, 123000, tzinfo=UTC)),
        ("1.767323045123E9", datetime(2026, 1, 2, 3, 4, 5, 123000, tzinfo=UTC)),
    ],
)
def test_times_are_numbers_on_the_wire(number: str, expected: datetime) -> None:
    """Seconds since 1970 in any notation become times in UTC and are dumped as numbers."""
    task = Task.model_validate_json(f'{{"taskArn": "a", "createdAt": {number}}}')
    assert (expected, timedelta()) == (
        task.created_at,
        task.created_at and task.created_at.utcoffset(),
    )
    dumped = task.model_dump(mode="json", by_alias=True)["createdAt"]
    assert json.loads(number) == dumped


@pytest.mark.parametrize("number", ["1e300", "-1e12", "NaN", "Infinity", "true", "[1]", '"0"'])
def test_invalid_times(number: str) -> None:
    """Numbers out of range and other values are validation errors."""
    with pytest.raises(ValidationError, match="createdAt"):
        Task.model_validate_json(f'{{"taskArn": "a", "createdAt": {number}}}')


def test_an_invalid_time_is_a_response_error(ask: Ask) -> None:
    """An invalid time is a ResponseError that shows only its place."""
    with pytest.raises(ResponseError, match=r"tasks\[0\]\.createdAt: "):
        described(ask, createdAt=1e300)


def test_datetimes_stay_as_they_are() -> None:
    """Datetimes of a task made by hand are kept, and dumped as numbers or as ISO strings."""
    there = datetime(2026, 1, 2, 3, 4, 5, 250000, timezone(timedelta(hours=2)))
    task = Task.model_validate({"task_arn": ARN, "created_at": there})
    assert there is task.created_at
    assert there.timestamp() == json.loads(task.model_dump_json(by_alias=True))["createdAt"]
    iso = "2026-01-02T03:04:05.250000+02:00"
    assert iso == json.loads(task.model_dump_json())["created_at"]
    assert iso == task.model_dump(mode="json")["created_at"]
    assert there is task.model_dump()["created_at"]
    with pytest.raises(ValidationError):
        Task.model_validate({"task_arn": ARN, "created_at": there.replace(tzinfo=None)})


ENVIRONMENT = [{"name": "TOKEN", "value": "SECRET", "newKind": "SECRET"}]


def test_the_environment_is_not_in_reprs(ask: Ask) -> None:
    """Environment variables of an override are parsed and omitted from reprs."""
    task = described(
        ask, overrides={"containerOverrides": [{"name": "main", "environment": ENVIRONMENT}]}
    )
    override = task.overrides.container_overrides[0]
    assert ("TOKEN", "SECRET") == (override.environment[0].name, override.environment[0].value)
    shown = [repr(it) for it in (task, task.overrides, override, override.environment)]
    assert [] == [text for text in shown if "SECRET" in text or "TOKEN" in text]
    assert ["main" in text for text in shown] == [True, True, True, False]
    wire = task.model_dump(mode="json", by_alias=True)
    assert ENVIRONMENT == wire["overrides"]["containerOverrides"][0]["environment"]


def test_the_environment_is_in_no_error(ask: Ask) -> None:
    """An answer that can't be parsed isn't shown in the error."""
    wrong = {
        "containerOverrides": [{"environment": [{"value": "SECRET"}], "SECRET": 1, "cpu": "x"}]
    }
    with pytest.raises(ResponseError) as caught:
        described(ask, overrides=wrong)
    assert ("", False) == (caught.value.body, "SECRET" in str(caught.value))


def test_irregular_wire_names(ask: Ask) -> None:
    """``bindIP`` and ``sizeInGiB`` are parsed and dumped under these names."""
    wire = {
        "containers": [{"networkBindings": [{"bindIP": "0.0.0.0", "containerPort": 80}]}],
        "ephemeralStorage": {"sizeInGiB": 21},
        "fargateEphemeralStorage": {"sizeInGiB": 22},
    }
    task = described(ask, **wire)
    sizes = (task.ephemeral_storage.size_in_gib, task.fargate_ephemeral_storage.size_in_gib)
    assert ("0.0.0.0", 21, 22) == (task.containers[0].network_bindings[0].bind_ip, *sizes)
    assert {"taskArn": ARN, **wire} == task.model_dump(
        mode="json", by_alias=True, exclude_unset=True
    )


def test_nulls_are_absent_members(ask: Ask) -> None:
    """A null becomes None or an empty collection, and is dropped inside lists."""
    task = described(ask, containers=[None, {"gpuIds": None}], tags=None, overrides=None)
    assert ([], [], None) == (task.containers[0].gpu_ids, task.tags, task.overrides)
    assert 1 == len(task.containers)


# The state

FAILED, CANCELLED, SUCCEEDED = TaskState.FAILED, TaskState.CANCELLED, TaskState.SUCCEEDED
BY_CODE = {
    "EssentialContainerExited": FAILED,
    "InfrastructureHealth": FAILED,
    "TaskFailedToStart": FAILED,
    "ServiceSchedulerInitiated": CANCELLED,
    "SpotInterruption": CANCELLED,
    "TerminationNotice": CANCELLED,
    "UserInitiated": CANCELLED,
    "SomethingNew": FAILED,
    None: FAILED,
}
BY_EXIT_CODE = {"EssentialContainerExited", "SomethingNew", None}
"""Stop codes of tasks that succeed if their containers do."""
EXIT_CODES: list[tuple[list[int | None], bool]] = [
    ([0], True),
    ([0, 0], True),
    ([0, 1], False),
    ([0, None], False),
    ([None], False),
    ([137], False),
    ([-1, 0], False),
    ([], False),
]
"""Exit codes of a task's containers, and whether that is a success."""


def stopped(codes: list[int | None], stop_code: str | None = None, **members: Any) -> Task:
    containers = [{"name": f"c{at}", "exitCode": code} for at, code in enumerate(codes)]
    fields = {"lastStatus": "STOPPED", "stopCode": stop_code, "containers": containers, **members}
    return Task.model_validate_json(json.dumps({"taskArn": ARN, **fields}))


def test_every_stop_code_is_in_the_table() -> None:
    """Every stop code of the enum is in the table of meanings."""
    assert set(TaskStopCode) == set(BY_CODE) - {"SomethingNew", None}


@pytest.mark.parametrize("status", ["STOPPED", "DELETED"])
@pytest.mark.parametrize(("stop_code", "codes"), list(product(BY_CODE, EXIT_CODES)))
def test_the_state_of_a_stopped_task(
    status: str, stop_code: str | None, codes: tuple[list[int | None], bool]
) -> None:
    """The stop code determines the state; exit codes count if containers ended by themselves."""
    exit_codes, all_went_well = codes
    is_success = all_went_well and stop_code in BY_EXIT_CODE
    task = stopped(exit_codes, stop_code, lastStatus=status)
    assert (SUCCEEDED if is_success else BY_CODE[stop_code]) is task.state
    assert task.is_terminal


@pytest.mark.parametrize("status", [*list(ECS_TASK.states)[:-2], "NEW", None])
def test_the_state_of_a_running_task(status: str | None) -> None:
    """Before a task has stopped, its status alone determines the state."""
    task = stopped([0], "EssentialContainerExited", lastStatus=status)
    expected = ECS_TASK.states.get(status or "", TaskState.UNKNOWN)
    assert (expected, expected, False) == (
        task.state,
        task.state_if_essential("c0"),
        task.is_terminal,
    )


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("c0",), SUCCEEDED),
        (("c1",), FAILED),
        (("c2",), FAILED),
        (("c0", "c1"), FAILED),
        (("c0", "c3"), SUCCEEDED),
        (("c0", "elsewhere"), FAILED),
        ((), FAILED),
    ],
)
def test_the_state_by_the_essential_containers(names: tuple[str, ...], expected: TaskState) -> None:
    """Only the named containers count; a missing one, or none at all, isn't a success."""
    task = stopped([0, 1, None, 0], "EssentialContainerExited")
    assert (expected, FAILED) == (task.state_if_essential(*names), task.state)
    judged = task.with_essential(*names)
    assert (expected, FAILED) == (judged.state, task.state)
    assert expected is pickle.loads(pickle.dumps(judged)).state
    assert expected is judged.model_copy().state


@pytest.mark.parametrize("stop_code", sorted(map(str, BY_CODE.keys() - BY_EXIT_CODE)))
def test_stop_codes_precede_essential_containers(stop_code: str) -> None:
    """A stop code takes precedence over the exit codes of essential containers."""
    assert BY_CODE[stop_code] is stopped([0, 1], stop_code).with_essential("c0").state


def test_a_missing_essential_container() -> None:
    """The reason names a missing container once the task has ended."""
    names = ("c0", "mian")
    assert "it has no container mian" == stopped([0]).with_essential(*names).reason
    assert None is stopped([0], lastStatus="RUNNING").with_essential(*names).reason


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({}, None),
        ({"containers": [{"name": "main"}, {"name": "log", "exitCode": 0, "reason": "x"}]}, None),
        ({"stoppedReason": "Someone said so"}, "Someone said so"),
        ({"stopCode": "SpotInterruption"}, "SpotInterruption"),
        ({"stopCode": "UserInitiated", "stoppedReason": "Bye"}, "Bye"),
        (
            {
                "stoppedReason": "Container exited",
                "containers": [
                    {"exitCode": 0},
                    {"name": "main", "exitCode": 137, "reason": "OOM: killed"},
                    {"name": "proxy", "exitCode": 1},
                    {"name": "log", "reason": "no image"},
                ],
            },
            "Container exited; main: exit code 137, OOM: killed; proxy: exit code 1; log: no image",
        ),
    ],
)
def test_the_reason(members: dict[str, Any], reason: str | None) -> None:
    """The reason has the task's and the failed containers' reasons."""
    task = Task.model_validate_json(json.dumps({"taskArn": ARN, **members}))
    assert reason == task.reason


def test_common_names_of_times() -> None:
    """A task has the common names of times."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    task: TaskLike = Task(
        task_arn=Task.model_validate({"task_arn": ARN}).task_arn,
        created_at=start,
        started_at=start + timedelta(seconds=5),
        stopped_at=start + timedelta(seconds=65),
        containers=[Container(name="main")],
    )
    assert (start, timedelta(minutes=1)) == (task.created_time, task.duration)
    assert start + timedelta(seconds=65) == task.ended_time


def test_new_members_of_an_override_do_not_show() -> None:
    """Unknown members of a container override are kept and omitted from reprs."""
    override = ContainerOverride.model_validate({"name": "main", "environmentNew": "SECRET"})
    assert {"environmentNew": "SECRET"} == override.model_extra
    assert "ContainerOverride(name='main'" in repr(override)
    assert "SECRET" not in repr(override)
