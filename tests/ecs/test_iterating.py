"""Listing and describing tasks in one iteration, of one desired status or several."""

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
from ..simulated_time import SimulatedTime

BOTH = ["RUNNING", "STOPPED"]


@pytest.fixture
def simulated(ask: Ask) -> SimulatedTime:
    return SimulatedTime(ask)


def fill(
    simulated: SimulatedTime, running: int, stopped: int, **fields: Any
) -> tuple[list[str], list[str]]:
    """Add running and stopped tasks. Return them in the order of the listing."""
    add = simulated.aws.ecs.add_task
    return (
        [add(**fields) for _ in range(running)],
        [add(desired_status="STOPPED", **fields) for _ in range(stopped)],
    )


def iterate(simulated: SimulatedTime, read: Any = take, **options: Any) -> Any:
    return simulated.ask(lambda c: read(c.iter_tasks(**options)), "ECS")


def arns(tasks: list[Any]) -> list[str]:
    return [task.task_arn for task in tasks]


def test_the_method_has_its_models_arguments() -> None:
    """The method's arguments are the fields of its input, including those of ``list_tasks``."""
    taken = inspect.signature(ECSClient.iter_tasks).parameters.keys() - {"self"}
    assert IterTasksInput.model_fields.keys() == taken
    assert inspect.signature(ECSClient.list_tasks).parameters.keys() - {"self"} == taken - {
        "include"
    }


