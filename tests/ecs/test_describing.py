"""Describing any number of tasks: up to 100 per request, in the given order."""

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
from ..simulated_time import SimulatedTime

ID = "0cc43cdb3bee4407b26c9d0e6ea5bb84"
ARN = f"arn:aws:ecs:us-east-1:111122223333:task/render/{ID}"
SHORT = f"arn:aws:ecs:us-east-1:111122223333:task/{ID}"


def answer_with(*arns: str, missing: Sequence[str] = ()) -> httpx.Response:
    """Return an answer with these tasks, and failures for the missing ones."""
    return json_answer(
        tasks=[{"taskArn": arn} for arn in arns],
        failures=[{"arn": arn, "reason": "MISSING"} for arn in missing],
    )


@pytest.fixture
def simulated(ask: Ask) -> SimulatedTime:
    return SimulatedTime(ask)


def describe(simulated: SimulatedTime, *tasks: Any, **options: Any) -> Any:
    return simulated.ask(lambda c: c.describe_tasks(*tasks, **options), "ECS")


def sizes(aws: LocalAWS) -> list[int]:
    """Return the number of tasks in each request."""
    requested: list[Any] = [request.parameters["tasks"] for request in aws.requests]
    return [len(tasks) for tasks in requested]


def test_any_number_in_the_given_order(simulated: SimulatedTime) -> None:
    """250 tasks, by ARN and by id, take three requests and are returned in the given order."""
    arns = [simulated.aws.ecs.add_task() for _ in range(250)]
    names = [arn.task_id if at % 2 else arn for at, arn in enumerate(reversed(arns))]
    answer = describe(simulated, iter(names))
    assert arns[::-1] == [task.task_arn for task in answer.tasks]
    assert ([100, 100, 50], []) == (sizes(simulated.aws), answer.failures)


def test_the_order_is_not_the_services(ask: Ask) -> None:
    """Tasks are returned in the given order, whatever the order of the service's answer."""
    script = Script(json_answer(tasks=[{"taskArn": f"arn/{each}"} for each in "xcab"]))
    answer = ask(lambda c: c.describe_tasks(["a", "b", "c"]), "ECS", transport=script.transport)
    assert ["arn/a", "arn/b", "arn/c", "arn/x"] == [task.task_arn for task in answer.tasks]


def test_duplicate_names(simulated: SimulatedTime) -> None:
    """A name that is given twice is requested once and returned at its first position."""
    first, second = (simulated.aws.ecs.add_task() for _ in range(2))
    answer = describe(simulated, [second, first, second, *[first] * 200])
    assert [second, first] == [task.task_arn for task in answer.tasks]
    assert [2] == sizes(simulated.aws)


def test_two_names_of_one_task(simulated: SimulatedTime) -> None:
    """A task that is given by id and by ARN is returned at the first position."""
    first, second = (simulated.aws.ecs.add_task() for _ in range(2))
    answer = describe(simulated, [first.task_id, second, first])
    assert [first, second] == list(dict.fromkeys(task.task_arn for task in answer.tasks))


@pytest.mark.parametrize("nothing", [[], (), iter([])])
def test_nothing_sends_nothing(simulated: SimulatedTime, nothing: Any) -> None:
    """Without tasks nothing is sent, and the result is empty."""
    answer = describe(simulated, nothing)
    assert ([], [], []) == (answer.tasks, answer.failures, simulated.aws.requests)


def test_failures(simulated: SimulatedTime) -> None:
    """Missing tasks are failures, of all requests together."""
    arn = simulated.aws.ecs.add_task()
    answer = describe(simulated, ["gone", *[f"other-{at}" for at in range(150)], arn])
    assert [arn] == [task.task_arn for task in answer.tasks]
    assert 151 == len(answer.failures)
    first = answer.failures[0]
    assert ("MISSING", None) == (first.reason, first.detail)
    assert first.arn.endswith(":task/default/gone")


