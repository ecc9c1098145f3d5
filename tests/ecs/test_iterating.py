"""Tasks listed and described as one listing, of one desired status or of several."""

from __future__ import annotations

import inspect
import json
from collections import Counter
from typing import Any

import httpx
import pytest

from omics_tasks import ECSClient, PaginationError, ParamValidationError
from omics_tasks.ecs import ClusterNotFoundException, DesiredStatus
from omics_tasks.ecs.operations import IterTasksInput

from ..asking import Ask, Script, json_answer, pages, take
from ..patience import Patient

BOTH = ["RUNNING", "STOPPED"]


@pytest.fixture
def patient(ask: Ask) -> Patient:
    return Patient(ask)


def fill(
    patient: Patient, running: int, stopped: int, **fields: Any
) -> tuple[list[str], list[str]]:
    """Tasks that run, and tasks that have stopped, in the order in which they are listed."""
    add = patient.aws.ecs.add_task
    return (
        [add(**fields) for _ in range(running)],
        [add(desired_status="STOPPED", **fields) for _ in range(stopped)],
    )


def iterate(patient: Patient, read: Any = take, **options: Any) -> Any:
    return patient.ask(lambda c: read(c.iter_tasks(**options)), "ECS")


def arns(tasks: list[Any]) -> list[str]:
    return [task.task_arn for task in tasks]


def test_the_method_takes_what_its_model_takes() -> None:
    """Arguments of the method are the fields of its input, those of ``list_tasks`` among them."""
    taken = inspect.signature(ECSClient.iter_tasks).parameters.keys() - {"self"}
    assert IterTasksInput.model_fields.keys() == taken
    assert inspect.signature(ECSClient.list_tasks).parameters.keys() - {"self"} == taken - {
        "include"
    }


@pytest.mark.parametrize("prefetch", [False, True])
def test_tasks_come_described_in_the_order_listed(patient: Patient, prefetch: bool) -> None:
    """Each page is one request to list and one to describe; the tasks have their facts."""
    running, _ = fill(patient, 250, 3)
    tasks = iterate(patient, prefetch=prefetch)
    assert running == arns(tasks)
    assert {("RUNNING", "RUNNING")} == {(task.state, task.last_status) for task in tasks}
    assert {"ListTasks": 3, "DescribeTasks": 3} == Counter(
        r.operation for r in patient.aws.requests
    )


@pytest.mark.parametrize(
    ("desired_status", "expected"),
    [
        (None, "R"),
        ("RUNNING", "R"),
        (DesiredStatus.STOPPED, "S"),
        (["RUNNING", DesiredStatus.STOPPED], "RS"),
        (("STOPPED", "RUNNING"), "SR"),
        ({"PENDING": 1, "STOPPED": 2}.keys(), "S"),
        (["STOPPED", "STOPPED"], "S"),
    ],
)
def test_statuses_are_listed_one_after_the_other(
    ask: Ask, desired_status: Any, expected: str
) -> None:
    """One status or several, in the order given, each once."""
    patient = Patient(ask)
    running, stopped = fill(patient, 3, 2)
    tasks = iterate(patient, desired_status=desired_status, page_size=2)
    assert [arn for each in expected for arn in {"R": running, "S": stopped}[each]] == arns(tasks)


def test_an_empty_page_is_not_described(patient: Patient) -> None:
    """Where nothing is listed, nothing is asked about."""
    assert [] == iterate(patient, desired_status=BOTH)
    assert ["ListTasks"] * 2 == [request.operation for request in patient.aws.requests]
    sent = [request.parameters for request in patient.aws.requests]
    assert [{"desiredStatus": "RUNNING"}, {"desiredStatus": "STOPPED"}] == sent


def test_only_what_is_given_is_sent(ask: Ask) -> None:
    """Filters go to ListTasks, cluster and ``include`` to DescribeTasks, tokens as they came."""
    script = Script(
        json_answer(taskArns=["a/1"], nextToken="x:y"),
        json_answer(tasks=[{"taskArn": "a/1"}]),
        json_answer(taskArns=["a/2"]),
        json_answer(tasks=[{"taskArn": "a/2"}]),
    )
    options = {"cluster": "render", "family": "f", "include": ["TAGS"], "page_size": 1}
    got = ask(lambda c: take(c.iter_tasks(**options)), "ECS", transport=script.transport)
    assert ["a/1", "a/2"] == arns(got)
    listed = {"maxResults": 1, "cluster": "render", "family": "f"}
    told = {"cluster": "render", "include": ["TAGS"]}
    assert [
        listed,
        {**told, "tasks": ["a/1"]},
        {**listed, "nextToken": "x:y"},
        {**told, "tasks": ["a/2"]},
    ] == [json.loads(request.content) for request in script.requests]


