"""Tasks that can't be described: each requested name is accounted for."""

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


def listing_with_failures(*reasons: str | None) -> list[httpx.Response]:
    """Return a listing of four tasks, the last of which fail for these reasons."""
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
def test_a_failure_other_than_missing(ask: Ask, way: str) -> None:
    """A failure other than MISSING is an error, which holds the described tasks."""
    listed, described = listing_with_failures("MISSING", "ACCESS_DENIED", "ACCESS_DENIED")
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
def test_an_unknown_failure_reason(ask: Ask, way: str) -> None:
    """An unknown failure reason is a ServiceError with that code."""
    listed, described = listing_with_failures("SOMETHING_NEW")
    script = Script(*([listed] if way == "iterate" else []), described)
    with pytest.raises(ServiceError, match="SOMETHING_NEW: d can't be described") as caught:
        ask(lambda c: WAYS[way](c, list("abcd")), "ECS", transport=script.transport)
    assert ["a", "b", "c"] == arns(partial_of(caught.value))


@pytest.mark.parametrize("way", WAYS)
def test_an_omitted_task(ask: Ask, way: str) -> None:
    """An answer without a requested task is an error and doesn't mean that it is missing."""
    listed, described = listing_with_failures(None)
    script = Script(*([listed] if way == "iterate" else []), described)
    with pytest.raises(ResponseError, match="leaves out 1 of the 4 requested tasks, such as d"):
        ask(lambda c: WAYS[way](c, list("abcd")), "ECS", transport=script.transport)
