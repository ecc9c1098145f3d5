"""rest-json and awsJson 1.1: arguments to input, input to request, response to output."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from types import NoneType
from typing import Any, cast, get_args
from urllib.parse import quote, urlencode

from pydantic import ValidationError
from pydantic_core import ErrorDetails, from_json

from ..errors import ParamValidationError, Problem, ResponseError
from .allowance import Allowance, TooMuchError
from .endpoints import LONGEST_URL
from .error_location import locate
from .error_parsing import parse_error, request_id, start_of
from .model import Input, Model, Page
from .operation import In, Operation, Out, Protocol, Repeatability

LONGEST_TARGET = 2**16 - LONGEST_URL
"""Most characters of a path and query: httpx sends no longer URL than 65,536 with the endpoint."""

_UNRESERVED = "-._~"
_LABEL = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request, without its host."""

    method: str
    target: str
    """Path and query, encoded."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = field(default=b"", repr=False)
    host_prefix: str | None = None
    """Prefix of the host, where it differs from the service's."""
    may_repeat: bool = True
    """False where it must not be sent again once it may have reached the service."""


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP response, read to its end."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes = field(repr=False)
    """May hold what must not be shown."""


def check(operation: Operation[In, Any], arguments: Mapping[str, object]) -> In:
    """The arguments as the operation's input, or one ParamValidationError with all their faults."""
    return check_as(operation.input, operation, arguments)


def check_as(
    model: type[In], operation: Operation[Any, Any], arguments: Mapping[str, object]
) -> In:
    """The arguments of what calls ``operation``, as the model has them; raises as ``check``."""
    keeps_none = _keeps_none(model)
    given = {n: value for n, value in arguments.items() if value is not None or n in keeps_none}
    try:
        return model.model_validate(given, context=given)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
        problems = tuple(
            Problem(_argument(e["loc"]), _rule(e["msg"]))
            for e in errors
            if not _follows_from_others(e, errors)
        )
        raise ParamValidationError(operation.service.id, operation.name, problems) from error


@cache
def _keeps_none(model: type[Input]) -> frozenset[str]:
    """Return the members that None is a value of; for any other it means that it is left out."""
    return frozenset(
        name
        for name, field in model.model_fields.items()
        if field.get_default() is not None and NoneType in get_args(field.annotation)
    )


def _follows_from_others(error: ErrorDetails, errors: Sequence[ErrorDetails]) -> bool:
    """Whether a list is too short for one reason alone: what is wrong in it does not count."""
    place = error["loc"]
    return error["type"] == "too_short" and any(
        place == each["loc"][: len(place)] and each is not error for each in errors
    )


def _rule(message: str) -> str:
    return message.removeprefix("Value error, ").replace("a valid tuple", "a list")


def _argument(location: tuple[int | str, ...]) -> str:
    name = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return name.removeprefix(".") or "arguments"


def encode(operation: Operation[Any, Any], arguments: Input) -> Request:
    """The request that asks for ``operation`` with ``arguments``."""
    members = arguments.model_dump(mode="json", by_alias=True, exclude_none=True)
    prefix, may_repeat = operation.host_prefix, operation.repeatability is not Repeatability.NONE
    if operation.service.protocol is Protocol.AWS_JSON:
        return Request(
            operation.method,
            operation.path,
            {
                "Content-Type": "application/x-amz-json-1.1",
                "X-Amz-Target": f"{operation.service.target_prefix}.{operation.name}",
            },
            json.dumps(members).encode(),
            host_prefix=prefix,
            may_repeat=may_repeat,
        )
    path = _LABEL.sub(lambda m: quote(members.pop(m[1]), safe=_UNRESERVED), operation.path)
    if operation.method == "GET":
        target = path + _query(members)
        return Request(operation.method, target, host_prefix=prefix, may_repeat=may_repeat)
    return Request(
        operation.method,
        path,
        {"Content-Type": "application/json"},
        json.dumps(members).encode(),
        host_prefix=prefix,
        may_repeat=may_repeat,
    )


def _query(members: Mapping[str, object]) -> str:
    query = urlencode(members, doseq=True, safe=_UNRESERVED, quote_via=quote)
    return f"?{query}" if query else ""


def decode(operation: Operation[Any, Out], response: Response) -> Out:
    """The output that ``response`` holds; raises the ServiceError or ResponseError that it is."""
    if response.status >= HTTPStatus.BAD_REQUEST:
        raise parse_error(operation, response.status, response.headers, response.body)
    if not HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
        raise _refused(operation, response, "the answer is neither a success nor an error")
    if not issubclass(operation.output, Model):
        return cast(Out, None)
    model: type[Model] = operation.output
    try:
        output = model.model_validate_json(
            response.body, by_alias=True, by_name=False, context=Allowance(response.body)
        )
    except TooMuchError as error:
        raise _refused(operation, response, str(error)) from error
    except ValidationError as error:
        raise _refused(operation, response, *_reasons(operation, error)) from error
    if not _is_answered(output, response.body):
        raise _refused(operation, response, "the answer has none of the operation's members")
    return cast(Out, output)


def _is_answered(output: Model, body: bytes) -> bool:
    """Whether there is a member that the operation knows. An empty page may have none at all."""
    unknown = output.model_extra
    if not unknown:
        return bool(output.model_fields_set) or isinstance(output, Page)
    if len(output.model_fields_set) > len(unknown):
        return True
    # An unknown member may be called as the attribute of a known one is: ``items`` and taskArns.
    known = {field.alias for field in type(output).model_fields.values()}
    return not known.isdisjoint(from_json(body))


def _reasons(operation: Operation[Any, Any], error: ValidationError) -> tuple[str, bool]:
    """What is wrong with a body, and whether it looks cut short."""
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    if problems[0]["type"] == "json_invalid":
        said = problems[0]["msg"].removeprefix("Invalid JSON: ")
        return f"the answer is not JSON: {said}", "EOF" in said
    lines = [
        f"{locate(operation.output, p['loc'], hides_keys=operation.sensitive) or 'the answer'}: "
        + p["msg"]
        for p in problems[:5]
    ]
    return f"the answer is not what the API promises: {'; '.join(lines)}", False


def _refused(
    operation: Operation[Any, Any], response: Response, message: str, cut_short: bool = False
) -> ResponseError:
    return ResponseError(
        message,
        service=operation.service.id,
        operation=operation.name,
        status=response.status,
        request_id=request_id(response.headers),
        body="" if operation.sensitive else start_of(response.body),
        retryable=cut_short,
    )
