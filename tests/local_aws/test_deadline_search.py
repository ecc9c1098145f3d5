"""SearchTasks of the local Deadline Cloud: filters, order, offsets and errors."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from omics_tasks.deadline import TaskId, TaskParameterValue
from omics_tasks.testing import LocalAWS
from omics_tasks.testing import deadline_search as searching

from .by_boto3 import IDS, boto3_client, error_of, with_body

AT_NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


class Farm:
    """A queue with three tasks in two jobs; tests refer to a task by the last number of its id."""

    def __init__(self, aws: LocalAWS) -> None:
        self.aws = aws
        self.client = boto3_client(aws, "deadline")
        self.add(0, run_status="READY", parameters={"frame": TaskParameterValue(int="9")})
        self.add(
            1,
            run_status="FAILED",
            started_at=AT_NOON,
            updated_by="Ann",
            failure_retry_count=2,
            parameters={"frame": TaskParameterValue(int="10")},
        )
        self.add(
            2,
            job_id="job-" + "6" * 32,
            run_status="FAILED",
            started_at=AT_NOON.replace(hour=13),
            target_run_status="READY",
            parameters={"scene": TaskParameterValue(path="/render/Blue Lamp.usd")},
        )

    def add(self, number: int, **fields: Any) -> TaskId:
        task_id = f"{IDS.task_id[:-1]}{number}"
        given: dict[str, Any] = {**IDS._asdict(), "task_id": task_id, **fields}
        return self.aws.deadline.add_task(**given)

    def search(self, **arguments: Any) -> dict[str, Any]:
        given = {"farmId": IDS.farm_id, "queueIds": [IDS.queue_id], "itemOffset": 0, **arguments}
        answer: dict[str, Any] = self.client.search_tasks(**given)
        return answer

    def found(self, *filters: dict[str, Any], operator: str = "AND", **arguments: Any) -> list[int]:
        if filters:
            arguments["filterExpressions"] = {"filters": filters, "operator": operator}
        tasks = self.search(**arguments)["tasks"]
        return [int(task["taskId"].rpartition("-")[2]) for task in tasks]


@pytest.fixture
def farm(aws: LocalAWS) -> Farm:
    return Farm(aws)


def text(name: str, operator: str, value: str) -> dict[str, Any]:
    return {"stringFilter": {"name": name, "operator": operator, "value": value}}


def one_of(name: str, operator: str, *values: str) -> dict[str, Any]:
    return {"stringListFilter": {"name": name, "operator": operator, "values": values}}


def time(name: str, operator: str, hour: int) -> dict[str, Any]:
    at = AT_NOON.replace(hour=hour)
    return {"dateTimeFilter": {"name": name, "operator": operator, "dateTime": at}}


def parameter(name: str, operator: str, value: str) -> dict[str, Any]:
    return {"parameterFilter": {"name": name, "operator": operator, "value": value}}


def term(text: str, **match: str) -> dict[str, Any]:
    return {"searchTermFilter": {"searchTerm": text, **match}}


def group(operator: str, *filters: dict[str, Any]) -> dict[str, Any]:
    return {"groupFilter": {"operator": operator, "filters": filters}}


@pytest.mark.parametrize(
    ("search_filter", "expected"),
    [
        (text("RUN_STATUS", "EQUAL", "FAILED"), [1, 2]),
        (text("RUN_STATUS", "NOT_EQUAL", "FAILED"), [0]),
        (text("UPDATED_BY", "EQUAL", "Ann"), [1]),
        (text("UPDATED_BY", "NOT_EQUAL", "Ann"), [0, 2]),
        (text("JOB_ID", "EQUAL", "job-" + "6" * 32), [2]),
        (one_of("RUN_STATUS", "ANY_EQUALS", "READY", "RUNNING"), [0]),
        (one_of("RUN_STATUS", "ALL_NOT_EQUALS", "READY", "RUNNING"), [1, 2]),
        (time("STARTED_AT", "EQUAL", 12), [1]),
        (time("STARTED_AT", "GREATER_THAN_EQUAL_TO", 12), [1, 2]),
        (time("STARTED_AT", "GREATER_THAN", 12), [2]),
        (time("STARTED_AT", "LESS_THAN_EQUAL_TO", 13), [1, 2]),
        (time("STARTED_AT", "LESS_THAN", 13), [1]),
        (parameter("frame", "EQUAL", "10"), [1]),
        (parameter("frame", "EQUAL", "10.0"), [1]),
        (parameter("frame", "NOT_EQUAL", "10"), [0, 2]),
        (parameter("frame", "GREATER_THAN", "9"), [1]),
        (parameter("frame", "LESS_THAN_EQUAL_TO", "10"), [0, 1]),
        (parameter("scene", "EQUAL", "/render/Blue Lamp.usd"), [2]),
        (parameter("scene", "GREATER_THAN", "7"), []),
        (parameter("scene", "LESS_THAN", "7"), [2]),
        (term("blue lamp", matchType="CONTAINS"), [2]),
        (term("lamp blue", matchType="CONTAINS"), []),
        (term("lamp blue"), [2]),
        (term("lamp blue", matchType="FUZZY_MATCH"), [2]),
        (term("ann"), [1]),
        (group("OR", text("RUN_STATUS", "EQUAL", "READY"), term("ann")), [0, 1]),
        (group("AND", text("RUN_STATUS", "EQUAL", "READY"), term("ann")), []),
        (group("OR", group("AND", text("RUN_STATUS", "EQUAL", "READY"))), [0]),
    ],
)
def test_filters(farm: Farm, search_filter: dict[str, Any], expected: list[int]) -> None:
    """Each filter finds exactly the matching tasks."""
    assert expected == farm.found(search_filter)


def test_combined_filters(farm: Farm) -> None:
    """AND requires all filters to match, OR at least one."""
    filters = text("RUN_STATUS", "EQUAL", "FAILED"), parameter("frame", "GREATER_THAN", "0")
    assert [1] == farm.found(*filters)
    assert [0, 1, 2] == farm.found(*filters, operator="OR")


def by_field(name: str, order: str) -> dict[str, Any]:
    return {"fieldSort": {"name": name, "sortOrder": order}}


def by_parameter(name: str, order: str) -> dict[str, Any]:
    return {"parameterSort": {"name": name, "sortOrder": order}}


@pytest.mark.parametrize(
    ("sorts", "expected"),
    [
        ([by_field("TASK_ID", "DESCENDING")], [2, 1, 0]),
        ([by_field("STARTED_AT", "DESCENDING")], [2, 1, 0]),
        ([by_field("STARTED_AT", "ASCENDING")], [1, 2, 0]),
        ([by_field("FAILURE_RETRY_COUNT", "DESCENDING")], [1, 0, 2]),
        ([by_field("RUN_STATUS", "DESCENDING"), by_field("TASK_ID", "DESCENDING")], [0, 2, 1]),
        ([by_field("RUN_STATUS", "DESCENDING"), by_field("TASK_ID", "ASCENDING")], [0, 1, 2]),
        ([by_parameter("frame", "ASCENDING")], [0, 1, 2]),
        ([by_parameter("frame", "DESCENDING")], [1, 0, 2]),
    ],
)
def test_order(farm: Farm, sorts: list[Any], expected: list[int]) -> None:
    """Earlier sort expressions take precedence, and tasks without a value come last."""
    assert expected == farm.found(sortExpressions=sorts)


def test_search_scope(farm: Farm) -> None:
    """A search covers its queues, and only its job if one is given."""
    other = farm.add(3, queue_id="queue-" + "7" * 32)
    farm.add(4, farm_id="farm-" + "8" * 32)
    assert [0, 1, 2] == farm.found()
    assert [0, 1, 2, 3] == farm.found(queueIds=[IDS.queue_id, other.queue_id])
    assert [2] == farm.found(jobId="job-" + "6" * 32)


def test_unknown_scope(farm: Farm) -> None:
    """An unknown farm, queue or job raises ResourceNotFoundException."""
    for wrong in (
        {"farmId": "farm-" + "9" * 32},
        {"queueIds": [IDS.queue_id, "queue-" + "9" * 32]},
        {"jobId": "job-" + "9" * 32},
    ):
        assert ("ResourceNotFoundException", 404) == error_of(lambda: farm.search(**wrong))  # noqa: B023 - called here


def test_offsets(farm: Farm) -> None:
    """A page has the given size, the offset of the next page and the total count."""
    page = farm.search(itemOffset=1, pageSize=1)
    assert ([1], 2, 3) == (
        farm.found(itemOffset=1, pageSize=1),
        page["nextItemOffset"],
        page["totalResults"],
    )
    assert "nextItemOffset" not in farm.search(itemOffset=2, pageSize=1)
    assert [] == farm.found(itemOffset=3)


def test_default_page_size(farm: Farm) -> None:
    """A page has 100 tasks by default."""
    for number in range(3, 101):
        farm.add(number)
    assert (100, 100) == (len(farm.found()), farm.search()["nextItemOffset"])


def test_results_are_limited(farm: Farm, monkeypatch: pytest.MonkeyPatch) -> None:
    """Results beyond the 10,000th are neither returned nor counted; their offset is an error."""
    monkeypatch.setattr(searching, "_MAX_RESULTS", 2)
    page = farm.search(pageSize=100)
    assert (2, 2, 2) == (len(page["tasks"]), page["nextItemOffset"], page["totalResults"])
    assert ("ValidationException", 400) == error_of(lambda: farm.search(itemOffset=2))


JOBS_FIRST: dict[str, Any] = {"sortExpressions": [{"userJobsFirst": {"userIdentityId": "ann"}}]}


@pytest.mark.parametrize(
    ("arguments", "member"),
    [
        ({"filters": [text("NAME", "EQUAL", "x")]}, "filterExpressions"),
        ({"filters": [text("STARTED_AT", "EQUAL", "x")]}, "filterExpressions"),
        ({"filters": [one_of("NAME", "ANY_EQUALS", "x")]}, "filterExpressions"),
        ({"filters": [time("RUN_STATUS", "EQUAL", 1)]}, "filterExpressions"),
        ({"filters": [time("STARTED_AT", "NOT_EQUAL", 1)]}, "filterExpressions"),
        ({"filters": [text("RUN_STATUS", "LESS_THAN", "x")]}, "filterExpressions"),
        ({"filters": [parameter("frame", "ANY_EQUALS", "x")]}, "filterExpressions"),
        ({"filters": []}, "filterExpressions"),
        ({"filters": [group("AND", *[term("x")] * 4)]}, "filterExpressions"),
        (JOBS_FIRST, "sortExpressions"),
        ({"sortExpressions": [by_field("NAME", "ASCENDING")]}, "sortExpressions"),
        ({"sortExpressions": []}, "sortExpressions"),
        ({"itemOffset": 10_001}, "itemOffset"),
        ({"itemOffset": -1}, "itemOffset"),
        ({"pageSize": 101}, "pageSize"),
        ({"queueIds": []}, "queueIds"),
        ({"farmId": "farm"}, "farmId"),
    ],
)
def test_invalid_arguments(aws: LocalAWS, arguments: dict[str, Any], member: str) -> None:
    """Invalid and unsupported arguments raise an error that names the member."""
    client = boto3_client(aws, "deadline")
    aws.deadline.add_task(**IDS._asdict(), appears_after=1000)
    given = {"farmId": IDS.farm_id, "queueIds": [IDS.queue_id], "itemOffset": 0, **arguments}
    if "filters" in given:
        given["filterExpressions"] = {"filters": given.pop("filters"), "operator": "AND"}
    with pytest.raises(client.exceptions.ValidationException) as caught:
        client.search_tasks(**given)
    response: Any = caught.value.response
    assert [member] == [field["name"] for field in response["fieldList"]]


@pytest.mark.parametrize("offset", ["0", 1.5, True])
def test_an_offset_is_a_number(farm: Farm, offset: object) -> None:
    """An offset of another type is a serialization error."""
    raw = with_body(
        farm.client, json.dumps({"queueIds": [IDS.queue_id], "itemOffset": offset}).encode()
    )
    assert ("SerializationException", 400) == error_of(lambda: raw.search_tasks(farmId=IDS.farm_id))


@pytest.mark.parametrize("offset", [{}, {"itemOffset": None}])
def test_an_offset_is_required(farm: Farm, offset: dict[str, None]) -> None:
    """The API requires an offset, though this library's clients add it themselves."""
    raw = with_body(farm.client, json.dumps({"queueIds": [IDS.queue_id], **offset}).encode())
    assert ("ValidationException", 400) == error_of(lambda: raw.search_tasks(farmId=IDS.farm_id))


def test_an_unknown_kind_of_filter(farm: Farm) -> None:
    """An unknown kind of filter is an error and isn't ignored."""
    two = {**term("a"), **text("JOB_ID", "EQUAL", "x")}
    invalid: list[Any] = [{"moonFilter": {}}, {}, "text", two]
    for wrong in invalid:
        members = {"filterExpressions": {"filters": [wrong], "operator": "AND"}}
        body = {"queueIds": [IDS.queue_id], "itemOffset": 0, **members}
        raw = with_body(farm.client, json.dumps(body).encode())
        refused = error_of(lambda: raw.search_tasks(farmId=IDS.farm_id))  # noqa: B023 - called here
        assert ("ValidationException", 400) == refused
