"""Describing any number of tasks: a hundred a request, in the order asked."""

from __future__ import annotations

import json
import pickle
from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from omics_tasks import ParamValidationError, ResponseError, RetryPolicy
from omics_tasks.ecs import ClientException, ClusterNotFoundException, DescribedTasks
from omics_tasks.testing import LocalAWS

from ..asking import Ask, Script, json_answer, partial_of
from ..patience import Patient

ID = "0cc43cdb3bee4407b26c9d0e6ea5bb84"
ARN = f"arn:aws:ecs:us-east-1:111122223333:task/render/{ID}"
SHORT = f"arn:aws:ecs:us-east-1:111122223333:task/{ID}"


def told(*arns: str, missing: Sequence[str] = ()) -> httpx.Response:
    """An answer with these tasks, and with failures for those that are missing."""
    return json_answer(
        tasks=[{"taskArn": arn} for arn in arns],
        failures=[{"arn": arn, "reason": "MISSING"} for arn in missing],
    )


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
    script = Script(told("a"))
    ask(lambda c: c.describe_tasks(["a"]), "ECS", transport=script.transport)
    assert [{"tasks": ["a"]}] == [json.loads(request.content) for request in script.requests]


def test_a_middle_request_is_throttled(ask: Ask) -> None:
    """The second of three is throttled twice: it alone is sent again."""
    throttled = json_answer(400, __type="ThrottlingException")
    names = [str(each) for each in range(250)]
    answers = [told(*names[:100]), told(*names[100:200]), told(*names[200:])]
    script = Script(answers[0], throttled, throttled, *answers[1:])
    retries = RetryPolicy(sleep=lambda _: None)
    ask(lambda c: c.describe_tasks(names), "ECS", transport=script.transport, retries=retries)
    sent = [json.loads(request.content)["tasks"] for request in script.requests]
    parts = [names[:100], names[100:200], names[200:]]
    assert [parts[0], parts[1], parts[1], parts[1], parts[2]] == sent


def test_an_error_in_the_middle(ask: Ask, patient: Patient) -> None:
    """One that fails for good is the error of the whole, and has what came before it."""
    with pytest.raises(ClusterNotFoundException) as not_found:
        describe(patient, ["a"], cluster="nowhere")
    assert DescribedTasks() == partial_of(not_found.value)
    names = [str(each) for each in range(250)]
    refused = json_answer(400, __type="ClientException", message="no")
    script = Script(told(*names[:99], missing=names[99:100]), refused)
    with pytest.raises(ClientException) as caught:
        ask(lambda c: c.describe_tasks(names), "ECS", transport=script.transport)
    assert 2 == len(script.requests)
    partial = partial_of(caught.value)
    assert names[:99] == [task.task_arn for task in partial.tasks]
    assert names[99:100] == [failure.arn for failure in partial.failures]
    assert partial == partial_of(pickle.loads(pickle.dumps(caught.value)))
    assert "ecs DescribeTasks: ClientException: no (HTTP 400)" == str(caught.value)


@pytest.mark.parametrize(
    ("names", "left_out"),
    [
        ([ID], ID),
        (["other", ID], ID),
        ([ARN], ARN),
        ([ID, ARN.replace("/render/", "/batch/")], ARN.replace("/render/", "/batch/")),
    ],
)
def test_an_answer_that_leaves_some_out(ask: Ask, names: list[str], left_out: str) -> None:
    """An answer that says nothing of a name is no answer; what it did say is on the error."""
    others = [name for name in names if name != left_out]
    script = Script(json_answer(tasks=[{"taskArn": f"{ARN[:-32]}{name}"} for name in others]))
    with pytest.raises(ResponseError, match=f"leaves out 1 of .* such as {left_out}") as caught:
        ask(lambda c: c.describe_tasks(names, cluster="render"), "ECS", transport=script.transport)
    assert others == [task.task_arn.task_id for task in partial_of(caught.value).tasks]


@pytest.mark.parametrize("name", [ID, ARN, SHORT])
@pytest.mark.parametrize("arn", [ARN, SHORT])
@pytest.mark.parametrize("is_found", [True, False])
def test_a_name_in_any_form(ask: Ask, name: str, arn: str, is_found: bool) -> None:
    """A task is asked for by id, long or short ARN, and told of by another one of them."""
    answer = told(arn) if is_found else told(missing=[arn])
    script = Script(answer)
    described = ask(lambda c: c.describe_tasks([name]), "ECS", transport=script.transport)
    assert ([arn], []) == (
        [each.task_arn for each in described.tasks] or [f.arn for f in described.failures],
        described.failures if is_found else described.tasks,
    )


# Clusters


def asked(script: Script | LocalAWS) -> list[tuple[str | None, int]]:
    """The cluster that each request names, and how many tasks it asks for."""
    bodies: list[Any] = [
        json.loads(each.content) if isinstance(each, httpx.Request) else each.parameters
        for each in script.requests
    ]
    return [(body.get("cluster"), len(body["tasks"])) for body in bodies]


