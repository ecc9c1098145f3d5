"""Batches of tasks: few requests, in order, with retries of throttled items."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from pydantic.alias_generators import to_camel

from omics_tasks import (
    AccessDeniedException,
    ParamValidationError,
    ResponseError,
    RetryPolicy,
    ThrottlingException,
)
from omics_tasks.deadline import BatchTaskErrorCode, TaskBatch, TaskId

from ..asking import Ask, Script, json_answer, partial_of
from .farm import IDS, Farm, numbered, numbers


def get(farm: Farm, ids: Any, **options: Any) -> TaskBatch:
    batch: TaskBatch = farm.ask(lambda client: client.batch_get_tasks(ids), **options)
    return batch


def requested(farm: Farm) -> list[list[int]]:
    """Return the numbers of the tasks in each request."""
    items = farm.sent("identifiers")
    return [[int(each["taskId"].rpartition("-")[2]) for each in request] for request in items]


class RecordingPolicy:
    """A policy that doesn't wait and records its delays."""

    def __init__(self, max_attempts: int = 3) -> None:
        self.pauses: list[float] = []
        self.policy = RetryPolicy(
            max_attempts=max_attempts, sleep=self.pauses.append, random=lambda: 0.5
        )


def test_a_hundred_a_request(farm: Farm) -> None:
    """250 tasks take three requests and are returned in the given order."""
    ids = farm.add(250)[::-1]
    batch = get(farm, ids)
    assert ids == [task.ids for task in batch.tasks]
    assert [100, 100, 50] == [len(request) for request in requested(farm)]
    assert [] == batch.errors


def test_a_task_equals_that_of_get_task(farm: Farm) -> None:
    """A task of a batch equals that of ``get_task`` and has its ids."""
    (ids,) = farm.add(1, run_status="FAILED")
    (task,) = get(farm, [ids]).tasks
    alone = farm.ask(lambda client: client.get_task(*ids))
    assert dict(alone) == {name: value for name, value in task if name in type(alone).model_fields}
    assert (ids, "FAILED") == (task.ids, task.state)


@pytest.mark.parametrize(
    "make",
    [
        list,
        tuple,
        set,
        iter,
        lambda ids: (each for each in ids),
        lambda ids: map(tuple, ids),
        lambda ids: dict.fromkeys(ids).keys(),
    ],
    ids=["list", "tuple", "set", "iterator", "generator", "plain tuples", "keys"],
)
def test_any_iterable_of_ids(farm: Farm, make: Any) -> None:
    """Ids may come from any iterable, as TaskIds or plain tuples."""
    assert {0, 1, 2} == set(numbers(get(farm, make(farm.add(3))).tasks))


def test_duplicate_ids(farm: Farm) -> None:
    """An id that is given twice is requested and returned once, at its first position."""
    first, second = farm.add(2)
    batch = get(farm, [second, first, second, tuple(first)])
    assert [1, 0] == numbers(batch.tasks)
    assert [[1, 0]] == requested(farm)


def test_no_ids(farm: Farm) -> None:
    """Without ids nothing is sent, and the batch is empty."""
    assert TaskBatch(tasks=[], errors=[]) == get(farm, [])
    assert [] == farm.aws.requests


def test_errors_are_separate(farm: Farm) -> None:
    """Missing tasks are errors in the given order with the service's message."""
    (there,) = farm.add(1)
    elsewhere = IDS._replace(queue_id="queue-" + "9" * 32)
    batch = get(farm, [elsewhere, there, numbered(7)])
    assert [there] == [task.ids for task in batch.tasks]
    assert [elsewhere, numbered(7)] == [error.ids for error in batch.errors]
    assert {BatchTaskErrorCode.RESOURCE_NOT_FOUND} == {error.code for error in batch.errors}
    assert "There is no queue queue-999" in batch.errors[0].message
    assert 1 == len(farm.aws.requests)


