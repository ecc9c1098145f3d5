"""rest-json and awsJson 1.1: arguments to input, input to request, response to output."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from http import HTTPStatus
from types import NoneType
from typing import Any, cast, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails, from_json

from ..errors import ParamValidationError, Problem, ResponseError
from .allowance import Allowance, TooMuchError
from .binding import Binding, bind, encoded, text_of
from .endpoints import LONGEST_URL
from .error_location import locate
from .error_parsing import parse_error, request_id, start_of
from .model import Input, Model
from .operation import In, Operation, Out, Repeatability

LONGEST_TARGET = 2**16 - LONGEST_URL
"""Maximum length of path and query: with the endpoint, a URL has at most 65,536 characters."""

_NO_SEGMENTS = frozenset({"", ".", ".."})
"""Texts that are no segment of a path: they would make it another one."""
_LONGEST_SEGMENT = 10_000
_KEY = "[key]"
"""Last part of the location of a map's key in pydantic's errors."""
_NO_LIST = frozenset({"sequence_str", "is_instance_of"})
"""Types of pydantic's errors for values that are no ``Sequence``."""


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request, without its host."""

    method: str
    target: str
    """Path and query, encoded."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = field(default=b"", repr=False)
    host_prefix: str | None = None
    """Prefix of the host, if it is not the service's."""
    may_repeat: bool = True
    """False if it must not be sent again once it may have reached the service."""


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP response, read to its end."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes = field(repr=False)
    """It may have sensitive members."""


def check(operation: Operation[In, Any], arguments: Mapping[str, object]) -> In:
    """Return the arguments as the operation's input.

    Raise one ParamValidationError with every bad argument.
    """
    return check_as(operation.input, operation, arguments)


def check_as(
    model: type[In], operation: Operation[Any, Any], arguments: Mapping[str, object]
) -> In:
    """Return the arguments of a method as its input model. Raise as ``check`` does."""
    keeps_none = _keeps_none(model)
    given = {n: value for n, value in arguments.items() if value is not None or n in keeps_none}
    try:
        return model.model_validate(given, context=given)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
        problems = tuple(
            Problem(_argument(e["loc"]), _rule(e))
            for e in errors
            if not _follows_from_others(e, errors)
        )
        raise ParamValidationError(operation.service.id, operation.name, problems) from error


@cache
def _keeps_none(model: type[Input]) -> frozenset[str]:
    """Return the members that None is a value of; for all others None means left out."""
    return frozenset(
        name
        for name, field in model.model_fields.items()
        if field.get_default() is not None and NoneType in get_args(field.annotation)
    )


def _follows_from_others(error: ErrorDetails, errors: Sequence[ErrorDetails]) -> bool:
    """Return whether a list is too short only because bad elements of it were not counted."""
    place = error["loc"]
    return error["type"] == "too_short" and any(
        place == each["loc"][: len(place)] and each is not error for each in errors
    )


def _rule(error: ErrorDetails) -> str:
    if error["type"] in _NO_LIST:
        return "Input should be a list"
    message = error["msg"].removeprefix("Value error, ").replace("a valid tuple", "a list")
    return f"its key: {message}" if error["loc"][-1:] == (_KEY,) else message


def _argument(location: tuple[int | str, ...]) -> str:
    name = "".join(
        f"[{part}]" if isinstance(part, int) else f".{part}" for part in location if part != _KEY
    )
    return name.removeprefix(".") or "arguments"


def encode(operation: Operation[Any, Any], arguments: Input) -> Request:
    """Return the request that calls ``operation`` with ``arguments``."""
    binding = bind(operation)
    try:
        members = _dumped(arguments)
        return Request(
            operation.method,
            _target(operation, binding, members),
            _headers(binding, members),
            json.dumps(members).encode() if binding.has_body else b"",
            operation.host_prefix,
            binding.may_repeat,
        )
    except (ValueError, RecursionError) as error:
        raise _unsendable(operation, arguments) from error


def _dumped(arguments: Input, *names: str) -> dict[str, Any]:
    """Return the members of these arguments, or of all, as JSON has them."""
    return arguments.model_dump(
        mode="json", by_alias=True, exclude_none=True, include=set(names) if names else None
    )


def _unsendable(operation: Operation[Any, Any], arguments: Input) -> ParamValidationError:
    """Return the error for arguments that keep every rule but can't be written as JSON."""
    problems: list[Problem] = []
    for name in type(arguments).model_fields:
        try:
            json.dumps(_dumped(arguments, name))
        except (ValueError, RecursionError):
            problems.append(Problem(name, "is nested too deeply, or has too large a number"))
    return ParamValidationError(operation.service.id, operation.name, tuple(problems))