def test_cluster_and_tags(simulated: SimulatedTime) -> None:
    """Cluster and ``include`` are sent with every request, and tags are returned on request."""
    simulated.aws.ecs.add_cluster("render")
    tags: Any = [{"key": "a", "value": "b"}]
    arns = [simulated.aws.ecs.add_task(cluster="render", tags=tags) for _ in range(101)]
    tagged = describe(simulated, arns, cluster="render", include=["TAGS"])
    assert 101 == len(tagged.tasks)
    assert [{("a", "b")}] * 101 == [{(tag.key, tag.value) for tag in t.tags} for t in tagged.tasks]
    assert [{"render"}, {"['TAGS']"}] == [
        {str(r.parameters["cluster"]) for r in simulated.aws.requests},
        {str(r.parameters["include"]) for r in simulated.aws.requests},
    ]
    assert [] == describe(simulated, arns[:1], cluster="render").tasks[0].tags


def test_only_what_is_given_is_sent(ask: Ask) -> None:
    """Cluster and ``include`` are only sent if they are given."""
    script = Script(answer_with("a"))
    ask(lambda c: c.describe_tasks(["a"]), "ECS", transport=script.transport)
    assert [{"tasks": ["a"]}] == [json.loads(request.content) for request in script.requests]


def test_a_middle_request_is_throttled(ask: Ask) -> None:
    """The second of three requests is throttled twice and alone is sent again."""
    throttled = json_answer(400, __type="ThrottlingException")
    names = [str(each) for each in range(250)]
    answers = [answer_with(*names[:100]), answer_with(*names[100:200]), answer_with(*names[200:])]
    script = Script(answers[0], throttled, throttled, *answers[1:])
    retries = RetryPolicy(sleep=lambda _: None)
    ask(lambda c: c.describe_tasks(names), "ECS", transport=script.transport, retries=retries)
    sent = [json.loads(request.content)["tasks"] for request in script.requests]
    parts = [names[:100], names[100:200], names[200:]]
    assert [parts[0], parts[1], parts[1], parts[1], parts[2]] == sent


def test_an_error_in_the_middle(ask: Ask, simulated: SimulatedTime) -> None:
    """If a request fails, the error holds the tasks of the earlier requests."""
    with pytest.raises(ClusterNotFoundException) as not_found:
        describe(simulated, ["a"], cluster="nowhere")
    assert DescribedTasks() == partial_of(not_found.value)
    names = [str(each) for each in range(250)]
    refused = json_answer(400, __type="ClientException", message="no")
    script = Script(answer_with(*names[:99], missing=names[99:100]), refused)
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
def test_an_answer_that_omits_tasks(ask: Ask, names: list[str], left_out: str) -> None:
    """An answer without a requested task is an error, which holds the tasks in the answer."""
    others = [name for name in names if name != left_out]
    script = Script(json_answer(tasks=[{"taskArn": f"{ARN[:-32]}{name}"} for name in others]))
    with pytest.raises(ResponseError, match=f"leaves out 1 of .* such as {left_out}") as caught:
        ask(lambda c: c.describe_tasks(names, cluster="render"), "ECS", transport=script.transport)
    assert others == [task.task_arn.task_id for task in partial_of(caught.value).tasks]


@pytest.mark.parametrize("name", [ID, ARN, SHORT])
@pytest.mark.parametrize("arn", [ARN, SHORT])
@pytest.mark.parametrize("is_found", [True, False])
def test_a_name_in_any_form(ask: Ask, name: str, arn: str, is_found: bool) -> None:
    """A task may be requested by id, short or long ARN, and returned by another one of them."""
    answer = answer_with(arn) if is_found else answer_with(missing=[arn])
    script = Script(answer)
    described = ask(lambda c: c.describe_tasks([name]), "ECS", transport=script.transport)
    assert ([arn], []) == (
        [each.task_arn for each in described.tasks] or [f.arn for f in described.failures],
        described.failures if is_found else described.tasks,
    )


# Clusters


