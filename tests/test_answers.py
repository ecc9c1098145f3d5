"""Answers: lenient parsing, types, and errors for invalid ones."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omics_tasks import ResponseError, ServiceError
from omics_tasks.deadline import Task, TaskParameterValue
from omics_tasks.ecs import TaskArn
from omics_tasks.healthomics import Run, RunStatus, RunTaskStatus

from .asking import Ask, Script, ask_sync, json_answer, pages
from .test_arguments import DEADLINE_IDS

TASK = {
    "taskId": DEADLINE_IDS["task_id"],
    "createdAt": "2026-01-02T03:04:05Z",
    "createdBy": "me",
    "runStatus": "READY",
}


def get_run(ask: Ask, **members: Any) -> Any:
    script = Script(json_answer(**{"id": "12", **members}))
    return ask(lambda client: client.get_run("12"), transport=script.transport)


def get_task(ask: Ask, **members: Any) -> Any:
    script = Script(json_answer(**{**TASK, **members}))
    return ask(lambda c: c.get_task(**DEADLINE_IDS), "Deadline", transport=script.transport)


def test_members_are_typed(ask: Ask) -> None:
    """Timestamps become datetimes with a zone, statuses enums, documents plain JSON."""
    run = get_run(
        ask,
        status="RUNNING",
        startTime="2026-01-02T03:04:05.123456789+01:00",
        parameters={"a": [1, 2.5, None]},
        logLocation={"runLogStream": "arn:x"},
    )
    assert RunStatus.RUNNING is run.status
    zone = timezone(timedelta(hours=1))
    assert datetime(2026, 1, 2, 3, 4, 5, 123456, zone) == run.start_time
    assert {"a": [1, 2.5, None]} == run.parameters
    assert "arn:x" == run.log_location.run_log_stream


def test_nulls_are_absent_members(ask: Ask) -> None:
    """A null is None or an empty collection, and is dropped inside lists and maps."""
    run = get_run(ask, status=None, tags=None, resourceDigests={"a": None, "b": "c"},
                  vpcConfig={"subnetIds": None, "securityGroupIds": ["sg-1", None]})  # fmt: skip
    assert (None, {}, {"b": "c"}) == (run.status, run.tags, run.resource_digests)
    assert ([], ["sg-1"]) == (run.vpc_config.subnet_ids, run.vpc_config.security_group_ids)


def test_unknown_members_stay_readable(ask: Ask) -> None:
    """Unknown members are kept and dumped in their wire format."""
    run = get_run(ask, brandNew={"x": 1})
    assert {"brandNew": {"x": 1}} == run.model_extra
    assert {"x": 1} == run.model_dump(mode="json", by_alias=True)["brandNew"]


def test_only_wire_names_are_parsed(ask: Ask) -> None:
    """Answers are parsed by wire names only: ``workflow_id`` is not ``workflowId``."""
    run = get_run(ask, workflow_id=5)
    assert (None, 5) == (run.workflow_id, run.model_extra["workflow_id"])


def test_unknown_statuses(ask: Ask) -> None:
    """An unknown status equals its string and has ``is_known`` False."""
    status = get_run(ask, status="HIBERNATING").status
    assert ("HIBERNATING", False, True) == (status, status.is_known, RunStatus.FAILED.is_known)
    assert "<RunStatus 'HIBERNATING' (unknown)>" == repr(status)
    assert {"HIBERNATING": 1} == {status: 1}
    assert status == pickle.loads(pickle.dumps(status)) == copy.deepcopy(status)


def test_patterns_and_lengths_are_not_enforced_on_answers(ask: Ask) -> None:
    """Patterns and lengths of AWS's model aren't checked in answers."""
    run = get_run(ask, id="not-a-number" * 9, priority=-1, arn="")
    assert ("not-a-number" * 9, -1, "") == (run.id, run.priority, run.arn)


@pytest.mark.parametrize(
    ("members", "wrong"),
    [
        ({"id": None}, "id"),
        ({"id": 12}, "id"),
        ({"status": 7}, "status"),
        ({"priority": 7.5}, "priority"),
        ({"startTime": "yesterday"}, "startTime"),
        ({"tags": []}, "tags"),
        ({"tags": {"a": 1}}, "tags.a"),
        ({"logLocation": "here"}, "logLocation"),
        ({"logLocation": {"runLogStream": 1}}, "logLocation.runLogStream"),
        ({"vpcConfig": {"subnetIds": ["a", None, 1]}}, r"vpcConfig\.subnetIds\[2\]"),
    ],
)
def test_wrong_types_name_the_operation_and_the_member(
    ask: Ask, members: dict[str, Any], wrong: str
) -> None:
    """A missing id or a wrong type is a ResponseError with its place."""
    with pytest.raises(ResponseError, match=rf"omics GetRun: .*{wrong}: ") as caught:
        get_run(ask, **members)
    assert ("omics", "GetRun", 200, 1) == (
        caught.value.service,
        caught.value.operation,
        caught.value.status,
        caught.value.attempts,
    )


@pytest.mark.parametrize("member", ["taskId", "createdAt", "createdBy", "runStatus"])
def test_required_members_of_deadline(ask: Ask, member: str) -> None:
    """A missing required member is an error with the member's name."""
    with pytest.raises(ResponseError, match=member):
        get_task(ask, **{member: None})


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b'"x"', b"<html>", b'{"id": "1"', b"\xff\xfe", b"[" * 10**5]
)
def test_bodies_that_are_no_json_object(ask: Ask, body: bytes) -> None:
    """A 200 without a JSON object is a ResponseError with the start of the body."""
    script = Script(httpx.Response(200, content=body, headers={"x-amzn-requestid": "r-1"}))
    with pytest.raises(ResponseError) as caught:
        ask(lambda client: client.get_run("1"), transport=script.transport, retries=None)
    assert ("r-1", body[:5].decode(errors="replace")) == (
        caught.value.request_id,
        caught.value.body[:5],
    )


