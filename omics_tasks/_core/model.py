"""The bases of all models: of responses, arguments and pages, and of open enums."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Generic, Self, TypeVar, cast, get_args
from uuid import uuid4

from pydantic import VERSION, BaseModel, ConfigDict, Field, GetCoreSchemaHandler, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, core_schema

from .allowance import MEMBERS, MEMBERS_OF_ANY_MODEL, Allowance

T = TypeVar("T")

# A model takes a millisecond to build, and a program needs a few of them. Since 2.14, pydantic
# builds a model at its first use in one thread only.
_DEFERS_BUILDS = tuple(map(int, VERSION.split(".")[:2])) >= (2, 14)


class Model(BaseModel):
    """Base of output models: frozen, parsed leniently, with unknown members in ``model_extra``."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True,
        strict=True,
        extra="allow",
        alias_generator=to_camel,
        validate_by_alias=True,
        validate_by_name=True,
        serialize_by_alias=False,
        hide_input_in_errors=True,
        protected_namespaces=(),
        val_temporal_unit="seconds",
        defer_build=_DEFERS_BUILDS,
    )
    """Pydantic's settings."""

    def __hash__(self) -> int:
        """Hash the fields, the elements of lists and mappings included: equal models hash alike."""
        cls = type(self).__pydantic_generic_metadata__["origin"] or type(self)
        return hash((cls, _hash_of(self.__dict__)))


def _hash_of(value: object) -> int:
    if isinstance(value, list):
        return hash(tuple(map(_hash_of, cast("list[object]", value))))
    if isinstance(value, dict):
        pairs = cast("dict[object, object]", value).items()
        return hash(frozenset((key, _hash_of(each)) for key, each in pairs))
    return hash(value)


class _Sent(BaseModel):
    """Base of models that are sent: frozen, strict, with the API's names as aliases."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True,
        strict=True,
        hide_input_in_errors=True,
        extra="forbid",
        alias_generator=to_camel,
        validate_by_alias=False,
        validate_by_name=True,
        # With a limit, pydantic also refuses half a surrogate pair, which no URL can hold.
        str_max_length=2**30,
        protected_namespaces=(),
        defer_build=_DEFERS_BUILDS,
    )
    """Pydantic's settings."""


@dataclass(frozen=True)
class GivenAs:
    """Declares the type that callers give a member, where it is not the type of the member."""

    type: object
    """The type; the name of one of ``arguments.py``, if that exists for type checkers alone."""


class Input(_Sent):
    """The arguments of a method. The docstring of an input is the docstring of its method."""


class Structure(_Sent):
    """A structure in an argument, or a mapping with the names of its fields.

    Its lists are ``Sequence[…]`` and its maps ``Mapping[str, …]``.
    """

    @model_validator(mode="before")
    @classmethod
    def _as_dict(cls, given: Any) -> Any:
        """Return any mapping as a dictionary, which pydantic needs."""
        mapping = cast("Mapping[str, Any]", given)
        is_other = isinstance(given, Mapping) and not isinstance(given, dict)
        return dict(mapping) if is_other else mapping


class TaggedUnion(Structure):
    """A structure with exactly one member: all its fields but one are None."""

    @model_validator(mode="after")
    def _has_one_member(self) -> Self:
        fields = type(self).model_fields
        if sum(getattr(self, name) is not None for name in fields) != 1:
            raise ValueError(f"must have exactly one of {', '.join(fields)}")
        return self


def new_token() -> str:
    """Return an idempotency token: a random UUID.

    As the ``default_factory`` of a member, it is called once per call, and all attempts of the call
    send the same token.
    """
    return str(uuid4())


class ListInput(Input):
    """The arguments of every listing."""

    page_size: Annotated[int, Field(ge=1, le=100)] | None = Field(default=None, alias="maxResults")
    """Maximum number of items per page, 1 to 100; the service's own maximum by default."""
    max_items: Annotated[int, Field(ge=0)] | None = Field(default=None, exclude=True)
    """Maximum number of items in all, 0 or more; without limit by default."""
    starting_token: str | None = Field(default=None, alias="nextToken")
    """A ``resume_token`` or a page's ``next_token``: the listing goes on from there."""
    prefetch: bool = Field(default=False, exclude=True)
    """True to request the next page while one is being worked on."""


class _Dense:
    """Parses null as empty and drops null elements, as AWS requires of its clients.

    Parsing stops at the first bad element: a million errors would fill the memory.
    """

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        schema: Any = handler(source)
        of_elements, dense = _DENSE[schema["type"]]
        schema[of_elements] = core_schema.nullable_schema(schema[of_elements])
        schema["fail_fast"] = True
        members = _members_of(get_args(source)[-1])
        in_json: Any = {**schema, "max_length": MEMBERS // members}
        elements = core_schema.nullable_schema(core_schema.json_or_python_schema(in_json, schema))
        if members == 1:
            return core_schema.no_info_after_validator_function(dense, elements)

        def counted(elements: Any, info: core_schema.ValidationInfo[Allowance | None]) -> Any:
            if elements and info.context:
                info.context.take(members * len(elements))
            return dense(elements)

        return core_schema.with_info_after_validator_function(counted, elements)


def _members_of(element: object) -> int:
    """Return the cost of an element; a model costs memory even if it has no members."""
    if isinstance(element, type) and issubclass(element, BaseModel):
        return MEMBERS_OF_ANY_MODEL + len(element.model_fields)
    return 1


# Most have no null: looking for one is much faster than copying the others.
def _dense_list(elements: list[T | None] | None) -> list[T]:
    for element in elements or ():
        if element is None:
            return [each for each in elements or () if each is not None]
    return cast("list[T]", elements or [])


def _dense_map(pairs: dict[str, T | None] | None) -> dict[str, T]:
    for value in (pairs or {}).values():
        if value is None:
            return {key: each for key, each in (pairs or {}).items() if each is not None}
    return cast("dict[str, T]", pairs or {})


_DENSE: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "list": ("items_schema", _dense_list),
    "dict": ("values_schema", _dense_map),
}
DenseList = Annotated[list[T], _Dense()]
DenseMap = Annotated[dict[str, T], _Dense()]


class Page(Model, Generic[T]):
    """One page of a listing, as the service sent it."""

    items: DenseList[T] = Field(default_factory=list[Any])
    """Items of the page; may be empty though there are more pages."""
    next_token: str | None = None
    """Token of the next page; None on the last one."""


class OpenEnum(StrEnum):
    """An enum to which AWS may add values: an unknown value parses, and ``is_known`` is False.

    Members are strings: ``RunStatus.FAILED == "FAILED"``, and an unknown value equals its string.
    """

    @property
    def is_known(self) -> bool:
        """False for a value that this version of the library doesn't know."""
        return self._name_ in type(self).__members__

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = member._value_ = value
        return member

    __hash__ = str.__hash__

    def __repr__(self) -> str:
        unknown = "" if self.is_known else " (unknown)"
        return f"<{type(self).__name__} {self.value!r}{unknown}>"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return a schema that takes plain strings, even in a strict model."""
        schema = handler(source)
        return cast(CoreSchema, {**schema, "strict": False})
