"""The layout of an operation in this library, for the comparison."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from botocore import xform_name
from pydantic import AwareDatetime, BaseModel, JsonValue
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo

from omics_tasks._core.arguments import Document, EpochTimestampArgument
from omics_tasks._core.binding import Binding, bind
from omics_tasks._core.model import OpenEnum, Page, new_token
from omics_tasks._core.offsets import ItemOffset
from omics_tasks._core.operation import Operation, Protocol
from omics_tasks._core.scalars import EpochTimestamp
from omics_tasks._core.unions import OneOf
from omics_tasks.errors import ServiceError

from .layout_of_aws import Facts, Layout

SIMPLE = {str: "string", int: "integer", bool: "boolean", float: "float", JsonValue: "document"}
EPOCH: Facts = {"type": "timestamp", "format": "unixTimestamp"}
_PLAIN: Facts = {"where": "body", "token": False}

MARKS: dict[str, Facts] = {
    repr(get_args(EpochTimestamp)[-1]): EPOCH,
    repr(get_args(EpochTimestampArgument)[-1]): EPOCH,
    repr(get_args(Document)[-1]): {"type": "document"},
}
"""Facts that the last mark of a type implies."""
CONSTRAINTS = {"min_length": "min", "max_length": "max", "ge": "min", "le": "max"}


def of_ours(operation: Operation[Any, Any]) -> Layout:
    """Return paths and facts of the library's operation, models and errors."""
    service, name = operation.service, operation.name
    is_json = service.protocol is Protocol.AWS_JSON
    facts: Facts = {
        "method": operation.method,
        "path": operation.path,
        "protocol": service.protocol.value,
        "target": f"{service.target_prefix}.{name}" if is_json else "",
        "signing name": service.id,
        "host": (operation.host_prefix or service.host_prefix) + service.id,
        "paged": issubclass(operation.output, Page),
        "sensitive": operation.sensitive,
    }
    inputs = dict(_inputs(operation, bind(operation)))
    outputs: Layout = {}
    if operation.output is not NoneType:
        outputs = dict(_inside(f"{name}.output", operation.output))
    return {name: facts, **inputs, **outputs, **dict(_errors(operation))}


def _inputs(operation: Operation[Any, Any], binding: Binding) -> Iterator[tuple[str, Facts]]:
    """The parts of the input, under the names that they have in their places."""
    start = f"{operation.name}.input"
    for path, facts in _inside(start, operation.input):
        member = path.removeprefix(f"{start}.")
        if member in binding.labels:
            facts["where"] = "uri"
        elif member in binding.query:
            facts["where"] = "querystring"
        elif member in binding.in_headers:
            facts["where"] = "header"
        yield f"{start}.{binding.in_headers.get(member, member)}", facts


def _errors(operation: Operation[Any, Any]) -> Iterator[tuple[str, Facts]]:
    for error in operation.errors:
        path = f"{operation.name}.errors.{error.__name__}"
        yield path, {"status": error.status}
        hints = get_type_hints(error, include_extras=True)
        for name in hints.keys() - get_type_hints(ServiceError):
            yield from _part(f"{path}.{to_camel(name)}", hints[name], {"name": name}, [])


def _inside(path: str, model: type[BaseModel]) -> Iterator[tuple[str, Facts]]:
    for name, field in model.model_fields.items():
        if not field.exclude:  # what is excluded is never sent
            facts: Facts = {
                "name": name,
                "required": field.is_required(),
                "where": "body",
                "token": field.default_factory is new_token,
                "sensitive": not field.repr,
            }
            yield from _part(f"{path}.{field.alias}", field.annotation, facts, field.metadata)


def _part(
    path: str, annotation: Any, facts: Facts, metadata: list[Any]
) -> Iterator[tuple[str, Facts]]:
    """Return a part and its contents. An element is as sensitive as its list."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    of_element: Facts = {"sensitive": facts.get("sensitive", False)}
    facts = {**facts, **_constraints(metadata)}
    if said := next((MARKS[repr(each)] for each in metadata if repr(each) in MARKS), None):
        yield path, {**facts, **said}
    elif origin is Annotated and isinstance(arguments[1], OneOf):
        yield path, {**facts, "type": "structure"}
        yield from _members(path, arguments[1], of_element)
    elif origin is Annotated:
        yield from _part(path, arguments[0], facts, list(arguments[1:]))
    elif origin in (Union, UnionType):
        (inner,) = (a for a in arguments if a is not NoneType)
        yield from _part(path, inner, facts, metadata)
    elif origin in (list, tuple, Sequence):
        yield path, {**facts, "type": "list"}
        yield from _part(f"{path}[]", arguments[0], of_element, [])
    elif origin in (dict, Mapping):
        yield path, {**facts, "type": "map"}
        yield from _part(f"{path}{{}}", arguments[1], of_element, [])
    elif origin is Literal:
        yield path, {**facts, "type": "string", "enum": sorted(arguments)}
    elif any(isinstance(each, ItemOffset) for each in metadata):
        yield path, {**facts, "type": "integer"}
    else:
        yield path, {**facts, **_type(path, annotation)}
        if is_dataclass(annotation):
            yield from _fields(path, annotation, of_element)
        elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
            yield from _inside(path, annotation)


def _type(path: str, cls: Any) -> Facts:
    if cls in SIMPLE:
        return {"type": SIMPLE[cls]}
    if cls is AwareDatetime:
        return {"type": "timestamp", "format": "iso8601"}
    if issubclass(cls, OpenEnum):
        return {"type": "string", "enum": sorted(map(str, cls))}
    if issubclass(cls, BaseModel) or is_dataclass(cls):
        return {"type": "structure"}
    if issubclass(cls, str):
        return {"type": "string"}
    raise TypeError(f"{path}: the comparison knows no {cls}")


def _members(path: str, union: OneOf, facts: Facts) -> Iterator[tuple[str, Facts]]:
    for name, cls in union.members.items():
        of_member: Facts = {"name": xform_name(name), "required": False, **_PLAIN}
        yield from _part(f"{path}.{name}", cls, {**of_member, **facts}, [])


def _fields(path: str, cls: Any, facts: Facts) -> Iterator[tuple[str, Facts]]:
    if path.endswith(".groupFilter"):
        return  # a group may have groups inside
    hints = get_type_hints(cls, include_extras=True)
    for field in fields(cls):
        is_required = field.default is MISSING
        of_field: Facts = {"name": field.name, "required": is_required, **_PLAIN}
        at = f"{path}.{to_camel(field.name)}"
        yield from _part(at, hints[field.name], {**of_field, **facts}, [])


def _constraints(metadata: list[Any]) -> Facts:
    facts: Facts = {}
    for each in metadata:
        if isinstance(each, FieldInfo):
            facts |= _constraints(each.metadata)
        for attribute, name in (*CONSTRAINTS.items(), ("pattern", "pattern")):
            if (value := getattr(each, attribute, None)) is not None:
                facts[name] = value
    return facts