@pytest.mark.parametrize("status", [199, 300, 302, 304, 399])
def test_unexpected_success_statuses(ask: Ask, status: int) -> None:
    """A redirect is neither followed nor a success, whatever its body."""
    headers = {"location": "http://elsewhere/"}
    script = Script(httpx.Response(status, headers=headers, json={"id": "1"}))
    with pytest.raises(ResponseError, match=f"HTTP {status}"):
        ask(
            lambda client: client.get_run("1"),
            transport=script.transport,
        )
    assert {"workflows-omics.us-east-1.amazonaws.com"} == {r.url.host for r in script.requests}


def test_sensitive_members_are_hidden(ask: Ask) -> None:
    """Task parameters are parsed, and omitted from reprs and errors."""
    secret = {"frame": {"int": "4711"}}
    task = get_task(ask, parameters=secret)
    assert "4711" == task.parameters["frame"].int
    with pytest.raises(ResponseError) as caught:
        get_task(ask, parameters=secret, createdBy=5)
    shown = [repr(task), repr(task.parameters), repr(caught.value), str(caught.value)]
    assert [] == [text for text in shown if "4711" in text]


def test_unknown_sensitive_members_are_hidden(ask: Ask) -> None:
    """Unknown values, map keys and error bodies of sensitive members are hidden."""
    task = get_task(ask, parameters={"frame": {"newKind": "SECRET"}})
    assert "SECRET" not in repr(task.parameters)
    with pytest.raises(ResponseError, match=r"parameters\[\*\]\.int: ") as caught:
        get_task(ask, parameters={"SECRET": {"int": 5}})
    assert "SECRET" not in str(caught.value)
    script = Script(httpx.Response(400, json={"parameters": "SECRET"}))
    with pytest.raises(ServiceError) as refused:
        ask(lambda c: c.get_task(**DEADLINE_IDS), "Deadline", transport=script.transport)
    assert "SECRET" not in str(refused.value) + refused.value.body


FARM = DEADLINE_IDS["farm_id"]
PAGES: list[tuple[str, Callable[[Any], Any]]] = [
    ("HealthOmics", lambda c: c.list_runs().collect()),
    ("HealthOmics", lambda c: c.list_run_tasks("1").collect()),
    ("ECS", lambda c: c.list_tasks().collect()),
]
OTHERS: list[tuple[str, Callable[[Any], Any]]] = [
    ("HealthOmics", lambda c: c.get_run("1")),
    ("HealthOmics", lambda c: c.get_run_task("1", "2")),
    ("ECS", lambda c: c.describe_tasks(["a"])),
    ("Deadline", lambda c: c.get_task(**DEADLINE_IDS)),
    ("Deadline", lambda c: c.list_tasks(*list(DEADLINE_IDS.values())[:4]).collect()),
    ("Deadline", lambda c: c.search_tasks(FARM, [DEADLINE_IDS["queue_id"]]).collect()),
    ("Deadline", lambda c: c.batch_get_tasks([tuple(DEADLINE_IDS.values())])),
]  # fmt: skip
UNKNOWN: list[dict[str, Any]] = [
    {"message": "Forbidden"},
    {"__type": "ServerException", "message": "x"},
    {"error": "unauthorized"},
    {"Output": {"items": [], "tasks": []}},
    {"Items": [], "Tasks": [], "TaskArns": [], "ID": "1", "TaskId": "1"},
    {"next_token": None},
]


