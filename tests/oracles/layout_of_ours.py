"""An operation as this library has it, laid out for the comparison."""

from __future__ import annotations

from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import AwareDatetime, BaseModel, JsonValue
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo

from omics_tasks._core.model import OpenEnum, Page
from omics_tasks._core.operation import Operation, Protocol
from omics_tasks.errors import ServiceError

from .layout_of_aws import Facts, Layout

SIMPLE = {str: "string", int: "integer", bool: "boolean", float: "float", JsonValue: "document"}
CONSTRAINTS = {"min_length": "min", "max_length": "max", "ge": "min", "le": "max"}


def of_ours(operation: Operation[Any, Any]) -> Layout:
    """Paths and facts, by the library's operation, models and errors."""
    service, name = operation.service, operation.name
    is_json = service.protocol is Protocol.AWS_JSON
    facts: Facts = {
        "method": operation.method,
        "path": operation.path,
        "protocol": service.protocol.value,
        "target": f"{service.target_prefix}.{name}" if is_json else "",
        "signing name": service.id,
        "host": service.host_prefix + service.id,
        "paged": issubclass(operation.output, Page),
        "sensitive": operation.sensitive,
    }
    inputs = dict(_inside(f"{name}.input", operation.input))
    for path, of_input in inputs.items():
        is_in_path = f"{{{path.rpartition('.')[2]}}}" in operation.path
        if "where" in of_input and not is_json:
            of_input["where"] = "uri" if is_in_path else "querystring"
    outputs = dict(_inside(f"{name}.output", operation.output))
    return {name: facts, **inputs, **outputs, **dict(_errors(operation))}


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
                "sensitive": not field.repr,
            }
            yield from _part(f"{path}.{field.alias}", field.annotation, facts, field.metadata)


def _part(
    path: str, annotation: Any, facts: Facts, metadata: list[Any]
) -> Iterator[tuple[str, Facts]]:
    """One part and what is inside it; an element is as sensitive as its list."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    of_element: Facts = {"sensitive": facts.get("sensitive", False)}
    facts = {**facts, **_constraints(metadata)}
    if origin is Annotated:
        yield from _part(path, arguments[0], facts, list(arguments[1:]))
    elif origin in (Union, UnionType):
        (said,) = (a for a in arguments if a is not NoneType)
        yield from _part(path, said, facts, [])
    elif origin in (list, tuple):
        yield path, {**facts, "type": "list"}
        yield from _part(f"{path}[]", arguments[0], of_element, [])
    elif origin is dict:
        yield path, {**facts, "type": "map"}
        yield from _part(f"{path}{{}}", arguments[1], of_element, [])
    elif origin is Literal:
        yield path, {**facts, "type": "string", "enum": sorted(arguments)}
    elif annotation in SIMPLE:
        yield path, {**facts, "type": SIMPLE[annotation]}
    elif annotation is AwareDatetime:
        yield path, {**facts, "type": "timestamp"}
    elif issubclass(annotation, OpenEnum):
        yield path, {**facts, "type": "string", "enum": sorted(map(str, annotation))}
    elif issubclass(annotation, BaseModel):
        yield path, {**facts, "type": "structure"}
        yield from _inside(path, annotation)
    elif issubclass(annotation, str):
        yield path, {**facts, "type": "string"}
    else:
        raise TypeError(f"{path}: the comparison knows no {annotation}")


def _constraints(metadata: list[Any]) -> Facts:
    facts: Facts = {}
    for each in metadata:
        if isinstance(each, FieldInfo):
            facts |= _constraints(each.metadata)
        for attribute, name in (*CONSTRAINTS.items(), ("pattern", "pattern")):
            if (said := getattr(each, attribute, None)) is not None:
                facts[name] = said
    return facts
