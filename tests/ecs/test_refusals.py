"""Tasks that can't be described, wherever they are described: each name is accounted for."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from omics_tasks import AccessDeniedException, ResponseError, ServiceError
from omics_tasks.ecs import DescribedTasks

from ..asking import Ask, Script, json_answer, partial_of, take

WAYS: Any = {
    "wait": lambda client, names: client.wait_for_tasks(names),
    "watch": lambda client, names: take(client.watch_tasks(names)),
    "iterate": lambda client, _: take(client.iter_tasks()),
}


def refused(*reasons: str | None) -> list[httpx.Response]:
    """A listing of four tasks, of which the last ones are refused for these reasons."""
    names = list("abcd")
    found = names[: len(names) - len(reasons)]
    failures = [
        {"arn": name, "reason": reason, "detail": "by policy"}
        for name, reason in zip(names[len(found) :], reasons, strict=True)
        if reason
    ]
    tasks = [{"taskArn": name, "lastStatus": "STOPPED"} for name in found]
    return [json_answer(taskArns=names), json_answer(tasks=tasks, failures=failures)]


def arns(partial: Any) -> list[str]:
    return [task.task_arn for task in getattr(partial, "tasks", partial)]


@pytest.mark.parametrize("way", WAYS)
def test_a_task_that_is_refused(ask: Ask, way: str) -> None:
    """A failure other than MISSING is an error at once, which has what was read beside it."""
    listed, described = refused("MISSING", "ACCESS_DENIED", "ACCESS_DENIED")
    script = Script(*([listed] if way == "iterate" else []), described)
    with pytest.raises(AccessDeniedException) as caught:
        ask(lambda c: WAYS[way](c, list("abcd")), "ECS", transport=script.transport)
    error = caught.value
    assert ("ecs", "DescribeTasks", "ACCESS_DENIED", 200) == (
        error.service, error.operation, error.code, error.status,
    )  # fmt: skip
    assert "c can't be described, and 1 more: by policy" == error.message
    assert ["a"] == arns(partial_of(error))
    expected = list if way == "iterate" else DescribedTasks
    assert expected is type(partial_of(error))


@pytest.mark.parametrize("way", WAYS)
def test_a_task_that_is_refused_for_a_new_reason(ask: Ask, way: str) -> None:
    """A reason that nobody knows is a ServiceError with that code."""
    listed, described = refused("SOMETHING_NEW")
    script = Script(*([listed] if way == "iterate" else []), described)
    with pytest.raises(ServiceError, match="SOMETHING_NEW: d can't be described") as caught:
        ask(lambda c: WAYS[way](c, list("abcd")), "ECS", transport=script.transport)
    assert ["a", "b", "c"] == arns(partial_of(caught.value))


@pytest.mark.parametrize("way", WAYS)
def test_a_task_that_is_left_out(ask: Ask, way: str) -> None:
    """An answer that says nothing of a task is an error, and not a task that is missing."""
    listed, described = refused(None)
    script = Script(*([listed] if way == "iterate" else []), described)
    with pytest.raises(ResponseError, match="leaves out 1 of the 4 requested tasks, such as d"):
        ask(lambda c: WAYS[way](c, list("abcd")), "ECS", transport=script.transport)
