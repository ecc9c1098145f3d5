"""Alternative forms of a value: each form with one meaning is parsed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from omics_tasks import ResponseError
from omics_tasks.healthomics import Run

from .asking import Ask, Script, pages
from .test_arguments import DEADLINE_IDS

INTEGERS = ["1200", "1200.0", "1.2e3", '"1200"', '"1200.0"', '"1.2E+3"']
TIMES = [
    '"2026-01-02T03:04:05.25Z"', '"2026-01-02T04:04:05.250+01:00"', "1767323045.25",
    "1.76732304525e9", '"1767323045.25"', '"1.76732304525E9"',
]  # fmt: skip
TIME = datetime(2026, 1, 2, 3, 4, 5, 250000, UTC)
TIMES_AT_ALL = ["0", "-1.5", '"1969-12-31T23:59:59Z"', '"100000000"']

NO_INTEGERS = ["7.5", '"7.5"', "true", '"true"', '"seven"', '" 7"', '"007"', '"+7"', '"1_0"',
               '"\u0667"', '""',
               "1e300", '"1e300"', "9007199254740994.0", "NaN", "[7]", "{}"]  # fmt: skip
NO_BOOLEANS = ["1", "0", "1.0", '"yes"', '"True"', '"1"', '""', "[true]"]
NO_TIMES = ["true", '"yesterday"', '"2026-01-02"', '"2026-01-02T03:04:05"', '"2026"', '"20260102"',
            '"20260102030405"', "1767322800000", '"1767322800000"', '"-5"', '"NaN"', "NaN", "1e999",
            '"1e999"', "[0]", '""']  # fmt: skip


def answering(text: str) -> httpx.MockTransport:
    return Script(httpx.Response(200, content=text.encode())).transport


def list_runs(ask: Ask, members: str) -> Any:
    """Return an answer with 100 runs, of which the one at 57 has these members."""
    runs = [f'{{"id": "{at}"}}' for at in range(100)]
    runs[57] = f'{{"id": "57", {members}}}'
    transport = answering(f'{{"items": [{", ".join(runs)}]}}')
    return ask(lambda c: c.list_runs().collect(), transport=transport)


def list_run_tasks(ask: Ask, members: str) -> Any:
    transport = answering(f'{{"items": [{{"taskId": "1"}}, {{"taskId": "2", {members}}}]}}')
    return ask(lambda c: c.list_run_tasks("1").collect(), transport=transport)


def describe_task(ask: Ask, members: str) -> Any:
    transport = answering(f'{{"tasks": [{{"taskArn": "a", {members}}}], "failures": []}}')
    return ask(lambda c: c.describe_tasks(["a"]), "ECS", transport=transport).tasks[0]


def get_task(ask: Ask, members: str) -> Any:
    task = '"taskId": "t", "createdAt": "2026-01-02T03:04:05Z", "createdBy": "x", "runStatus": "R"'
    transport = answering(f"{{{task}, {members}}}")
    return ask(lambda c: c.get_task(**DEADLINE_IDS), "Deadline", transport=transport)


@pytest.mark.parametrize("form", INTEGERS)
def test_whole_numbers(ask: Ask, form: str) -> None:
    """A whole number may have a fraction of 0 or an exponent, or be text, at any depth."""
    runs = list_runs(ask, f'"priority": {form}')
    container = f'"containers": [{{"exitCode": {form}}}], "version": {form}'
    task = describe_task(ask, container)
    retried = get_task(ask, f'"failureRetryCount": {form}')
    found = [
        runs[57].priority,
        task.version,
        task.containers[0].exit_code,
        retried.failure_retry_count,
    ]
    assert [(1200, int)] * 4 == [(each, type(each)) for each in found]
    assert 100 == len(runs)


def test_offsets_are_whole_numbers(ask: Ask) -> None:
    """Total counts and offsets are parsed from each form too."""
    transport = answering('{"tasks": [], "totalResults": "300", "nextItemOffset": 100.0}')
    ids = DEADLINE_IDS["farm_id"], [DEADLINE_IDS["queue_id"]]
    [page] = ask(lambda c: pages(c.search_tasks(*ids), 1), "Deadline", transport=transport)
    assert (300, "100") == (page.total_results, page.next_token)


@pytest.mark.parametrize(("form", "expected"), [('"true"', True), ('"false"', False)])
def test_booleans(ask: Ask, form: str, expected: bool) -> None:
    """A boolean may be text."""
    assert expected is list_run_tasks(ask, f'"cacheHit": {form}')[1].cache_hit
    assert expected is describe_task(ask, f'"enableExecuteCommand": {form}').enable_execute_command


@pytest.mark.parametrize("form", TIMES)
def test_times(ask: Ask, form: str) -> None:
    """A time may be text, a number of seconds, or digits, in every service."""
    agent = f'"containers": [{{"managedAgents": [{{"lastStartedAt": {form}}}]}}]'
    task = describe_task(ask, f'"createdAt": {form}, {agent}')
    found = [
        list_runs(ask, f'"startTime": {form}')[57].start_time,
        task.created_at,
        task.containers[0].managed_agents[0].last_started_at,
        get_task(ask, f'"startedAt": {form}').started_at,
    ]
    assert [TIME] * 4 == found
    assert all(each.utcoffset() is not None for each in found)


@pytest.mark.parametrize("form", TIMES_AT_ALL)
def test_times_before_1973(ask: Ask, form: str) -> None:
    """Times around 1970 are parsed too; a text of digits needs nine to be a time."""
    run = list_runs(ask, f'"startTime": {form}')[57]
    assert run.start_time == describe_task(ask, f'"createdAt": {form}').created_at
    assert 1969 <= run.start_time.year <= 1973


def test_loose_forms_are_dumped_as_the_service_writes_them(ask: Ask) -> None:
    """Dumping by alias returns the usual form of a value."""
    run = list_runs(ask, '"startTime": 0, "priority": "7"')[57].model_dump(
        mode="json", by_alias=True
    )
    assert ("1970-01-01T00:00:00Z", 7) == (run["startTime"], run["priority"])
    task = describe_task(ask, '"createdAt": "1970-01-02T00:00:00Z", "enableExecuteCommand": "true"')
    wire = task.model_dump(mode="json", by_alias=True)
    assert (86400, True) == (wire["createdAt"], wire["enableExecuteCommand"])


@pytest.mark.parametrize(
    ("member", "form"),
    [("priority", form) for form in NO_INTEGERS] + [("startTime", form) for form in NO_TIMES],
)
def test_ambiguous_forms_are_errors(ask: Ask, member: str, form: str) -> None:
    """A form with no meaning or two is an error that names the item and the member."""
    with pytest.raises(ResponseError, match=rf": items\[57\]\.{member}: Input should be a"):
        list_runs(ask, f'"{member}": {form}')


@pytest.mark.parametrize("form", NO_BOOLEANS)
def test_numbers_are_no_booleans(ask: Ask, form: str) -> None:
    """A boolean is neither 1 nor a word such as yes."""
    with pytest.raises(ResponseError, match=r"items\[1\]\.cacheHit: Input should be true or false"):
        list_run_tasks(ask, f'"cacheHit": {form}')


@pytest.mark.parametrize("form", ["7", "7.0", "true"])
def test_numbers_are_no_strings(ask: Ask, form: str) -> None:
    """A number for a string is an error, since the id 007 would become 7."""
    with pytest.raises(ResponseError, match=r"items\[57\]\.name: "):
        list_runs(ask, f'"name": {form}')


@pytest.mark.parametrize(
    ("members", "place"),
    [
        ('"containers": [{}, {"exitCode": 1.5}]', r"tasks[0].containers[1].exitCode"),
        ('"overrides": {"containerOverrides": [{"cpu": "x"}]}',
         "tasks[0].overrides.containerOverrides[0].cpu"),
        ('"ephemeralStorage": {}', "tasks[0].ephemeralStorage.sizeInGiB"),
        ('"containers": {}', "tasks[0].containers"),
        ('"createdAt": "now"', "tasks[0].createdAt"),
    ],
)  # fmt: skip
def test_places_in_nested_structures(ask: Ask, members: str, place: str) -> None:
    """Errors name members at any depth, also of sensitive values."""
    with pytest.raises(ResponseError) as caught:
        describe_task(ask, members)
    assert f"match the API: {place}: " in str(caught.value)


def test_forms_are_read_from_python_too() -> None:
    """A dict of an answer's members makes the same model as the answer."""
    members = {"id": "1", "priority": "7", "startTime": 1767323045.25}
    assert Run.model_validate(members) == Run.model_validate_json(json.dumps(members))
