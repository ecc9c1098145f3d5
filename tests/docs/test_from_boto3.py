"""docs/from-boto3.md: the two sides of each table are equivalent."""

from __future__ import annotations

import re
import shutil
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import certifi
import httpx
import pytest
from botocore import xform_name
from botocore.exceptions import ClientError, WaiterError

import omics_tasks
from omics_tasks import ECSClient, HealthOmicsClient, Page, ServiceError
from omics_tasks._io.settings import IGNORE_ENDPOINTS
from omics_tasks.healthomics import RunStatus, RunTaskStatus
from omics_tasks.testing import LocalAWS

from ..oracles.aws import OPERATIONS
from .boto3_page import CLIENTS, NAMES, PAGE, Row, boto3, rows
from .conftest import Account
from .pages import codes, table

SESSION = boto3.Session()  # the models that one has read are not read again
PREFIXES = {"omics": "workflows-", "ecs": "", "deadline": "management."}


@pytest.fixture
def theirs(account: Account) -> Iterator[dict[str, Any]]:
    """Return the names for the left side: boto3's clients."""
    clients = {service: SESSION.client(service, "us-west-2") for service in CLIENTS}
    yield {**NAMES, **account.names, **clients}
    for client in clients.values():
        client.close()


@pytest.fixture
def ours(account: Account) -> Iterator[dict[str, Any]]:
    """Return the names for the right side: our clients."""
    clients = {name: getattr(omics_tasks, f"{cls}Client")() for name, cls in CLIENTS.items()}
    yield {**NAMES, **account.names, **clients}
    for client in clients.values():
        client.close()


def sent(aws: LocalAWS, code: str, names: dict[str, Any]) -> list[Any]:
    """Return the requests of a side once its result is read."""
    aws.requests.clear()
    given = eval(code, names)
    if isinstance(given, Iterable) and not isinstance(given, dict | list):
        list(given)  # a listing of either side sends nothing before
    return list(aws.requests)


@pytest.mark.parametrize(
    "row", [*rows("## Calls"), *rows("## Paging"), *rows("## Waiters")], ids=lambda row: row.ours
)
def test_both_sides_send_the_same(
    row: Row, account: Account, theirs: dict[str, Any], ours: dict[str, Any]
) -> None:
    """Both sides of a row send the same requests."""
    page = next(ours["omics"].list_run_tasks("1234567", page_size=2).pages())
    theirs["token"] = ours["token"] = page.next_token
    (listing,) = re.findall(r"`listing = ([^`]+)`", PAGE.read_text())
    theirs["listing"] = eval(listing, theirs)
    requests = sent(account.aws, row.theirs, theirs)
    assert requests
    assert requests == sent(account.aws, row.ours, ours)


@pytest.mark.parametrize("row", rows("## Answers"), ids=lambda row: row.ours)
def test_both_sides_return_the_same(row: Row, theirs: dict[str, Any], ours: dict[str, Any]) -> None:
    """Both sides of a row return the same part of the same answer."""
    theirs["run"] = theirs["omics"].get_run(id="1234567")
    ours["run"] = ours["omics"].get_run("1234567")
    assert eval(row.theirs, theirs) == eval(row.ours, ours)


def test_every_operation_has_a_row() -> None:
    """Each operation of the library is in a table, as boto3 calls it."""
    text = " ".join(row.theirs for row in rows("## Calls"))
    called = [f"{each.service.id}.{xform_name(each.name)}(" for each in OPERATIONS.values()]
    assert [] == [method for method in called if method not in text]


