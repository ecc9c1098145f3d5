"""Operations of this library, made of botocore's models: of all that AWS has, and not of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from types import NoneType
from typing import Annotated, Any, Optional

from botocore import xform_name
from botocore.model import ListShape, MapShape, OperationModel, ServiceModel, Shape, StructureShape
from pydantic import BaseModel, ConfigDict, Field, JsonValue, create_model

from omics_tasks._core.arguments import (
    Document,
    EpochTimestampArgument,
    FloatArgument,
    TimestampArgument,
)
from omics_tasks._core.binding import Header, Query
from omics_tasks._core.model import (
    DenseList,
    DenseMap,
    Input,
    Model,
    Structure,
    TaggedUnion,
    new_token,
)
from omics_tasks._core.operation import Operation, Protocol, Service
from omics_tasks._core.scalars import Boolean, EpochTimestamp, Float, Integer, Timestamp

from .aws import api, host_prefix_of
from .layout_of_aws import format_of_time

SERVICES = ("omics", "ecs", "deadline", "logs")
ARGUMENTS: dict[str, Any] = {
    "string": str, "integer": int, "long": int, "float": FloatArgument, "double": FloatArgument,
    "boolean": bool, "iso8601": TimestampArgument, "unixTimestamp": EpochTimestampArgument,
}  # fmt: skip
ANSWERS: dict[str, Any] = {
    "string": str, "integer": Integer, "long": Integer, "float": Float, "double": Float,
    "boolean": Boolean, "iso8601": Timestamp, "unixTimestamp": EpochTimestamp,
}  # fmt: skip


# A structure that contains itself is resolved by names that are only there while it is made.
AT_ONCE = ConfigDict(defer_build=False)


class EagerModel(Model):
    model_config = AT_ONCE


class EagerStructure(Structure):
    model_config = AT_ONCE


class EagerUnion(TaggedUnion):
    model_config = AT_ONCE


class EagerInput(Input):
    model_config = AT_ONCE


@cache
def service_model(service: str) -> ServiceModel:
    """AWS's model of a service, all of it."""
    return ServiceModel(api(service), service)


def shapes_in(shape: Shape | None, around: tuple[str, ...] = ()) -> Iterator[Shape]:
    """A shape and all that is inside, with one that is inside itself once on the way."""
    if shape is None or shape.name in around:
        return
    yield shape
    within = (*around, shape.name)
    match shape:
        case StructureShape():
            for member in shape.members.values():
                yield from shapes_in(member, within)
        case ListShape():
            yield from shapes_in(shape.member, within)
        case MapShape():
            yield from shapes_in(shape.value, within)
        case _:
            pass


def is_streamed(model: OperationModel) -> bool:
    """Return whether an operation has bytes or events in its input or output."""
    return any(
        shape.type_name == "blob" or shape.serialization.keys() & {"streaming", "eventstream"}
        for side in (model.input_shape, model.output_shape)
        for shape in shapes_in(side)
    )


def name_of(member: str) -> str:
    """A member's name in Python. Pydantic's models have methods that are called as some are."""
    name = xform_name(member)
    return f"{name}_" if hasattr(BaseModel, name) else name


@cache
def operation_of(service: str, name: str) -> Operation[Any, Any]:
    """One of AWS's operations, as this library would have it."""
    model = service_model(service).operation_model(name)
    described = model.service_model.metadata
    protocol = Protocol(described["protocol"])
    prefix = described.get("targetPrefix", "")
    output: Any = NoneType
    if model.output_shape is not None:
        output = _Builder(EagerModel, EagerModel, _answer).structure(model.output_shape)
    return Operation(
        Service(service, "", protocol, prefix),
        name,
        _input_of(model),
        output,
        (),
        model.http["method"],
        model.http["requestUri"],
        host_prefix=host_prefix_of(model) or None,
    )


def _input_of(model: OperationModel) -> type[Input]:
    builder = _Builder(EagerStructure, EagerUnion, _argument)
    fields: dict[str, Any] = {}
    shape = model.input_shape
    members: Mapping[str, Shape] = shape.members if isinstance(shape, StructureShape) else {}
    for member, inside in members.items():
        annotation, field = builder.field(shape, member)
        match inside.serialization.get("location"):
            case "header":
                header = Header(inside.serialization["name"])
                annotation, field.alias = Annotated[annotation, header], member
            case "querystring" if model.http["method"] != "GET":
                annotation = Annotated[annotation, Query()]
            case _:
                pass
        if inside.metadata.get("idempotencyToken"):
            field = Field(default_factory=new_token, alias=field.alias)
        fields[name_of(member)] = annotation, field
    return create_model(f"{model.name}Input", __base__=EagerInput, **fields)


class _Builder:
    """Makes models of the structures in one input or output."""

    def __init__(
        self,
        structure: type[BaseModel],
        union: type[BaseModel],
        annotate: Callable[[_Builder, Shape], Any],
    ) -> None:
        self._bases = {False: structure, True: union}
        self._annotate = annotate
        self._made: dict[str, Any] = {}

    def structure(self, shape: Shape) -> Any:
        assert isinstance(shape, StructureShape)
        if shape.name not in self._made:
            self._made[shape.name] = shape.name  # a reference, as long as it is being made
            fields: dict[str, Any] = {name_of(m): self.field(shape, m) for m in shape.members}
            base = self._bases[shape.is_tagged_union]
            made = create_model(shape.name, __base__=base, **fields)
            self._made[shape.name] = made
        return self._made[shape.name]

    def field(self, shape: Any, member: str) -> tuple[Any, Any]:
        inside = shape.members[member]
        alias = inside.serialization.get("name", member)
        annotation = self._annotate(self, inside)
        if member in shape.required_members:
            return annotation, Field(alias=alias)
        return Optional[annotation], Field(default=None, alias=alias)  # noqa: UP045 - it may be a string

    def inside(self, shape: Shape) -> Any:
        return self._annotate(self, shape)


def _argument(builder: _Builder, shape: Shape) -> Any:
    match shape:
        case StructureShape(is_document_type=True):
            return Document
        case StructureShape():
            return builder.structure(shape)
        case ListShape():
            return Sequence[builder.inside(shape.member)]  # type: ignore[misc]  # made here
        case MapShape():
            return Mapping[str, builder.inside(shape.value)]  # type: ignore[misc]  # made here
        case _:
            return ARGUMENTS[_kind(shape)]


def _answer(builder: _Builder, shape: Shape) -> Any:
    match shape:
        case StructureShape(is_document_type=True):
            return JsonValue
        case StructureShape():
            return builder.structure(shape)
        case ListShape():
            return DenseList[builder.inside(shape.member)]  # type: ignore[misc]  # made here
        case MapShape():
            return DenseMap[builder.inside(shape.value)]  # type: ignore[misc]  # made here
        case _:
            return ANSWERS[_kind(shape)]


def _kind(shape: Shape) -> str:
    return format_of_time(shape) if shape.type_name == "timestamp" else shape.type_name
