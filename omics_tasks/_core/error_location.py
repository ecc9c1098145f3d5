"""Paths to faulty values in a response, such as ``items[57].priority``."""

from __future__ import annotations

from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel


def locate(model: type[BaseModel], location: tuple[int | str, ...], *, hides_keys: bool) -> str:
    """Return the path as members and indexes, with the members' names on the wire.

    The keys of a map may be as sensitive as its values: ``hides_keys`` replaces them by ``[*]``.
    """
    return "".join(_steps(model, location, hides_keys)).removeprefix(".")


def _steps(inside: Any, location: tuple[int | str, ...], hides_keys: bool) -> Iterator[str]:
    for part in location:
        inside = _bare(inside)
        members = _members_of(inside)
        if isinstance(part, int):
            yield f"[{part}]"
        elif part in members or not hides_keys:
            yield f".{part}"
        else:
            yield "[*]"
        *_, element = (Any, *get_args(inside))
        inside = members.get(part, element)


def _members_of(inside: Any) -> dict[int | str, Any]:
    if not (isinstance(inside, type) and issubclass(inside, BaseModel)):
        return {}
    return {field.alias or name: field.annotation for name, field in inside.model_fields.items()}


def _bare(annotation: Any) -> Any:
    """Return a type without its metadata and without None."""
    while get_origin(annotation) in (Annotated, Union, UnionType):
        annotation = next(each for each in get_args(annotation) if each is not NoneType)
    return annotation
