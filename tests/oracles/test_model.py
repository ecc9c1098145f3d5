"""AWS's own model of every operation, as botocore has it, against ours."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from botocore.model import OperationModel, ServiceModel

import omics_tasks

from .aws import OPERATIONS, api, model_of
from .comparison import differences

PACKAGE = Path(omics_tasks.__file__).parent
DESCRIBED = (
    "arns",
    "containers",
    "enums",
    "errors",
    "models",
    "operations",
    "overrides",
    "searching",
)
"""The modules that say what is in arguments, answers and errors."""
GET_RUN = OPERATIONS["omics.GetRun"]
LIST_TASKS = OPERATIONS["ecs.ListTasks"]
GET_TASK = OPERATIONS["deadline.GetTask"]


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation_is_as_aws_has_it(name: str) -> None:
    """An operation, its arguments, its answer and its errors are what AWS's model says."""
    assert [] == differences(OPERATIONS[name], model_of(OPERATIONS[name]))


def test_every_first_operation_is_there() -> None:
    """The five operations that the library began with are found, and so compared."""
    first = {
        "omics.GetRun",
        "omics.ListRunTasks",
        "omics.GetRunTask",
        "ecs.ListTasks",
        "deadline.GetTask",
    }
    assert set() == first - OPERATIONS.keys()


def changed(
    service: str, operation: str, change: Callable[[dict[str, Any]], object]
) -> OperationModel:
    """AWS's model of an operation after ``change`` to the service's shapes."""
    described = deepcopy(dict(api(service)))
    change(described["shapes"])
    return ServiceModel(described, service).operation_model(operation)


def test_new_answer_member_is_named() -> None:
    """A member that AWS adds to an answer, deep inside, is a difference that names it."""
    model = changed(
        "omics",
        "GetRun",
        lambda shapes: shapes["VpcConfigResponse"]["members"].update(
            newThing={"shape": "RunTimestamp"}
        ),
    )
    assert ["GetRun.output.vpcConfig.newThing: missing here"] == differences(GET_RUN, model)


def test_new_argument_is_named() -> None:
    """An argument that AWS adds is a difference that names it."""
    model = changed(
        "ecs",
        "ListTasks",
        lambda shapes: shapes["ListTasksRequest"]["members"].update(newThing={"shape": "String"}),
    )
    assert ["ListTasks.input.newThing: missing here"] == differences(LIST_TASKS, model)


def test_new_enum_value_is_named() -> None:
    """A status that AWS adds is a difference that shows it."""
    model = changed(
        "deadline", "GetTask", lambda shapes: shapes["TaskRunStatus"]["enum"].append("PAUSED")
    )
    (line,) = differences(GET_TASK, model)
    assert line.startswith("GetTask.output.runStatus: enum is ")
    assert "'PAUSED'" in line


def test_new_error_member_is_named() -> None:
    """A member that AWS adds to an error is a difference that names it."""
    model = changed(
        "deadline",
        "GetTask",
        lambda shapes: shapes["ThrottlingException"]["members"].update(limit={"shape": "String"}),
    )
    assert ["GetTask.errors.ThrottlingException.limit: missing here"] == differences(
        GET_TASK, model
    )


def test_new_requirement_and_limit_are_named() -> None:
    """What AWS tightens is a difference that says how: requiredness, length, pattern, secrecy."""

    def tighten(shapes: dict[str, Any]) -> None:
        shapes["GetRunRequest"]["required"].append("export")
        shapes["RunId"].update(max=20, pattern="[0-9a-f]+")
        shapes["RunName"]["sensitive"] = True

    lines = differences(GET_RUN, changed("omics", "GetRun", tighten))
    assert [
        "GetRun.input.export: required is True at AWS and False here",
        "GetRun.input.id: max is 20 at AWS and 18 here",
        "GetRun.input.id: pattern is '^[0-9a-f]+$' at AWS and '^[0-9]+$' here",
        "GetRun.output.name: sensitive is True at AWS and False here",
        "GetRun: sensitive is True at AWS and False here",
    ] == lines


def fields_without_docstring(source: str) -> Iterator[str]:
    """Names of the public fields with annotations, and public classes, that nothing is said of."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.ClassDef):
            continue
        if not ast.get_docstring(node) and not node.name.startswith("_"):
            yield node.name
        for field, below in zip(node.body, [*node.body[1:], None], strict=True):
            is_said = isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
            if isinstance(field, ast.AnnAssign) and not is_said:
                name = ast.unparse(field.target)
                yield from () if name.startswith("_") else (f"{node.name}.{name}",)


@pytest.mark.parametrize(
    "path",
    [path for name in DESCRIBED for path in PACKAGE.glob(f"*/{name}.py")],
    ids=lambda path: "/".join(path.parts[-2:]),
)
def test_fields_have_docstrings(path: Path) -> None:
    """Each field of an answer, an error or an input, and each class of them, says what it is."""
    assert [] == list(fields_without_docstring(path.read_text()))


def test_field_without_docstring_is_named() -> None:
    """The check for docstrings names the field or class that has none."""
    source = "class A:\n  'Said.'\n  x: int\n  'Said.'\n  y: int\nclass B:\n  z: int\n  'Said.'"
    assert ["A.y", "B"] == sorted(fields_without_docstring(source))
