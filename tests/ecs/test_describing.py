"""Describing any number of tasks: a hundred a request, in the order asked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from omics_tasks import ParamValidationError, RetryPolicy
from omics_tasks.ecs import ClientException, ClusterNotFoundException
from omics_tasks.testing import LocalAWS

from ..asking import Ask, Script, json_answer
from ..patience import Patient


@pytest.fixture
def patient(ask: Ask) -> Patient:
    return Patient(ask)


def describe(patient: Patient, *tasks: Any, **options: Any) -> Any:
    return patient.ask(lambda c: c.describe_tasks(*tasks, **options), "ECS")


def sizes(aws: LocalAWS) -> list[int]:
    """How many tasks each request asked for."""
    asked: list[Any] = [request.parameters["tasks"] for request in aws.requests]
    return [len(tasks) for tasks in asked]


def test_any_number_in_the_order_asked(patient: Patient) -> None:
    """250 tasks, by ARN and by id, are three requests, and come in the order asked."""
    arns = [patient.aws.ecs.add_task() for _ in range(250)]
    names = [arn.task_id if at % 2 else arn for at, arn in enumerate(reversed(arns))]
    answer = describe(patient, iter(names))
    assert arns[::-1] == [task.task_arn for task in answer.tasks]
    assert ([100, 100, 50], []) == (sizes(patient.aws), answer.failures)


def test_the_order_is_not_the_services(ask: Ask) -> None:
    """However the service orders its answer, what was asked for first comes first."""
    script = Script(json_answer(tasks=[{"taskArn": f"arn/{each}"} for each in "xcab"]))
    answer = ask(lambda c: c.describe_tasks(["a", "b", "c"]), "ECS", transport=script.transport)
    assert ["arn/a", "arn/b", "arn/c", "arn/x"] == [task.task_arn for task in answer.tasks]


def test_each_is_asked_for_once(patient: Patient) -> None:
    """A name that is given twice is sent once and answered once, where it stands first."""
    first, second = (patient.aws.ecs.add_task() for _ in range(2))
    answer = describe(patient, [second, first, second, *[first] * 200])
    assert [second, first] == [task.task_arn for task in answer.tasks]
    assert [2] == sizes(patient.aws)


def test_two_names_of_one_task(patient: Patient) -> None:
    """A task that is asked for by its id and by its ARN stands where the first of them does."""
    first, second = (patient.aws.ecs.add_task() for _ in range(2))
    answer = describe(patient, [first.task_id, second, first])
    assert [first, second] == list(dict.fromkeys(task.task_arn for task in answer.tasks))


@pytest.mark.parametrize("nothing", [[], (), iter([])])
def test_nothing_sends_nothing(patient: Patient, nothing: Any) -> None:
    """For no tasks, nothing is sent; the answer is empty."""
    answer = describe(patient, nothing)
    assert ([], [], []) == (answer.tasks, answer.failures, patient.aws.requests)


def test_failures(patient: Patient) -> None:
    """What isn't there is among the failures, of all requests together."""
    arn = patient.aws.ecs.add_task()
    answer = describe(patient, ["gone", *[f"other-{at}" for at in range(150)], arn])
    assert [arn] == [task.task_arn for task in answer.tasks]
    assert 151 == len(answer.failures)
    first = answer.failures[0]
    assert ("MISSING", None) == (first.reason, first.detail)
    assert first.arn.endswith(":task/default/gone")


def test_cluster_and_tags(patient: Patient) -> None:
    """Cluster and ``include`` go with every request; tags come only where they are asked for."""
    patient.aws.ecs.add_cluster("render")
    tags: Any = [{"key": "a", "value": "b"}]
    arns = [patient.aws.ecs.add_task(cluster="render", tags=tags) for _ in range(101)]
    tagged = describe(patient, arns, cluster="render", include=["TAGS"])
    assert 101 == len(tagged.tasks)
    assert [{("a", "b")}] * 101 == [{(tag.key, tag.value) for tag in t.tags} for t in tagged.tasks]
    assert [{"render"}, {"['TAGS']"}] == [
        {str(r.parameters["cluster"]) for r in patient.aws.requests},
        {str(r.parameters["include"]) for r in patient.aws.requests},
    ]
    assert [] == describe(patient, arns[:1], cluster="render").tasks[0].tags


def test_only_what_is_given_is_sent(ask: Ask) -> None:
    """Cluster and ``include`` are not sent where they are left out."""
    script = Script(json_answer(tasks=[]))
    ask(lambda c: c.describe_tasks(["a"]), "ECS", transport=script.transport)
    assert [{"tasks": ["a"]}] == [json.loads(request.content) for request in script.requests]


def test_a_middle_request_is_throttled(ask: Ask) -> None:
    """The second of three is throttled twice: it alone is sent again."""
    throttled = json_answer(400, __type="ThrottlingException")
    script = Script(json_answer(tasks=[]), throttled, throttled, json_answer(tasks=[]))
    names = [str(each) for each in range(250)]
    retries = RetryPolicy(sleep=lambda _: None)
    ask(lambda c: c.describe_tasks(names), "ECS", transport=script.transport, retries=retries)
    sent = [json.loads(request.content)["tasks"] for request in script.requests]
    parts = [names[:100], names[100:200], names[200:]]
    assert [parts[0], parts[1], parts[1], parts[1], parts[2]] == sent


def test_an_error_in_the_middle(ask: Ask, patient: Patient) -> None:
    """One that fails for good is the error of the whole."""
    with pytest.raises(ClusterNotFoundException):
        describe(patient, ["a"], cluster="nowhere")
    refused = json_answer(400, __type="ClientException", message="no")
    script = Script(json_answer(tasks=[]), refused, json_answer(tasks=[]))
    with pytest.raises(ClientException):
        ask(
            lambda c: c.describe_tasks([str(each) for each in range(250)]),
            "ECS",
            transport=script.transport,
        )
    assert 2 == len(script.requests)


@pytest.mark.parametrize(
    ("tasks", "options", "wrong"),
    [
        ([*map(str, range(250)), 7], {}, ["tasks[250]"]),
        ("0cc4", {}, ["tasks"]),
        (None, {}, ["tasks"]),
        (["a"], {"include": ["ALL"], "cluster": 7}, ["cluster", "include[0]"]),
        (["a"], {"include": "TAGS"}, ["include"]),
    ],
)
def test_bad_arguments_send_nothing(
    patient: Patient, tasks: Any, options: dict[str, Any], wrong: list[str]
) -> None:
    """One bad argument, be it the last of many, is an error before anything is sent."""
    with pytest.raises(ParamValidationError) as caught:
        describe(patient, tasks, **options)
    assert wrong == [problem.argument for problem in caught.value.problems]
    assert [] == patient.aws.requests