def test_tags_come_if_asked_for(patient: Patient) -> None:
    """``include`` reaches the description."""
    fill(patient, 1, 0, tags=[{"key": "a", "value": "b"}])
    assert [[], ["a"]] == [
        [tag.key for task in iterate(patient, include=include) for tag in task.tags]
        for include in (None, ["TAGS"])
    ]


def test_started_by_stands_alone_with_what_describes(patient: Patient) -> None:
    """``started_by`` is the only filter; cluster and ``include`` are none."""
    mine, _ = fill(patient, 1, 0, started_by="me")
    fill(patient, 1, 0)
    got = iterate(patient, started_by="me", cluster="default", include=["TAGS"], page_size=3)
    assert mine == arns(got)
    with pytest.raises(ParamValidationError, match="leave out desired_status, family"):
        iterate(patient, started_by="me", desired_status=BOTH, family="f")


def test_what_vanishes_is_left_out(ask: Ask) -> None:
    """A task that was listed and can't be described any more is not there."""
    script = Script(
        json_answer(taskArns=["a/1", "a/2", "a/3"]),
        json_answer(
            tasks=[{"taskArn": "a/3"}, {"taskArn": "a/1"}],
            failures=[{"arn": "a/2", "reason": "MISSING"}],
        ),
    )
    got = ask(lambda c: take(c.iter_tasks()), "ECS", transport=script.transport)
    assert ["a/1", "a/3"] == arns(got)


class Cluster:
    """A service whose pages are scripted by status and token; a task's ARN is ``a/`` and a name."""

    def __init__(self) -> None:
        self.pages: dict[tuple[str, str | None], tuple[str, str | None]] = {
            ("RUNNING", None): ("ab", "r1"),
            ("RUNNING", "r1"): ("c", None),
            # b, c and a have stopped between the two listings.
            ("STOPPED", None): ("bxcy", "s1"),
            ("STOPPED", "s1"): ("az", "s2"),
            ("STOPPED", "s2"): ("c", None),
        }
        self.transport = httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        asked = json.loads(request.content)
        if "tasks" in asked:
            return json_answer(tasks=[{"taskArn": arn} for arn in asked["tasks"]])
        names, token = self.pages[asked["desiredStatus"], asked.get("nextToken")]
        rest = {"nextToken": token} if token else {}
        return json_answer(taskArns=[f"a/{name}" for name in names], **rest)

    def ask(self, ask: Ask, read: Any, **options: Any) -> Any:
        chosen = {"desired_status": BOTH, **options}
        return ask(lambda c: read(c.iter_tasks(**chosen)), "ECS", transport=self.transport)


def letters(tasks: list[Any]) -> str:
    return "".join(task.task_arn[-1] for task in tasks)


@pytest.mark.parametrize("prefetch", [False, True])
def test_first_sight_wins(ask: Ask, prefetch: bool) -> None:
    """A task that stops between two listings comes once, where it was seen first."""
    assert "abcxyz" == letters(Cluster().ask(ask, take, prefetch=prefetch))
    split = [letters(page.items) for page in Cluster().ask(ask, pages, prefetch=prefetch)]
    assert ["ab", "c", "xy", "z", ""] == split


def test_one_status_is_taken_as_it_is(ask: Ask) -> None:
    """Where one status alone is listed, nothing is remembered, and nothing left out."""
    cluster = Cluster()
    cluster.pages["RUNNING", "r1"] = ("ca", None)
    assert "abca" == letters(cluster.ask(ask, take, desired_status="RUNNING"))


def test_each_iteration_remembers_for_itself(ask: Ask) -> None:
    """A second iteration of the same listing has all tasks again."""
    kept: list[Any] = []
    cluster = Cluster()

    def again(client: Any) -> Any:
        listing = client.iter_tasks(desired_status=BOTH)
        first = take(listing)
        if isinstance(first, list):
            return kept.extend([letters(first), letters(take(listing))])

        async def twice() -> None:
            kept.extend([letters(await first), letters(await take(listing))])

        return twice()

    ask(again, "ECS", transport=cluster.transport)
    assert ["abcxyz"] * 2 == kept


@pytest.mark.parametrize("prefetch", [False, True])
@pytest.mark.parametrize("count", range(7))
def test_resuming_is_exact(ask: Ask, count: int, prefetch: bool) -> None:
    """A listing goes on where it was left, in either status, after what came twice as well."""
    kept: list[Any] = []

    def begin(tasks: Any) -> Any:
        kept.append(tasks)
        return take(tasks, count)

    first = letters(Cluster().ask(ask, begin, prefetch=prefetch))
    token = kept[0].resume_token
    assert "abcxyz"[:count] == first
    rest = Cluster().ask(ask, take, prefetch=prefetch, starting_token=token)
    # It is another iteration, which knows nothing of pages before its own.
    expected = ["abcxyz", "bcxyz", "cbxyaz", "bxcyaz", "yaz", "azc", "c"]
    assert expected[count] == letters(rest)