def requested(script: Script | LocalAWS) -> list[tuple[str | None, int]]:
    """Return the cluster and the number of tasks of each request."""
    bodies: list[Any] = [
        json.loads(each.content) if isinstance(each, httpx.Request) else each.parameters
        for each in script.requests
    ]
    return [(body.get("cluster"), len(body["tasks"])) for body in bodies]


def test_the_cluster_of_an_arn(simulated: SimulatedTime) -> None:
    """Without ``cluster``, an ARN is requested from its own cluster, and an id from the default."""
    aws = simulated.aws
    for cluster in ("render", "batch"):
        aws.ecs.add_cluster(cluster)
    arns = [
        aws.ecs.add_task(cluster=cluster)
        for _ in range(120)
        for cluster in ("render", "batch", "default")
    ]
    here = aws.ecs.add_task()
    names = [*arns, here.task_id]
    described = describe(simulated, names)
    assert ([*arns, here], []) == ([task.task_arn for task in described.tasks], described.failures)
    assert [
        *[("render", 100), ("render", 20), ("batch", 100), ("batch", 20)],
        *[(None, 100), (None, 21)],
    ] == requested(aws)


def test_equal_ids_in_several_clusters(simulated: SimulatedTime) -> None:
    """Tasks with the same id in different clusters are distinguished, also if missing."""
    aws = simulated.aws
    for cluster in ("render", "batch"):
        aws.ecs.add_cluster(cluster)
    render = aws.ecs.add_task(cluster="render", task_id="a")
    default = aws.ecs.add_task(task_id="a")
    gone = render.replace("/render/", "/batch/")
    described = describe(simulated, [gone, default, render, "a"])
    assert [default, render] == [task.task_arn for task in described.tasks]
    assert [(gone, "MISSING")] == [(each.arn, each.reason) for each in described.failures]


def test_a_given_cluster_is_used(ask: Ask) -> None:
    """All names are requested from the given cluster, whatever their ARNs say."""
    script = Script(answer_with(missing=[ARN, "b"]))
    ask(lambda c: c.describe_tasks([ARN, "b"], cluster="batch"), "ECS", transport=script.transport)
    assert [("batch", 2)] == requested(script)


@pytest.mark.parametrize("name", [SHORT, ID, ARN.replace("/render/", "/default/")])
def test_the_default_cluster(ask: Ask, name: str) -> None:
    """Short ARNs and ids name no cluster and are requested from the default one."""
    script = Script(answer_with(name))
    ask(lambda c: c.describe_tasks([name]), "ECS", transport=script.transport)
    assert [(None, 1)] == requested(script)


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
    simulated: SimulatedTime, tasks: Any, options: dict[str, Any], wrong: list[str]
) -> None:
    """An invalid argument, even the last of many, is an error before anything is sent."""
    with pytest.raises(ParamValidationError) as caught:
        describe(simulated, tasks, **options)
    assert wrong == [problem.argument for problem in caught.value.problems]
    assert [] == simulated.aws.requests


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
    """A task that is requested by id, short or long ARN may be returned under another one."""
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
    """A returned task with another id, cluster, account or Region is an error."""
    script = Script(json_answer(tasks=[{"taskArn": answered}]))
    with pytest.raises(ResponseError, match="leaves out 1 of the 1 requested tasks"):
        ask(lambda c: c.describe_tasks([f"{PREFIX}/render/a"]), "ECS", transport=script.transport)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_failures_without_an_arn(ask: Ask, count: int) -> None:
    """Failures without an ARN are matched to the remaining names if there are as many."""
    failures = [{"reason": "MISSING"} for _ in range(count)]
    script = Script(json_answer(tasks=[{"taskArn": "b"}], failures=failures))

    def described() -> Any:
        return ask(lambda c: c.describe_tasks([*"abc"]), "ECS", transport=script.transport)

    if count == 2:
        assert [None, None] == [failure.arn for failure in described().failures]
    else:
        with pytest.raises(ResponseError, match="leaves out 2 of the 3 requested tasks"):
            described()