def test_errors_are_in_order_whenever_they_came(farm: Farm) -> None:
    """An error of a later request has the position of its task."""
    farm.add(1)
    farm.aws.deadline.throttle_items(1)
    batch = get(farm, [numbered(8), numbered(9)], retries=RecordingPolicy().policy)
    assert [8, 9] == numbers(batch.errors)


def test_throttled_items_are_retried(farm: Farm) -> None:
    """Throttled items are requested again together after the policy's delays."""
    ids = farm.add(150)
    farm.aws.deadline.throttle_items(120 + 30)
    recording = RecordingPolicy(max_attempts=4)
    batch = get(farm, ids, retries=recording.policy)
    assert list(range(150)) == numbers(batch.tasks)
    assert [] == batch.errors
    everything = list(range(150))
    assert [everything[:100], everything[100:], everything[:100], everything[100:]] == requested(
        farm
    )
    assert [0.5] == recording.pauses


def test_only_throttled_items_are_retried(farm: Farm) -> None:
    """Other items are requested once, and delays grow."""
    ids = [numbered(99), *farm.add(5)]
    farm.aws.deadline.throttle_items(4)
    recording = RecordingPolicy(max_attempts=4)
    batch = get(farm, ids, retries=recording.policy)
    assert [99, 0, 1, 2, 3, 4] == requested(farm)[0]
    assert [[99, 0, 1, 2]] == requested(farm)[1:]
    assert [0, 1, 2, 3, 4] == numbers(batch.tasks)
    assert [99] == numbers(batch.errors)
    assert [0.5] == recording.pauses


def test_delays_grow(farm: Farm) -> None:
    """Each delay is the policy's for the next throttled attempt."""
    ids = farm.add(1)
    farm.aws.deadline.throttle_items(3)
    recording = RecordingPolicy(max_attempts=4)
    assert [0] == numbers(get(farm, ids, retries=recording.policy).tasks)
    assert [0.5, 1.0, 2.0] == recording.pauses


@pytest.mark.parametrize("max_attempts", [1, 3])
def test_items_that_stay_throttled(farm: Farm, max_attempts: int) -> None:
    """A task that is throttled in all attempts is an error."""
    ids = farm.add(3)
    recording = RecordingPolicy(max_attempts)
    farm.aws.deadline.throttle_items(2 * max_attempts + 1)
    batch = get(farm, ids, retries=recording.policy)
    assert max_attempts == len(farm.aws.requests)
    assert max_attempts - 1 == len(recording.pauses)
    assert {BatchTaskErrorCode.THROTTLING} == {error.code for error in batch.errors}
    assert 3 == len(batch.tasks) + len(batch.errors)


def test_a_request_that_is_throttled(farm: Farm) -> None:
    """A throttled request is retried like any other and raises in the end."""
    ids = farm.add(2)
    farm.aws.fail_next("throttling")
    recording = RecordingPolicy()
    assert [0, 1] == numbers(get(farm, ids, retries=recording.policy).tasks)
    farm.aws.fail_next("throttling", times=3)
    with pytest.raises(ThrottlingException):
        get(farm, ids, retries=recording.policy)


WRONG: list[Any] = [
    numbered(0)._replace(farm_id="farm", task_id="task"),
    ("farm", "queue"),
    "a text",
    numbered(1),
]


def test_all_is_checked_before_anything_is_sent(farm: Farm) -> None:
    """An invalid id among many is named by its position, and nothing is sent."""
    ids: list[Any] = [*farm.add(200), *WRONG]
    with pytest.raises(ParamValidationError) as caught:
        get(farm, ids)
    assert ["ids[200].farm_id", "ids[200].task_id", "ids[201]", "ids[202]"] == [
        problem.argument for problem in caught.value.problems
    ]
    assert "must be a tuple of farm_id, queue_id" in caught.value.problems[2].rule
    assert [] == farm.aws.requests


@pytest.mark.parametrize("ids", [5, None, "farm", IDS._asdict()])
def test_ids_of_a_wrong_type(farm: Farm, ids: Any) -> None:
    """A value that is no collection of ids is a ParamValidationError."""
    with pytest.raises(ParamValidationError, match="ids"):
        get(farm, ids)


