"""Arguments are checked before anything is sent."""

from __future__ import annotations

from typing import Any

import pytest

from omics_tasks import OmicsTasksError, ParamValidationError
from omics_tasks.ecs import DesiredStatus
from omics_tasks.healthomics import RunTaskStatus

from .asking import Ask, Script, ask_sync, json_answer

HEX = "0123456789abcdef" * 2
DEADLINE_IDS = {
    "farm_id": f"farm-{HEX}",
    "queue_id": f"queue-{HEX}",
    "job_id": f"job-{HEX}",
    "step_id": f"step-{HEX}",
    "task_id": f"task-{HEX}-0",
}

BAD = [
    ("HealthOmics", "get_run", {"run_id": ""}, ["run_id"]),
    ("HealthOmics", "get_run", {"run_id": None}, ["run_id"]),
    ("HealthOmics", "get_run", {"run_id": 1234567}, ["run_id"]),
    ("HealthOmics", "get_run", {"run_id": "12a"}, ["run_id"]),
    ("HealthOmics", "get_run", {"run_id": "1\n"}, ["run_id"]),
    ("HealthOmics", "get_run", {"run_id": "../task"}, ["run_id"]),
    ("HealthOmics", "get_run", {"run_id": "1" * 19}, ["run_id"]),
    ("HealthOmics", "get_run", {"run_id": "1", "export": "DEFINITION"}, ["export"]),
    ("HealthOmics", "get_run", {"run_id": "1", "export": ["X"]}, ["export[0]"]),
    ("HealthOmics", "get_run", {"run_id": "1", "export": ["DEFINITION"] * 33}, ["export"]),
    ("HealthOmics", "list_run_tasks", {"run_id": "x", "status": "DONE"}, ["run_id", "status"]),
    ("HealthOmics", "get_run_task", {"run_id": "x", "task_id": "y"}, ["run_id", "task_id"]),
    ("ECS", "list_tasks", {"desired_status": "running"}, ["desired_status"]),
    ("ECS", "list_tasks", {"launch_type": "LAMBDA", "page_size": 0}, ["page_size", "launch_type"]),
    ("ECS", "list_tasks", {"cluster": 5}, ["cluster"]),
    ("ECS", "list_tasks", {"started_by": "me", "family": "f"}, ["started_by"]),
    ("ECS", "list_tasks", {"started_by": "me", "desired_status": "STOPPED"}, ["started_by"]),
    ("ECS", "list_tasks", {"started_by": "x", "family": "f", "max_items": -1},
     ["max_items", "started_by"]),
    ("ECS", "list_tasks", {"started_by": "x", "desired_status": "BAD"},
     ["desired_status", "started_by"]),
    ("HealthOmics", "list_run_tasks", {"run_id": "1", "starting_token": "~" + "9" * 5000 + "~"},
     ["starting_token"]),
    ("Deadline", "get_task", {**DEADLINE_IDS, "farm_id": f"farm-{HEX}0"}, ["farm_id"]),
    ("Deadline", "get_task", {**DEADLINE_IDS, "task_id": f"task-{HEX}-01"}, ["task_id"]),
    ("Deadline", "get_task", dict.fromkeys(DEADLINE_IDS, "x"), list(DEADLINE_IDS)),
]  # fmt: skip


@pytest.mark.parametrize(("service", "method", "arguments", "wrong"), BAD)
def test_bad_arguments_are_all_named_and_nothing_is_sent(
    ask: Ask, service: str, method: str, arguments: dict[str, Any], wrong: list[str]
) -> None:
    """One error names all invalid arguments, and no request is sent."""
    script = Script(json_answer())
    with pytest.raises(ParamValidationError) as caught:
        ask(
            lambda client: getattr(client, method)(**arguments),
            service,
            transport=script.transport,
        )
    assert wrong == [problem.argument for problem in caught.value.problems]
    assert all(problem.rule for problem in caught.value.problems)
    assert [] == script.requests


def test_the_message_says_the_operation_the_argument_and_its_rule() -> None:
    """The message has the operation, the argument and its rule."""
    error = ParamValidationError("omics", "GetRun", ())
    assert "omics GetRun: invalid arguments" == str(error)
    with pytest.raises(OmicsTasksError, match=r"omics GetRun: invalid arguments\n  run_id: .*18"):
        ask_sync(lambda client: client.get_run("1" * 19))


@pytest.mark.parametrize(
    ("service", "method", "arguments", "target"),
    [
        ("HealthOmics", "get_run", {"run_id": "12", "export": ["DEFINITION"]},
         "/run/12?export=DEFINITION"),
        ("HealthOmics", "get_run", {"run_id": "12", "export": []}, "/run/12"),
        ("HealthOmics", "list_run_tasks",
         {"run_id": "12", "status": RunTaskStatus.FAILED, "page_size": 5},
         "/run/12/task?maxResults=5&status=FAILED"),
        ("HealthOmics", "list_run_tasks", {"run_id": "12", "starting_token": "a b/ü+"},
         "/run/12/task?startingToken=a%20b%2F%C3%BC%2B"),
        ("HealthOmics", "get_run_task", {"run_id": "12", "task_id": "34"}, "/run/12/task/34"),
        ("ECS", "list_tasks", {"desired_status": DesiredStatus.STOPPED}, "/"),
        ("ECS", "list_tasks", {"started_by": "me", "cluster": "render"}, "/"),
        ("Deadline", "get_task", DEADLINE_IDS,
         (f"/2023-10-12/farms/farm-{HEX}/queues/queue-{HEX}/jobs/job-{HEX}/steps/step-{HEX}"
          f"/tasks/task-{HEX}-0")),
    ],
)  # fmt: skip
def test_good_arguments_are_sent_where_they_belong(
    ask: Ask, service: str, method: str, arguments: dict[str, Any], target: str
) -> None:
    """Literals, enum members, sequences and special characters are sent in path and query."""
    script = Script(
        json_answer(
            id="12",
            taskId="34",
            createdAt="2026-01-01T00:00:00Z",
            createdBy="x",
            runStatus="READY",
            items=[],
            taskArns=[],
        )
    )

    def call(client: Any) -> Any:
        answer = getattr(client, method)(**arguments)
        return answer.collect() if hasattr(answer, "collect") else answer

    ask(call, service, transport=script.transport)
    assert [target] == [request.url.raw_path.decode() for request in script.requests]
