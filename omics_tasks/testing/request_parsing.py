"""From the members of a request to an operation's input, checked against the API's rules."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, cast, get_args, get_origin
from urllib.parse import parse_qs

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from .._core.model import Input
from .._core.operation import In
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


def from_url(model: type[Input], labels: Mapping[str, str], query: str) -> dict[str, object]:
    """Return the members in the path and query of a rest-json request without a body."""
    members: dict[str, object] = {}
    texts = parse_qs(query, keep_blank_values=True) | {n: [text] for n, text in labels.items()}
    for name, annotation in _wire_members(model).items():
        if name in texts:
            found = texts[name]
            members[name] = found if _holds(annotation, tuple) else _scalar(annotation, found[-1])
    return members


def from_body(
    model: type[Input], body: bytes, labels: Mapping[str, str] | None = None
) -> dict[str, object]:
    """Return the members in the body and, for rest-json, in the path of a request."""
    members = {**document(body), **(labels or {})}
    return {name: members[name] for name in _wire_members(model) if name in members}


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
    try:
        # As JSON, where times are strings and tuples are lists.
        return model.model_validate_json(json.dumps(members), by_alias=True, by_name=False)
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


def _holds(annotation: Any, kind: type) -> bool:
    """Return whether a type is or contains ``kind``, as ``int | None`` contains int."""
    is_kind = kind in (annotation, get_origin(annotation))
    return is_kind or any(_holds(inner, kind) for inner in get_args(annotation))


def _scalar(annotation: Any, text: str) -> object:
    is_number = _holds(annotation, int) and re.fullmatch(r"-?[0-9]{1,18}", text)
    return int(text) if is_number else text


def _unreadable() -> ErrorResponse:
    return ErrorResponse("SerializationException", "The request has a value of the wrong type.")