@pytest.fixture
def _settings(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(variable, "us-west-2")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDENVIRONMENT")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    shutil.copy(certifi.where(), folder / "company.pem")


def of_boto3(client: Any) -> dict[str, object]:
    settings = client.meta.config
    keys = client._request_signer._credentials  # noqa: SLF001 - nothing else tells
    return {
        "service": client.meta.service_model.service_name,
        "region": client.meta.region_name,
        "endpoint": client.meta.endpoint_url,
        "time-outs": (settings.connect_timeout, settings.read_timeout),
        "keys": (keys.access_key, keys.secret_key, keys.token),
    }


def of_ours(client: Any) -> dict[str, object]:
    service = type(client).__name__.removesuffix("Client").lower().replace("health", "")
    config = client.config
    keys = client._credentials.get()  # noqa: SLF001 - no setting shows a secret
    return {
        "service": service,
        "region": config.region,
        "endpoint": config.endpoint_url.replace(f"//{PREFIXES[service]}", "//"),
        "time-outs": (config.connect_timeout, config.read_timeout),
        "keys": (keys.access_key, keys.secret_key, keys.token),
    }


@pytest.mark.parametrize("row", rows("## Configuration"), ids=lambda row: row.ours)
@pytest.mark.usefixtures("_settings")
def test_both_sides_are_set_alike(row: Row, tmp_path: Path) -> None:
    """Both sides of a row make clients of the same service with the same settings."""
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
        if "verify" in row.theirs:
            verify = theirs._endpoint.http_session._verify  # noqa: SLF001 - nothing else tells
            assert str(verify) == str(ours.config.verify)


def test_settings_without_an_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second table names settings of botocore and existing alternatives."""
    cells = table(PAGE, "| boto3 | omics-tasks |", after="What is no argument here:")
    theirs, ours = ([codes(cell)[0] for cell in column] for column in zip(*cells, strict=True))
    assert ["proxies", "client_cert", "ignore_configured_endpoint_urls"] == [
        next(iter(eval(code, NAMES)._user_provided_options))  # noqa: SLF001 - nothing else tells
        for code in theirs
    ]
    proxied, certified, variable = ours
    names = {"httpx": httpx, "context": ssl.create_default_context()}
    for code in (proxied, certified):
        with ECSClient(region="us-east-1", transport=eval(code.partition("=")[2], names)):
            pass
    name, _, value = variable.partition("=")
    assert (name,) == IGNORE_ENDPOINTS.variables
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://localhost:5000")
    monkeypatch.setenv(name, value)
    with ECSClient(region="us-east-1") as ecs:
        assert "https://ecs.us-east-1.amazonaws.com" == ecs.config.endpoint_url


def test_every_paginator_has_a_row(theirs: dict[str, Any]) -> None:
    """The table of paging has all paginators of boto3 and all our listings but the search."""
    listings = {
        f'{each.service.id}.get_paginator("{method}")': theirs[each.service.id].can_paginate(method)
        for each in OPERATIONS.values()
        for method in [xform_name(each.name)]
        if issubclass(each.output, Page)
    }
    text = PAGE.read_text()
    assert {code: code in text for code in listings} == listings
    assert ['deadline.get_paginator("search_tasks")'] == [
        c for c, is_there in listings.items() if not is_there
    ]


WAITERS = [
    ("run_completed", "CANCELLED", True),
    ("task_completed", "CANCELLED", True),
    ("run_running", "CANCELLED", False),
    ("task_running", "CANCELLED", False),
    ("run_completed", "DELETED", True),
    ("run_running", "DELETED", True),
    ("tasks_stopped", "MISSING", True),
    ("tasks_running", "MISSING", False),
]
"""A waiter of boto3, an event in it, and whether boto3 polls again."""


@pytest.mark.parametrize(("waiter", "status", "goes_on"), WAITERS)
def test_waiters_that_go_on(
    waiter: str, status: str, goes_on: bool, account: Account, theirs: dict[str, Any]
) -> None:
    """The sentence about boto3's waiters is true: they poll on where no success can come."""
    sentence = " ".join(PAGE.read_text().partition("Until then ")[2].partition(";")[0].split())
    documented = {
        (name, after)
        for names, after in re.findall(r"(.*?) after ([A-Z]+)", sentence)
        for name in codes(names)
    }
    assert documented == {(name, after) for name, after, goes_on in WAITERS if goes_on}
    if status == "MISSING":
        service, arguments = "ecs", {"cluster": "render", "tasks": ["0" * 32]}
    else:
        service = "omics"
        run = account.aws.healthomics.add_run(status=RunStatus(status))
        task = account.aws.healthomics.add_task(run.id, status=RunTaskStatus("CANCELLED"))
        of_a_task = {"taskId": task.task_id} if waiter.startswith("task_") else {}
        arguments = {"id": run.id, **of_a_task}
    account.aws.requests.clear()
    with pytest.raises(WaiterError):
        theirs[service].get_waiter(waiter).wait(
            **arguments, WaiterConfig={"Delay": 0, "MaxAttempts": 3}
        )
    assert (3 if goes_on else 1) == len(account.aws.requests)


def test_both_retry_as_the_page_says(
    account: Account, theirs: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page has the default attempts of this library and of botocore's modes."""
    monkeypatch.setattr("time.sleep", account.aws.advance)
    text = PAGE.read_text()
    account.aws.fail_next("internal", times=20)

    def attempts(call: Callable[[], object]) -> int:
        account.aws.requests.clear()
        with pytest.raises((ClientError, ServiceError)):
            call()
        return len(account.aws.requests)

    mode = theirs["omics"].meta.config.retries["mode"]
    patterns = {
        "standard": r"(\d) attempts, in mode `standard`",
        "legacy": r"`legacy`, (\d) attempts",
    }
    (number,) = re.findall(patterns[mode], text)
    assert int(number) == attempts(lambda: theirs["omics"].get_run(id="1234567"))
    (number,) = re.findall(patterns["standard"], text)
    with HealthOmicsClient() as omics:
        assert int(number) == attempts(lambda: omics.get_run("1234567"))


def test_only_this_library_reads_the_newer_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two regions in the environment, each side prefers its own variable."""
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-2")
    with ECSClient() as ours, closing(boto3.Session().client("ecs")) as theirs:
        assert ("eu-west-1", "eu-west-2") == (ours.config.region, theirs.meta.region_name)