def test_a_task_id_by_name() -> None:
    """The fields of TaskId are the arguments of ``get_task``."""
    assert ("farm_id", "queue_id", "job_id", "step_id", "task_id") == TaskId._fields


def item(ids: TaskId, code: str | None = None) -> dict[str, str]:
    """Return a task of an answer, or an error if there is a code."""
    names = [to_camel(name) for name in TaskId._fields]
    task = {"createdAt": "2026-01-01T00:00:00Z", "createdBy": "ann", "runStatus": "READY"}
    error = {"code": code or "", "message": "not now"}
    return {**dict(zip(names, ids, strict=True)), **(error if code else task)}


def test_an_answer_that_omits_tasks(ask: Ask) -> None:
    """An answer without a requested task is an error that holds the other tasks."""
    script = Script(json_answer(tasks=[item(numbered(0))], errors=[]))
    ids = [numbered(0), numbered(1)]
    with pytest.raises(ResponseError, match="leaves out 1 of the 2 requested tasks") as caught:
        ask(lambda c: c.batch_get_tasks(ids), "Deadline", transport=script.transport)
    assert [0] == numbers(partial_of(caught.value).tasks)


def test_a_second_answer_that_omits_tasks(ask: Ask) -> None:
    """A throttled task that the next answer omits is a ResponseError."""
    script = Script(
        json_answer(tasks=[], errors=[item(IDS, "ThrottlingException")]),
        json_answer(tasks=[], errors=[]),
    )
    with pytest.raises(ResponseError, match="leaves out 1 of the 1 requested tasks"):
        ask(
            lambda c: c.batch_get_tasks([IDS]),
            "Deadline",
            transport=script.transport,
            retries=RecordingPolicy().policy,
        )


def test_server_errors_are_retried(ask: Ask) -> None:
    """An item with a server error is requested again after the delay for server errors."""
    code = "InternalServerErrorException"
    script = Script(
        json_answer(
            tasks=[item(numbered(0))],
            errors=[item(numbered(1), code), item(numbered(2), "ValidationException")],
        ),
        json_answer(tasks=[item(numbered(1))], errors=[]),
    )
    recording = RecordingPolicy()
    batch = ask(
        lambda c: c.batch_get_tasks(map(numbered, range(3))),
        "Deadline",
        transport=script.transport,
        retries=recording.policy,
    )
    assert ([0, 1], [2]) == (numbers(batch.tasks), numbers(batch.errors))
    assert [0.025] == recording.pauses


def test_items_with_persistent_server_errors(ask: Ask) -> None:
    """An item with a server error in all attempts is an error."""
    code = "InternalServerErrorException"
    script = Script(json_answer(tasks=[], errors=[item(IDS, code)]))
    recording = RecordingPolicy(max_attempts=3)
    batch = ask(
        lambda c: c.batch_get_tasks([IDS]),
        "Deadline",
        transport=script.transport,
        retries=recording.policy,
    )
    assert ([BatchTaskErrorCode.INTERNAL_SERVER_ERROR], 3) == (
        [error.code for error in batch.errors],
        len(script.requests),
    )


def test_an_error_has_the_earlier_tasks(ask: Ask) -> None:
    """If a later request fails, the error holds the earlier tasks and errors."""
    ids = [numbered(each) for each in range(150)]
    errors = [item(ids[0], "ThrottlingException"), item(ids[1], "ValidationException")]
    script = Script(
        json_answer(tasks=[item(each) for each in ids[2:100]], errors=errors),
        json_answer(403, code="AccessDeniedException", message="no"),
    )
    with pytest.raises(AccessDeniedException) as caught:
        ask(lambda c: c.batch_get_tasks(ids), "Deadline", transport=script.transport)
    partial = partial_of(caught.value)
    assert list(range(2, 100)) == numbers(partial.tasks)
    assert [0, 1] == numbers(partial.errors)
    assert partial == partial_of(pickle.loads(pickle.dumps(caught.value)))
    assert str(caught.value).endswith("AccessDeniedException: no (HTTP 403)")
