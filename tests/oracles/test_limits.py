"""Arguments that AWS's model doesn't allow compared with those that we reject."""

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
    """Return values that slightly violate these facts; ``valid`` is a valid value."""
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


def rejected(operation: Operation[Any, Any], given: dict[str, object]) -> set[str]:
    """Return the names of the rejected arguments; nothing may be sent."""
    try:
        check(operation, given)
    except ParamValidationError as error:
        return {re.split(r"[.\[]", problem.argument)[0] for problem in error.problems}
    return set()


@pytest.mark.parametrize("name", OPERATIONS)
@given(data=st.data())
def test_what_aws_rejects_is_rejected(name: str, data: st.DataObject) -> None:
    """A missing argument, a wrong type or a value just beyond a limit is an error by name."""
    operation = OPERATIONS[name]
    layout = expected(operation, known_model(operation))
    members = data.draw(arguments(known_model(operation)))
    facts = {member: layout[f"{operation.name}.input.{member}"] for member in members}
    valid = arguments_of(operation, members)
    assert set() == rejected(operation, valid)
    for limits in facts.values():
        argument = str(limits["name"])
        for wrong in just_beyond(limits, valid[argument]):
            assert {argument} == rejected(operation, {**valid, argument: wrong}), repr(wrong)
        if limits["required"]:
            rest = {name: value for name, value in valid.items() if name != argument}
            assert {argument} == rejected(operation, rest)
