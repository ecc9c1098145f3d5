"""docs/from-boto3.md: the two sides of each of its tables, held against each other."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from botocore import xform_name
from botocore.config import Config

import omics_tasks
from omics_tasks.testing import LocalAWS

from ..oracles.aws import OPERATIONS
from .conftest import Account
from .pages import DOCS, codes, table

PAGE = DOCS / "from-boto3.md"
boto3: Any = importlib.import_module("boto3")  # it comes without types
for name in ("botocore.exceptions", "omics_tasks.deadline", "omics_tasks.ecs"):
    importlib.import_module(name)
SESSION = boto3.Session()  # the models that one has read are not read again
NAMES = {name: getattr(omics_tasks, name) for name in omics_tasks.__all__} | {
    "Config": Config,
    "boto3": boto3,
    "botocore": importlib.import_module("botocore"),
    "omics_tasks": omics_tasks,
}
CLIENTS = {"omics": "HealthOmics", "ecs": "ECS", "deadline": "Deadline"}
PREFIXES = {"omics": "workflows-", "ecs": "", "deadline": "management."}


class Row(NamedTuple):
    """One row of a table: what is written on either side."""

    theirs: str
    ours: str


def rows(section: str) -> list[Row]:
    """The rows of the table that a section has."""
    cells = table(PAGE, "| boto3 | omics-tasks |", after=f"## {section}\n")
    return [Row(*(codes(cell)[0] for cell in row)) for row in cells]


@pytest.fixture
def theirs(account: Account) -> Iterator[dict[str, Any]]:
    """What the left side may use: boto3's clients."""
    clients = {service: SESSION.client(service, "us-west-2") for service in CLIENTS}
    yield {**NAMES, **account.names, **clients}
    for client in clients.values():
        client.close()


@pytest.fixture
def ours(account: Account) -> Iterator[dict[str, Any]]:
    """What the right side may use: our clients."""
    clients = {name: getattr(omics_tasks, f"{cls}Client")() for name, cls in CLIENTS.items()}
    yield {**NAMES, **account.names, **clients}
    for client in clients.values():
        client.close()


def sent(aws: LocalAWS, code: str, names: dict[str, Any]) -> list[Any]:
    """The requests that a side makes, once what it gives is used up."""
    aws.requests.clear()
    given = eval(code, names)
    if isinstance(given, Iterable) and not isinstance(given, dict | list):
        list(given)  # a listing of either side asks for nothing before
    return list(aws.requests)


@pytest.mark.parametrize(
    "row", [*rows("Calls"), *rows("Paging"), *rows("Waiters")], ids=lambda row: row.ours
)
def test_both_sides_ask_the_same(
    row: Row, account: Account, theirs: dict[str, Any], ours: dict[str, Any]
) -> None:
    """The two lines of a row send the same requests, with the same arguments."""
    page = next(ours["omics"].list_run_tasks("1234567", page_size=2).pages())
    theirs["token"] = ours["token"] = page.next_token
    (listing,) = re.findall(r"`listing = ([^`]+)`", PAGE.read_text())
    theirs["listing"] = eval(listing, theirs)
    asked = sent(account.aws, row.theirs, theirs)
    assert asked
    assert asked == sent(account.aws, row.ours, ours)


@pytest.mark.parametrize("row", rows("Answers"), ids=lambda row: row.ours)
def test_both_sides_answer_the_same(row: Row, theirs: dict[str, Any], ours: dict[str, Any]) -> None:
    """The two lines of a row are the same part of the same answer."""
    theirs["run"] = theirs["omics"].get_run(id="1234567")
    ours["run"] = ours["omics"].get_run("1234567")
    assert eval(row.theirs, theirs) == eval(row.ours, ours)


def test_every_operation_has_a_row() -> None:
    """Each operation of the library is on the left side of a table, as boto3 calls it."""
    text = " ".join(row.theirs for row in rows("Calls"))
    called = [f"{each.service.id}.{xform_name(each.name)}(" for each in OPERATIONS.values()]
    assert [] == [method for method in called if method not in text]


class Scenario(NamedTuple):
    """How an error is met: what happens first, and which call meets it."""

    happens: Callable[[LocalAWS, pytest.MonkeyPatch], object] = lambda _aws, _patch: None
    service: str = "omics"
    theirs: Callable[[Any], object] = lambda omics: omics.get_run(id="404")
    ours: Callable[[Any], object] = lambda omics: omics.get_run("404")


def fail(fault: Any) -> Scenario:
    return Scenario(
        lambda aws, _: aws.fail_next(fault),
        theirs=lambda omics: omics.get_run(id="1234567"),
        ours=lambda omics: omics.get_run("1234567"),
    )


