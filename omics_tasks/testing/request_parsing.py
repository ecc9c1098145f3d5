"""What came over the wire to an operation's input, held against the API's own constraints."""

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
    # A rule of the input model's own: what follows the colon speaks of Python's names.
    "value_error": lambda c: f"Member {c['error']}".partition(":")[0],
}


def from_url(model: type[Input], labels: Mapping[str, str], query: str) -> dict[str, object]:
    """The members that a rest-json request without a body has in its path and query."""
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
    """The members that a request has in its body and, where it is rest-json, in its path."""
    members = {**document(body), **(labels or {})}
    return {name: members[name] for name in _wire_members(model) if name in members}


def document(body: bytes) -> dict[str, object]:
    """The JSON object that a body is; raises ErrorResponse for anything else, such as UTF-16."""
    try:
        value: object = json.loads(body.decode())
    except (ValueError, RecursionError) as error:
        raise _unreadable() from error
    if not isinstance(value, dict):
        raise _unreadable()
    return cast("dict[str, object]", value)


def validate(model: type[In], members: Mapping[str, object]) -> In:
    """The input; raises InvalidInput with all that breaks a rule."""
    try:
        # As JSON, where a time is a string and a list has no kinds.
        return model.model_validate_json(json.dumps(members), by_alias=True, by_name=False)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
    if any(e["type"] not in _RULES for e in errors):  # a wrong type breaks no rule: it is no value
        raise _unreadable()
    raise InvalidInput([Problem(str(e["loc"][0]), _rule(e)) for e in errors])


def _rule(error: ErrorDetails) -> str:
    return _RULES[error["type"]](error.get("ctx", {}))


def _wire_members(model: type[Input]) -> dict[str, Any]:
    """Name on the wire and annotation of each member that is sent; unknown ones are ignored."""
    return {
        field.alias or name: field.annotation
        for name, field in model.model_fields.items()
        if not field.exclude
    }


def _holds(annotation: Any, kind: type) -> bool:
    """Whether a type is ``kind`` or has it inside, as ``int | None`` has int."""
    is_kind = kind in (annotation, get_origin(annotation))
    return is_kind or any(_holds(inner, kind) for inner in get_args(annotation))


def _scalar(annotation: Any, text: str) -> object:
    is_number = _holds(annotation, int) and re.fullmatch(r"-?[0-9]{1,18}", text)
    return int(text) if is_number else text


def _unreadable() -> ErrorResponse:
    return ErrorResponse("SerializationException", "The request has a value of the wrong type.")
