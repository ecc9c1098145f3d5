"""From the members of a request to an operation's input, checked against the API's rules."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast, get_args, get_origin
from urllib.parse import parse_qs

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from .._core.binding import bind
from .._core.model import Input
from .._core.operation import In, Operation
from .._core.protocols import Request
from ..errors import Problem
from .service_errors import ErrorResponse, InvalidInput

_RULES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "missing": lambda _: "Member must not be null",
    "greater_than_equal": lambda c: f"Member must be greater than or equal to {c['ge']}",
    "less_than_equal": lambda c: f"Member must be less than or equal to {c['le']}",
    "string_too_short": lambda c: f"Member must have a length of at least {c['min_length']}",
    "string_too_long": lambda c: f"Member must have a length of at most {c['max_length']}",
    "too_short": lambda c: f"Member must have a length of at least {c['min_length']}",
    "too_long": lambda c: f"Member must have a length of at most {c['max_length']}",
    "string_pattern_mismatch": lambda c: f"Member must satisfy the pattern {c['pattern']}",
    "literal_error": lambda c: f"Member must satisfy enum value set: {c['expected']}",
    # A rule of the input model itself. The text after the colon has Python names.
    "value_error": lambda c: f"Member {c['error']}".partition(":")[0],
}
_BOOLEANS = {"true": True, "false": False}


def members_of(
    operation: Operation[Input, Any], labels: Mapping[str, str], request: Request
) -> dict[str, object]:
    """Return the members of the operation's input that a request has, wherever they are in it.

    ``labels`` are those in the path. Raise ErrorResponse if the body can't be read.
    """
    binding = bind(operation)
    headers, query = (
        request.headers,
        parse_qs(request.target.partition("?")[2], keep_blank_values=True),
    )
    texts = {name: [text] for name, text in labels.items()}
    texts |= {name: query[name] for name in binding.query if name in query}
    texts |= {
        n: [headers[k.lower()]] for n, k in binding.in_headers.items() if k.lower() in headers
    }
    if binding.has_body:
        found = document(request.body)
        members = {name: found[name] for name in binding.body if name in found}
    else:
        members = {}
    for name, annotation in _wire_members(operation.input).items():
        if name in texts:
            values = [_scalar(annotation, text) for text in texts[name]]
            members[name] = values if _holds(annotation, tuple, Sequence) else values[-1]
    return members


def document(body: bytes) -> dict[str, object]:
    """Return the JSON object in a body. Raises ErrorResponse for anything else, such as UTF-16."""
    try:
        value: object = json.loads(body.decode())
    except (ValueError, RecursionError) as error:
        raise _unreadable() from error
    if not isinstance(value, dict):
        raise _unreadable()
    return cast("dict[str, object]", value)


def validate(model: type[In], members: Mapping[str, object]) -> In:
    """Return the input. Raises InvalidInput with all rules that the members break."""
    given = {name: value for name, value in members.items() if value is not None}
    try:
        # As JSON, where times are strings and tuples are lists.
        return model.model_validate_json(
            json.dumps(given), by_alias=True, by_name=False, extra="ignore"
        )
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
    if any(e["type"] not in _RULES for e in errors):  # a wrong type, which no rule covers
        raise _unreadable()
    raise InvalidInput([Problem(str(e["loc"][0]), _rule(e)) for e in errors])


def _rule(error: ErrorDetails) -> str:
    return _RULES[error["type"]](error.get("ctx", {}))


def _wire_members(model: type[Input]) -> dict[str, Any]:
    """Return the wire name and annotation of each member that is sent."""
    return {
        field.alias or name: field.annotation
        for name, field in model.model_fields.items()
        if not field.exclude
    }


def _holds(annotation: Any, *kinds: type) -> bool:
    """Return whether a type is one of ``kinds`` or contains one, as ``int | None`` contains int."""
    is_one = annotation in kinds or get_origin(annotation) in kinds
    return is_one or any(_holds(inner, *kinds) for inner in get_args(annotation))


def _scalar(annotation: Any, text: str) -> object:
    """Return what a text stands for; a text that can't be read is left to the rules."""
    if _holds(annotation, int) and re.fullmatch(r"-?[0-9]{1,18}", text):
        return int(text)
    if _holds(annotation, bool) and text in _BOOLEANS:
        return _BOOLEANS[text]
    return text


def _unreadable() -> ErrorResponse:
    return ErrorResponse("SerializationException", "The request has a value of the wrong type.")