def _target(operation: Operation[Any, Any], binding: Binding, members: dict[str, Any]) -> str:
    """Return path and query, and remove the members that are in them."""
    first, *others = binding.path
    for label, part in zip(binding.labels, others, strict=True):
        value = encoded(members.pop(label))
        if value in _NO_SEGMENTS or len(value) > _LONGEST_SEGMENT:
            raise _bad_label(operation, label)
        first += value + part
    query = [binding.constant_query] if binding.constant_query else []
    for name, key in binding.query.items():
        if name in members:
            value = members.pop(name)
            values = cast("list[object]", value) if isinstance(value, list) else (value,)
            query += [f"{key}={encoded(each)}" for each in values]
    return f"{first}?{'&'.join(query)}" if query else first


def _bad_label(operation: Operation[Any, Any], label: str) -> ParamValidationError:
    fields = operation.input.model_fields.items()
    (name,) = (name for name, field in fields if field.alias == label)
    rule = f'must not be empty, "." or "..", or longer than {_LONGEST_SEGMENT} characters in a URL'
    problem = Problem(name, rule)
    return ParamValidationError(operation.service.id, operation.name, (problem,))


def _headers(binding: Binding, members: dict[str, Any]) -> Mapping[str, str]:
    """Return the headers, and remove the members that are in them."""
    if not binding.in_headers:
        return binding.headers
    given = [(name, key) for name, key in binding.in_headers.items() if name in members]
    return {**binding.headers, **{key: text_of(members.pop(name)) for name, key in given}}


def decode(operation: Operation[Any, Out], response: Response) -> Out:
    """Return the output in the response, or raise its ServiceError or a ResponseError."""
    if response.status >= HTTPStatus.BAD_REQUEST:
        raise parse_error(operation, response.status, response.headers, response.body)
    if not HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
        raise _refused(operation, response, "the response is neither a success nor an error")
    output = _read(operation, response)
    return cast(Out, None if type(output) is _Nothing else output)


def _read(operation: Operation[Any, Any], response: Response) -> Model:
    model: type[Model] = operation.output if issubclass(operation.output, Model) else _Nothing
    # A write that succeeded may say nothing; a read must, or an empty page could be a broken one.
    if not response.body and (
        operation.repeatability is not Repeatability.SAFE or not model.model_fields
    ):
        response = replace(response, body=b"{}")
    try:
        output = model.model_validate_json(
            response.body, by_alias=True, by_name=False, context=Allowance(response.body)
        )
    except TooMuchError as error:
        raise _refused(operation, response, str(error)) from error
    except ValidationError as error:
        raise _refused(operation, response, *_reasons(operation, error)) from error
    if not _is_recognised(output, response.body):
        raise _refused(operation, response, "the response has none of the operation's members")
    return output


class _Nothing(Model):
    """The output of an operation that has none."""


def _is_recognised(output: Model, body: bytes) -> bool:
    """Return whether an object with members has a member of the operation."""
    unknown = output.model_extra
    if not unknown or len(output.model_fields_set) > len(unknown):
        return True
    fields = type(output).model_fields
    # An unknown member may have the name of a known attribute, such as ``items`` for taskArns.
    known = {field.alias for field in fields.values()}
    return not fields or not known.isdisjoint(from_json(body))


def _reasons(operation: Operation[Any, Any], error: ValidationError) -> tuple[str, bool]:
    """Return a message about an invalid body, and whether it is truncated."""
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    if problems[0]["type"] == "json_invalid":
        reason = problems[0]["msg"].removeprefix("Invalid JSON: ")
        return f"the response is not JSON: {reason}", "EOF" in reason
    lines = [
        f"{locate(operation.output, p['loc'], hides_keys=operation.sensitive) or 'the response'}: "
        + p["msg"]
        for p in problems[:5]
    ]
    return f"the response does not match the API: {'; '.join(lines)}", False


def _refused(
    operation: Operation[Any, Any], response: Response, message: str, is_truncated: bool = False
) -> ResponseError:
    return ResponseError(
        message,
        service=operation.service.id,
        operation=operation.name,
        status=response.status,
        request_id=request_id(response.headers),
        body="" if operation.sensitive else start_of(response.body),
        retryable=is_truncated,
    )