def without(*variables: str) -> Callable[[LocalAWS, pytest.MonkeyPatch], object]:
    def remove(_: LocalAWS, patch: pytest.MonkeyPatch) -> None:
        for variable in variables:
            patch.delenv(variable, raising=False)

    return remove


GONE = {
    "farmId": "farm-" + "0" * 32,
    "queueId": "queue-" + "0" * 32,
    "jobId": "job-" + "0" * 32,
    "stepId": "step-" + "0" * 32,
    "taskId": "task-" + "0" * 32 + "-0",
}
SCENARIOS = {
    "ResourceNotFoundException": Scenario(),
    "ThrottlingException": fail("throttling"),
    "omics_tasks.ecs.ClusterNotFoundException": Scenario(
        service="ecs",
        theirs=lambda ecs: ecs.list_tasks(cluster="gone"),
        ours=lambda ecs: ecs.list_tasks(cluster="gone").collect(),
    ),
    "omics_tasks.deadline.ResourceNotFoundException": Scenario(
        service="deadline",
        theirs=lambda deadline: deadline.get_task(**GONE),
        ours=lambda deadline: deadline.get_task(*GONE.values()),
    ),
    "ServiceError": Scenario(),
    "ParamValidationError": Scenario(
        theirs=lambda omics: omics.get_run(id=1), ours=lambda omics: omics.get_run(1)
    ),
    "NoRegionError": Scenario(without("AWS_REGION", "AWS_DEFAULT_REGION")),
    "NoCredentialsError": Scenario(without("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")),
    "ProfileNotFoundError": Scenario(lambda _, patch: patch.setenv("AWS_PROFILE", "gone")),
    "EndpointConnectionError": Scenario(
        lambda _, patch: patch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    ),
    "ReadTimeoutError": fail("timeout"),
    "ConnectionClosedError": fail("reset"),
}


def meet_with_boto3(scenario: Scenario) -> None:
    config = Config(read_timeout=0.3, retries={"total_max_attempts": 1})
    with closing(boto3.Session().client(scenario.service, config=config)) as client:
        scenario.theirs(client)


def meet_with_ours(scenario: Scenario) -> None:
    once = omics_tasks.RetryPolicy(max_attempts=1)
    make = getattr(omics_tasks, f"{CLIENTS[scenario.service]}Client")
    with make(timeout=(5, 0.3), retries=once) as client:
        scenario.ours(client)


@pytest.mark.parametrize("row", rows("Errors"), ids=lambda row: row.ours)
def test_both_sides_raise(
    row: Row, account: Account, theirs: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What makes boto3 raise the error on the left makes this library raise that on the right."""
    scenario = SCENARIOS[row.ours]
    expected = eval(row.theirs, theirs)
    scenario.happens(account.aws, monkeypatch)
    with pytest.raises(Exception) as caught:  # noqa: PT011 - a class is its client's own
        meet_with_boto3(scenario)
    assert expected.__name__ in [cls.__name__ for cls in type(caught.value).__mro__]
    scenario.happens(account.aws, monkeypatch)
    with pytest.raises(eval(row.ours, NAMES)):
        meet_with_ours(scenario)


@pytest.fixture
def _settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(variable, "us-west-2")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDENVIRONMENT")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")


def of_boto3(client: Any) -> dict[str, object]:
    settings = client.meta.config
    return {
        "service": client.meta.service_model.service_name,
        "region": client.meta.region_name,
        "endpoint": client.meta.endpoint_url,
        "time-outs": (settings.connect_timeout, settings.read_timeout),
        "key": client._request_signer._credentials.access_key,  # noqa: SLF001 - nothing else tells
    }


def of_ours(client: Any) -> dict[str, object]:
    service = type(client).__name__.removesuffix("Client").lower().replace("health", "")
    config = client.config
    return {
        "service": service,
        "region": config.region,
        "endpoint": config.endpoint_url.replace(f"//{PREFIXES[service]}", "//"),
        "time-outs": (config.connect_timeout, config.read_timeout),
        "key": config.credentials.get().access_key,
    }


@pytest.mark.parametrize("row", rows("Configuration"), ids=lambda row: row.ours)
@pytest.mark.usefixtures("_settings")
def test_both_sides_are_set_alike(row: Row, tmp_path: Path) -> None:
    """The two lines of a row make clients of the same service, with the same settings."""
    (tmp_path / "config").write_text(
        "[profile research]\nregion = us-west-2\n"
        "aws_access_key_id = AKIDRESEARCH\naws_secret_access_key = secret\n"
    )
    with closing(eval(row.theirs, NAMES)) as theirs, eval(row.ours, NAMES) as ours:
        assert of_boto3(theirs) == of_ours(ours)
        if "retries" in row.theirs:
            assert theirs.meta.config.retries["total_max_attempts"] == (
                ours.config.retries.max_attempts
            )
