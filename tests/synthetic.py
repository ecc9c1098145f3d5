"""Operations that no service has: what the protocol layer does with them."""

from __future__ import annotations

from collections.abc import Callable
from types import NoneType
from typing import Any

import httpx

from omics_tasks._core.model import Input
from omics_tasks._core.operation import Operation, Protocol, Repeatability, Service

from .asking import Ask, Script

REST = Service("omics", "workflows-", Protocol.REST_JSON)
JSON = Service("ecs", "", Protocol.AWS_JSON, "Target")


def operation(
    input_: type[Input] = Input,
    method: str = "POST",
    path: str = "/things",
    *,
    output: Any = NoneType,
    service: Service = REST,
    host_prefix: str | None = None,
    declared_repeatability: Repeatability | None = None,
) -> Operation[Any, Any]:
    return Operation(
        service, "DoThing", input_, output, (), method, path,
        host_prefix=host_prefix, declared_repeatability=declared_repeatability,
    )  # fmt: skip


def call(made: Operation[Any, Any], **arguments: Any) -> Callable[[Any], Any]:
    """A question that calls an operation."""
    return lambda client: client._call(made, **arguments)  # noqa: SLF001 - it has no method


def sent(ask: Ask, made: Operation[Any, Any], **arguments: Any) -> httpx.Request:
    """The one request that a call sends."""
    script = Script(httpx.Response(200))
    ask(call(made, **arguments), transport=script.transport)
    (request,) = script.requests
    return request