@pytest.mark.parametrize("members", UNKNOWN, ids=str)
@pytest.mark.parametrize(("service", "question"), [*PAGES, *OTHERS])
def test_answers_without_known_members(
    ask: Ask, service: str, question: Callable[[Any], Any], members: dict[str, Any]
) -> None:
    """A 200 without any known member is an error, also for listings."""
    with pytest.raises(ResponseError):
        ask(question, service, transport=Script(json_answer(**members)).transport)


def test_only_a_page_may_be_empty(ask: Ask) -> None:
    """An empty object is only valid as a page without required members."""
    for service, question in PAGES:
        assert [] == ask(question, service, transport=Script(json_answer()).transport)
    for service, question in OTHERS:
        with pytest.raises(ResponseError):
            ask(question, service, transport=Script(json_answer()).transport)


def test_attribute_names_are_unknown_on_the_wire(ask: Ask) -> None:
    """``items`` instead of ``taskArns`` is an unknown member and no page by itself."""
    question = PAGES[-1][1]
    beside = json_answer(items=[], taskArns=["a"])
    assert ["a"] == ask(question, "ECS", transport=Script(beside).transport)
    with pytest.raises(ResponseError, match="none of the operation's members"):
        ask(question, "ECS", transport=Script(json_answer(items=["a"])).transport)


def test_a_known_member_is_enough(ask: Ask) -> None:
    """A page needs one known member, even null; unknown ones stay readable."""
    script = Script(json_answer(items=None, error="x"))
    [page] = ask(lambda c: pages(c.list_runs()), transport=script.transport)
    assert ([], {"error": "x"}) == (page.items, page.model_extra)


def test_dumping_by_alias() -> None:
    """Dumping by alias returns the wire format."""
    wire = {**TASK, "parameters": {"frame": {"chunkInt": "1-10"}}}
    task = Task.model_validate_json(httpx.Response(200, json=wire).content)
    assert wire == task.model_dump(mode="json", by_alias=True, exclude_none=True)
    assert "1-10" == task.parameters["frame"].chunk_int


def test_models_can_be_made_by_hand() -> None:
    """Models can be made with attribute names, as in users' tests."""
    run = Run(id="1", status=RunStatus.FAILED, tags={"a": "b"})
    assert ("FAILED", {"a": "b"}) == (run.status, run.tags)
    value = TaskParameterValue(string="x")
    assert Task(
        task_id="t", created_at=datetime.now(UTC), created_by="me", run_status="READY",  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # a plain string is read as a status
        parameters={"p": value},
    ).parameters == {"p": value}  # fmt: skip


def test_models_are_frozen_and_survive_pickling() -> None:
    """A model can't be changed, and equals its pickled copy."""
    run = get_run(ask_sync, status="NEW", startTime="2026-01-02T03:04:05Z", extra=[1])
    with pytest.raises(ValueError, match="frozen"):
        run.name = "x"
    assert run == pickle.loads(pickle.dumps(run))


ARN = "arn:aws-cn:ecs:cn-north-1:111122223333:task"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (f"{ARN}/render/0cc4", ("cn-north-1", "111122223333", "render", "0cc4")),
        (f"{ARN}/0cc4", ("cn-north-1", "111122223333", None, "0cc4")),
        (f"{ARN}/a/b/c", (None, None, None, None)),
        ("arn:aws:ecs:::task/", (None, None, None, None)),
        ("arn:aws:s3:::bucket/task", (None, None, None, None)),
        ("", (None, None, None, None)),
    ],
)
def test_task_arns_know_their_parts(text: str, parts: tuple[str | None, ...]) -> None:
    """Long and short ARNs are parsed; missing parts are None."""
    arn = TaskArn(text)
    assert parts == (arn.region, arn.account_id, arn.cluster, arn.task_id)


@given(st.text())
def test_any_text_is_a_task_arn(text: str) -> None:
    """A TaskArn may be any str, and its properties never raise."""
    script = Script(json_answer(taskArns=[text]))
    [arn] = ask_sync(lambda c: c.list_tasks().collect(), "ECS", transport=script.transport)
    assert (text, TaskArn) == (arn, type(arn))
    assert {type(part) for part in (arn.cluster, arn.task_id, arn.region)} <= {str, type(None)}


def test_task_statuses_are_their_own_enum() -> None:
    """Runs and tasks have different status enums: a task is never DELETED."""
    assert {"DELETED"} == {s.value for s in RunStatus} - {s.value for s in RunTaskStatus}