def test_the_cluster_of_an_arn(patient: Patient) -> None:
    """Without a cluster given, each ARN is asked for in its own; ids are in the default one."""
    aws = patient.aws
    for cluster in ("render", "batch"):
        aws.ecs.add_cluster(cluster)
    arns = [
        aws.ecs.add_task(cluster=cluster)
        for _ in range(120)
        for cluster in ("render", "batch", "default")
    ]
    here = aws.ecs.add_task()
    names = [*arns, here.task_id]
    described = describe(patient, names)
    assert ([*arns, here], []) == ([task.task_arn for task in described.tasks], described.failures)
    assert [
        *[("render", 100), ("render", 20), ("batch", 100), ("batch", 20)],
        *[(None, 100), (None, 21)],
    ] == asked(aws)


def test_namesakes_in_several_clusters(patient: Patient) -> None:
    """Tasks of one id in different clusters are told apart, and what is missing too."""
    aws = patient.aws
    for cluster in ("render", "batch"):
        aws.ecs.add_cluster(cluster)
    render = aws.ecs.add_task(cluster="render", task_id="a")
    default = aws.ecs.add_task(task_id="a")
    gone = render.replace("/render/", "/batch/")
    described = describe(patient, [gone, default, render, "a"])
    assert [default, render] == [task.task_arn for task in described.tasks]
    assert [(gone, "MISSING")] == [(each.arn, each.reason) for each in described.failures]


def test_a_cluster_that_is_given_is_taken(ask: Ask) -> None:
    """All names are asked for in the cluster that is given, whatever their ARNs say."""
    script = Script(told(missing=[ARN, "b"]))
    ask(lambda c: c.describe_tasks([ARN, "b"], cluster="batch"), "ECS", transport=script.transport)
    assert [("batch", 2)] == asked(script)


@pytest.mark.parametrize("name", [SHORT, ID, ARN.replace("/render/", "/default/")])
def test_what_is_in_the_default_cluster(ask: Ask, name: str) -> None:
    """A short ARN and an id name no cluster, and the default one needs no naming."""
    script = Script(told(name))
    ask(lambda c: c.describe_tasks([name]), "ECS", transport=script.transport)
    assert [(None, 1)] == asked(script)


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


PREFIX = "arn:aws:ecs:us-east-1:111122223333:task"


@pytest.mark.parametrize(
    ("name", "answered"),
    [
        ("a", f"{PREFIX}/a"),
        ("a", f"{PREFIX}/render/a"),
        (f"{PREFIX}/a", f"{PREFIX}/render/a"),
        (f"{PREFIX}/render/a", f"{PREFIX}/a"),
        (f"{PREFIX}/render/a", "a"),
    ],
)
@pytest.mark.parametrize("is_failure", [False, True])
def test_an_answer_by_another_name(ask: Ask, name: str, answered: str, is_failure: bool) -> None:
    """A task that is asked for by its id, short ARN or long ARN may be answered by another."""
    failures = [{"arn": answered, "reason": "MISSING"}] if is_failure else []
    tasks = [] if is_failure else [{"taskArn": answered}]
    script = Script(json_answer(tasks=tasks, failures=failures))
    got = ask(lambda c: c.describe_tasks([name]), "ECS", transport=script.transport)
    assert [answered] == [*(f.arn for f in got.failures), *(t.task_arn for t in got.tasks)]


@pytest.mark.parametrize(
    "answered",
    [
        f"{PREFIX}/render/b",
        f"{PREFIX}/other/a",
        f"{PREFIX.replace('1111', '2222')}/render/a",
        f"{PREFIX.replace('us-east-1', 'us-east-2')}/render/a",
    ],
)
def test_an_answer_about_another_task(ask: Ask, answered: str) -> None:
    """A task of another id, cluster, account or Region is not the one that was asked for."""
    script = Script(json_answer(tasks=[{"taskArn": answered}]))
    with pytest.raises(ResponseError, match="leaves out 1 of the 1 requested tasks"):
        ask(lambda c: c.describe_tasks([f"{PREFIX}/render/a"]), "ECS", transport=script.transport)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_failures_without_an_arn(ask: Ask, count: int) -> None:
    """They account for the names that nothing else does, if there are as many of them."""
    failures = [{"reason": "MISSING"} for _ in range(count)]
    script = Script(json_answer(tasks=[{"taskArn": "b"}], failures=failures))

    def described() -> Any:
        return ask(lambda c: c.describe_tasks([*"abc"]), "ECS", transport=script.transport)

    if count == 2:
        assert [None, None] == [failure.arn for failure in described().failures]
    else:
        with pytest.raises(ResponseError, match="leaves out 2 of the 3 requested tasks"):
            described()
