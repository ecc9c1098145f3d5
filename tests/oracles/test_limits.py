"""What AWS's model doesn't allow in an argument, against what we refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omics_tasks import ParamValidationError
from omics_tasks._core.operation import Operation
from omics_tasks._core.protocols import check

from .aws import OPERATIONS
from .aws import arguments as arguments_of
from .comparison import expected
from .known import known_model
from .strategies import arguments


def just_beyond(facts: Mapping[str, Any], valid: Any) -> Iterator[object]:
    """Values that are barely wrong for an argument with these facts, which could be ``valid``."""
    least, most = facts.get("min"), facts.get("max")
    match facts["type"]:
        case "integer" if isinstance(valid, str):  # an offset, which is a token here
            yield from (int(valid), "", f" {valid}", str(facts["min"] - 1), str(facts["max"] + 1))
        case "integer":
            yield from (str(valid), float(valid), True)
            yield from (least - 1,) if least is not None else ()
            yield from (most + 1,) if most is not None else ()
        case "string":
            yield 1
            yield from ("", valid.lower(), f"{valid} ") if "enum" in facts else ()
            yield from (f"{valid}\n", f"\n{valid}") if "pattern" in facts else ()
            yield from ("",) if least else ()
            yield from ((valid * (most + 1))[: most + 1],) if valid and most is not None else ()
        case "list":
            yield from ("text", [1])
            yield from ((valid * (most + 1))[: most + 1],) if valid and most is not None else ()
        case "structure":
            yield from ("text", [valid], {})
        case kind:
            raise TypeError(f"nothing is known to be wrong for a {kind}")


def refused(operation: Operation[Any, Any], given: dict[str, object]) -> set[str]:
    """The arguments that are refused, before anything is sent; empty where none."""
    try:
        check(operation, given)
    except ParamValidationError as error:
        return {re.split(r"[.\[]", problem.argument)[0] for problem in error.problems}
    return set()


@pytest.mark.parametrize("name", OPERATIONS)
@given(data=st.data())
def test_what_aws_refuses_is_refused(name: str, data: st.DataObject) -> None:
    """An argument that is missing, of a wrong type or just beyond a limit is refused, by name."""
    operation = OPERATIONS[name]
    layout = expected(operation, known_model(operation))
    members = data.draw(arguments(known_model(operation)))
    facts = {member: layout[f"{operation.name}.input.{member}"] for member in members}
    valid = arguments_of(operation, members)
    assert set() == refused(operation, valid)
    for said in facts.values():
        argument = str(said["name"])
        for wrong in just_beyond(said, valid[argument]):
            assert {argument} == refused(operation, {**valid, argument: wrong}), repr(wrong)
        if said["required"]:
            rest = {name: value for name, value in valid.items() if name != argument}
            assert {argument} == refused(operation, rest)