@pytest.mark.parametrize("prefetch", [False, True])
def test_tasks_are_described_in_the_order_of_the_listing(
    simulated: SimulatedTime, prefetch: bool
) -> None:
    """Each page takes one request to list and one to describe its tasks."""
    running, _ = fill(simulated, 250, 3)
    tasks = iterate(simulated, prefetch=prefetch)
    assert running == arns(tasks)
    assert {("RUNNING", "RUNNING")} == {(task.state, task.last_status) for task in tasks}
    assert {"ListTasks": 3, "DescribeTasks": 3} == Counter(
        r.operation for r in simulated.aws.requests
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
    """One status or several are listed once each, in the given order."""
    simulated = SimulatedTime(ask)
    running, stopped = fill(simulated, 3, 2)
    tasks = iterate(simulated, desired_status=desired_status, page_size=2)
    assert [arn for each in expected for arn in {"R": running, "S": stopped}[each]] == arns(tasks)


def test_an_empty_page_is_not_described(simulated: SimulatedTime) -> None:
    """An empty page leads to no DescribeTasks request."""
    assert [] == iterate(simulated, desired_status=BOTH)
    assert ["ListTasks"] * 2 == [request.operation for request in simulated.aws.requests]
    sent = [request.parameters for request in simulated.aws.requests]
    assert [{"desiredStatus": "RUNNING"}, {"desiredStatus": "STOPPED"}] == sent


def test_only_what_is_given_is_sent(ask: Ask) -> None:
    """Filters are sent to ListTasks, cluster and ``include`` to DescribeTasks."""
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
    arguments = {"cluster": "render", "include": ["TAGS"]}
    assert [
        listed,
        {**arguments, "tasks": ["a/1"]},
        {**listed, "nextToken": "x:y"},
        {**arguments, "tasks": ["a/2"]},
    ] == [json.loads(request.content) for request in script.requests]


def test_tags_are_returned_on_request(simulated: SimulatedTime) -> None:
    """``include`` is sent to DescribeTasks."""
    fill(simulated, 1, 0, tags=[{"key": "a", "value": "b"}])
    assert [[], ["a"]] == [
        [tag.key for task in iterate(simulated, include=include) for tag in task.tags]
        for include in (None, ["TAGS"])
    ]


def test_started_by_with_cluster_and_include(simulated: SimulatedTime) -> None:
    """``started_by`` is the only filter; cluster and ``include`` may be combined with it."""
    mine, _ = fill(simulated, 1, 0, started_by="me")
    fill(simulated, 1, 0)
    got = iterate(simulated, started_by="me", cluster="default", include=["TAGS"], page_size=3)
    assert mine == arns(got)
    with pytest.raises(ParamValidationError, match="leave out desired_status, family"):
        iterate(simulated, started_by="me", desired_status=BOTH, family="f")


def test_vanished_tasks_are_omitted(ask: Ask) -> None:
    """A listed task that can no longer be described is omitted."""
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
    """A service with scripted pages by status and token. The ARN of a task is ``a/`` and a name."""

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
        members = json.loads(request.content)
        if "tasks" in members:
            return json_answer(tasks=[{"taskArn": arn} for arn in members["tasks"]])
        names, token = self.pages[members["desiredStatus"], members.get("nextToken")]
        rest = {"nextToken": token} if token else {}
        return json_answer(taskArns=[f"a/{name}" for name in names], **rest)

    def ask(self, ask: Ask, read: Any, **options: Any) -> Any:
        chosen = {"desired_status": BOTH, **options}
        return ask(lambda c: read(c.iter_tasks(**chosen)), "ECS", transport=self.transport)


def letters(tasks: list[Any]) -> str:
    return "".join(task.task_arn[-1] for task in tasks)


@pytest.mark.parametrize("prefetch", [False, True])
def test_first_sight_wins(ask: Ask, prefetch: bool) -> None:
    """A task that stops between two listings is returned once, where it was first found."""
    assert "abcxyz" == letters(Cluster().ask(ask, take, prefetch=prefetch))
    split = [letters(page.items) for page in Cluster().ask(ask, pages, prefetch=prefetch)]
    assert ["ab", "c", "xy", "z", ""] == split


def test_one_status_needs_no_deduplication(ask: Ask) -> None:
    """With one status nothing is remembered and nothing omitted."""
    cluster = Cluster()
    cluster.pages["RUNNING", "r1"] = ("ca", None)
    assert "abca" == letters(cluster.ask(ask, take, desired_status="RUNNING"))


def test_each_iteration_remembers_for_itself(ask: Ask) -> None:
    """A second iteration of the same listing returns all tasks again."""
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
    """A listing resumes exactly in either status, also after duplicates."""
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
def test_max_items_counts_returned_tasks(ask: Ask, count: int, by_pages: bool) -> None:
    """``max_items`` counts returned tasks and not omitted ones."""
    got = Cluster().ask(ask, pages if by_pages else take, max_items=count)
    tasks = [task for page in got for task in page.items] if by_pages else got
    assert "abcxyz"[:count] == letters(tasks)


def test_resuming_in_the_second_status_of_the_stand_in(simulated: SimulatedTime) -> None:
    """Resuming works with several pages, page sizes, prefetching and both statuses."""
    running, stopped = fill(simulated, 30, 50)
    for count in (0, 1, 20, 29, 30, 31, 45, 50, 51, 79, 80):
        kept: list[Any] = []

        def begin(tasks: Any, kept: list[Any] = kept, count: int = count) -> Any:
            kept.append(tasks)
            return take(tasks, count)

        got = arns(iterate(simulated, begin, desired_status=BOTH, prefetch=True, page_size=20))
        token = kept[0].resume_token
        if token is not None:
            rest = {"desired_status": BOTH, "starting_token": token, "prefetch": True}
            got += arns(iterate(simulated, **rest, page_size=13))
        assert [*running, *stopped] == got


def test_a_pages_token_has_its_status(simulated: SimulatedTime) -> None:
    """A page's token resumes the listing in its status."""
    _, stopped = fill(simulated, 1, 5)
    got = iterate(simulated, pages, desired_status=BOTH, page_size=2)
    assert [1, 2, 2, 1] == [len(page.items) for page in got]
    assert ["STOPPED:", "STOPPED:"] == [page.next_token[:8] for page in got[:2]]
    options = {"starting_token": got[1].next_token, "page_size": 2}
    assert stopped[2:] == arns(iterate(simulated, desired_status="STOPPED", **options))
    assert stopped[2:] == arns(iterate(simulated, desired_status=BOTH, **options))


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
def test_a_token_of_another_status(
    simulated: SimulatedTime, token: str, desired_status: Any
) -> None:
    """A token with a status that isn't listed is an error when the listing is made."""
    with pytest.raises(ParamValidationError) as caught:
        iterate(simulated, lambda _: None, starting_token=token, desired_status=desired_status)
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
def test_bad_arguments(simulated: SimulatedTime, options: dict[str, Any], wrong: list[str]) -> None:
    """One error names all invalid arguments when the listing is made."""
    with pytest.raises(ParamValidationError) as caught:
        iterate(simulated, lambda _: None, **options)
    assert wrong == [problem.argument for problem in caught.value.problems]


def test_errors_of_either_request(simulated: SimulatedTime) -> None:
    """Errors of ListTasks and DescribeTasks propagate."""
    with pytest.raises(ClusterNotFoundException) as caught:
        iterate(simulated, cluster="nowhere")
    assert "ListTasks" == caught.value.operation
    fill(simulated, 1, 0)
    simulated.aws.fail_next("html", 1, operation="DescribeTasks")
    with pytest.raises(Exception, match="DescribeTasks"):
        iterate(simulated)


def test_a_cycle_of_tokens(ask: Ask) -> None:
    """A repeated token ends the listing with an error."""
    script = Script(json_answer(taskArns=[], nextToken="again"))
    with pytest.raises(PaginationError) as caught:
        ask(lambda c: take(c.iter_tasks()), "ECS", transport=script.transport)
    assert ("ecs", "ListTasks", ":again") == (
        caught.value.service,
        caught.value.operation,
        caught.value.token,
    )