@pytest.mark.parametrize("by_pages", [False, True])
@pytest.mark.parametrize("count", range(7))
def test_max_items_counts_what_comes(ask: Ask, count: int, by_pages: bool) -> None:
    """``max_items`` counts tasks that come, not not those that are left out."""
    got = Cluster().ask(ask, pages if by_pages else take, max_items=count)
    tasks = [task for page in got for task in page.items] if by_pages else got
    assert "abcxyz"[:count] == letters(tasks)


def test_resuming_in_the_second_status_of_the_stand_in(patient: Patient) -> None:
    """With more tasks than a page has: page sizes, prefetching and the statuses' border."""
    running, stopped = fill(patient, 30, 50)
    for count in (0, 1, 20, 29, 30, 31, 45, 50, 51, 79, 80):
        kept: list[Any] = []

        def begin(tasks: Any, kept: list[Any] = kept, count: int = count) -> Any:
            kept.append(tasks)
            return take(tasks, count)

        got = arns(iterate(patient, begin, desired_status=BOTH, prefetch=True, page_size=20))
        token = kept[0].resume_token
        if token is not None:
            rest = {"desired_status": BOTH, "starting_token": token, "prefetch": True}
            got += arns(iterate(patient, **rest, page_size=13))
        assert [*running, *stopped] == got


def test_the_token_of_a_page_says_its_status(patient: Patient) -> None:
    """A listing can be resumed from a page's token, and in its status alone."""
    _, stopped = fill(patient, 1, 5)
    got = iterate(patient, pages, desired_status=BOTH, page_size=2)
    assert [1, 2, 2, 1] == [len(page.items) for page in got]
    assert ["STOPPED:", "STOPPED:"] == [page.next_token[:8] for page in got[:2]]
    options = {"starting_token": got[1].next_token, "page_size": 2}
    assert stopped[2:] == arns(iterate(patient, desired_status="STOPPED", **options))
    assert stopped[2:] == arns(iterate(patient, desired_status=BOTH, **options))


@pytest.mark.parametrize(
    ("token", "desired_status"),
    [
        ("STOPPED:", "RUNNING"),
        ("~3~STOPPED:x", ["RUNNING", "PENDING"]),
        ("STOPPED:x", None),
        (":x", "STOPPED"),
        ("RUNNING", "RUNNING"),
        ("a-token-of-list-tasks", None),
        ("", None),
    ],
)
def test_a_token_of_another_status(patient: Patient, token: str, desired_status: Any) -> None:
    """A token of a status that isn't asked for is refused when the listing is made."""
    with pytest.raises(ParamValidationError) as caught:
        iterate(patient, lambda _: None, starting_token=token, desired_status=desired_status)
    assert ["starting_token"] == [problem.argument for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("options", "wrong"),
    [
        ({"desired_status": []}, ["desired_status"]),
        ({"desired_status": 5}, ["desired_status"]),
        ({"desired_status": ["RUNNING", "DONE"]}, ["desired_status[1]"]),
        ({"include": ["ALL"], "page_size": 101}, ["page_size", "include[0]"]),
        ({"launch_type": "MOON", "desired_status": "DONE"}, ["desired_status[0]", "launch_type"]),
    ],
)
def test_bad_arguments(patient: Patient, options: dict[str, Any], wrong: list[str]) -> None:
    """All that is wrong is said at once, when the listing is made."""
    with pytest.raises(ParamValidationError) as caught:
        iterate(patient, lambda _: None, **options)
    assert wrong == [problem.argument for problem in caught.value.problems]


def test_errors_of_either_request(patient: Patient) -> None:
    """What ListTasks or DescribeTasks raises is raised; a cycle of tokens is an error as ever."""
    with pytest.raises(ClusterNotFoundException) as caught:
        iterate(patient, cluster="nowhere")
    assert "ListTasks" == caught.value.operation
    fill(patient, 1, 0)
    patient.aws.fail_next("html", 1, operation="DescribeTasks")
    with pytest.raises(Exception, match="DescribeTasks"):
        iterate(patient)


def test_a_cycle_of_tokens(ask: Ask) -> None:
    """A token that came before ends the listing with an error."""
    script = Script(json_answer(taskArns=[], nextToken="again"))
    with pytest.raises(PaginationError) as caught:
        ask(lambda c: take(c.iter_tasks()), "ECS", transport=script.transport)
    assert ("ecs", "ListTasks", ":again") == (
        caught.value.service,
        caught.value.operation,
        caught.value.token,
    )
