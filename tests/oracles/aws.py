"""AWS's models from botocore, boto3 itself, and the library's operations to compare."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache, partial
from importlib import import_module
from typing import Any

from botocore import xform_name
from botocore.config import Config
from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel

from omics_tasks._core.model import Input, Page
from omics_tasks._core.operation import Operation
from omics_tasks.deadline import operations as deadline
from omics_tasks.ecs import operations as ecs
from omics_tasks.healthomics import operations as healthomics

from ..asking import CREDENTIALS, Ask, pages

boto3: Any = import_module("boto3")  # it comes without types

REGION = "us-east-1"
CLIENTS = {"omics": "HealthOmics", "ecs": "ECS", "deadline": "Deadline"}
"""Prefixes of each service's client classes."""

OPERATIONS: dict[str, Operation[Any, Any]] = {
    f"{value.service.id}.{value.name}": value
    for module in (healthomics, ecs, deadline)
    for value in vars(module).values()
    if isinstance(value, Operation)
}
"""All operations of the library. New ones are found automatically."""


@cache
def api(service: str) -> Mapping[str, Any]:
    """Return AWS's model of a service from botocore."""
    described: Mapping[str, Any] = Loader().load_service_model(service, "service-2")
    return described


@cache
def paging(service: str, operation: str) -> Mapping[str, str]:
    """Return AWS's pagination settings of an operation, or an empty dict."""
    described = Loader().load_service_model(service, "paginators-1")["pagination"]
    return dict(described.get(operation, {}))


@cache
def model_of(operation: Operation[Any, Any]) -> OperationModel:
    """Return AWS's model of one of the library's operations."""
    service = operation.service.id
    return ServiceModel(api(service), service).operation_model(operation.name)


def host_prefix_of(model: OperationModel) -> str:
    """Return AWS's host prefix of an operation's service."""
    endpoint: Any = model.endpoint or {}  # botocore-stubs take it for a string
    return str(endpoint.get("hostPrefix", ""))


CUT = frozenset({"DescribeTasks"})
"""Operations that split names into several requests and reject answers that omit one."""


@cache
def boto3_client(service: str, endpoint_url: str) -> Any:
    """Return a boto3 client without retries for the given endpoint."""
    session = boto3.session.Session(
        aws_access_key_id=CREDENTIALS.access_key,
        aws_secret_access_key=CREDENTIALS.secret_key,
        aws_session_token=CREDENTIALS.token,
        region_name=REGION,
    )
    config = Config(inject_host_prefix=False, retries={"total_max_attempts": 1})
    return session.client(service, endpoint_url=endpoint_url, config=config)


def ask_boto3(
    operation: Operation[Any, Any], members: Mapping[str, object], endpoint_url: str
) -> dict[str, Any]:
    """Return boto3's output of ``operation`` with these members, named as in AWS's model."""
    client = boto3_client(operation.service.id, endpoint_url)
    answer: dict[str, Any] = getattr(client, xform_name(operation.name))(**members)
    del answer["ResponseMetadata"]
    return answer


def read(operation: Operation[Any, Any], members: Mapping[str, object]) -> Input:
    """Return members, named as in AWS's model, as the operation's input."""
    body = json.dumps(members, default=datetime.isoformat)
    given: Input = operation.input.model_validate_json(body, by_alias=True, by_name=False)
    return given


def arguments(operation: Operation[Any, Any], members: Mapping[str, object]) -> dict[str, object]:
    """Return the arguments of the library's method for members named as in AWS's model."""
    given = read(operation, members)
    return {name: getattr(given, name) for name in given.model_fields_set}


def ask_ours(
    ask: Ask, operation: Operation[Any, Any], members: Mapping[str, object], endpoint_url: str
) -> Any:
    """Return the library's output, or the first page of a listing."""
    given = arguments(operation, members)
    is_listing = issubclass(operation.output, Page)

    def question(client: Any) -> Any:
        # What makes several calls of one is compared by the call itself.
        one_call = partial(client._call, operation)  # noqa: SLF001 - as above
        method = None if operation.name in CUT else xform_name(operation.name)
        answer = getattr(client, method or "", one_call)(**given)
        return pages(answer, 1) if is_listing else answer

    service = CLIENTS[operation.service.id]
    answer = ask(question, service, region=REGION, endpoint_url=endpoint_url, verify=False)
    return answer[0] if is_listing else answer
