"""AWS's model of every operation compared with ours."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

import omics_tasks
from omics_tasks._core.operation import Repeatability

from .aws import OPERATIONS, model_of
from .comparison import differences
from .planting import (
    Change,
    adding,
    adding_error,
    adding_value,
    changed_model,
    planted,
    removing,
    setting,
)

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
"""Modules with the models of inputs, outputs and errors."""


class AWSChanged(UserWarning):
    """A change of AWS that breaks nothing. Shown once at the end of a run."""


CATEGORY = f"{AWSChanged.__module__}.{AWSChanged.__name__}"


@pytest.mark.filterwarnings(f"default::{CATEGORY}")
@pytest.mark.parametrize("name", OPERATIONS)
def test_operation_is_as_aws_has_it(name: str) -> None:
    """An addition of AWS is a warning, and any other difference is a failure."""
    found = differences(OPERATIONS[name], model_of(OPERATIONS[name]))
    for each in found:
        if not each.breaks:
            warnings.warn(each.news, AWSChanged, stacklevel=1)
    assert [] == [str(each) for each in found if each.breaks]


def test_every_first_operation_is_there() -> None:
    """The library's first five operations are found and compared."""
    first = {
        "omics.GetRun",
        "omics.ListRunTasks",
        "omics.GetRunTask",
        "ecs.ListTasks",
        "deadline.GetTask",
    }
    assert set() == first - OPERATIONS.keys()


STRING = {"shape": "String"}
TIME = {"shape": "RunTimestamp"}


@pytest.mark.parametrize(
    ("operation", "change", "news"),
    [
        (
            "omics.GetRun",
            adding("VpcConfigResponse", TIME, required=True),
            "AWS has added GetRun.output.vpcConfig.newThing",
        ),
        (
            "omics.GetRun",
            adding("GetRunResponse", {"shape": "VpcConfigResponse"}),
            "AWS has added GetRun.output.newThing",
        ),
        (
            "ecs.ListTasks",
            adding("ListTasksRequest", STRING),
            "AWS has added ListTasks.input.newThing",
        ),
        (
            "deadline.GetTask",
            adding_value("TaskRunStatus"),
            "AWS has added GetTask.output.runStatus=NEW_VALUE",
        ),
        (
            "deadline.GetTask",
            adding("ThrottlingException", STRING, required=True),
            "AWS has added GetTask.errors.ThrottlingException.newThing",
        ),
        (
            "omics.GetRun",
            adding_error("GetRun", like="ConflictException"),
            "AWS has added GetRun.errors.NewException",
        ),
        (
            "omics.GetRun",
            setting("RunId", max=20),
            "AWS changed GetRun.input.id: max is 20 at AWS and 18 here",
        ),
        (
            "omics.GetRun",
            lambda described: described["shapes"]["RunId"].pop("pattern"),
            "AWS changed GetRun.input.id: pattern is None at AWS and '^[0-9]+$' here",
        ),
        (
            "omics.GetRun",
            setting("GetRunRequest", required=[]),
            "AWS changed GetRun.input.id: required is False at AWS and True here",
        ),
        (
            "omics.GetRun",
            setting("GetRunResponse", required=["name"]),
            "AWS changed GetRun.output.name: required is True at AWS and False here",
        ),
    ],
)
def test_harmless_changes_are_warnings(operation: str, change: Change, news: str) -> None:
    """A member, value or error that AWS adds, or a rule that it relaxes, is a warning."""
    (found,) = planted(operation, change)
    assert (False, news) == (found.breaks, found.news)


@pytest.mark.parametrize(
    ("operation", "change", "line"),
    [
        (
            "omics.GetRun",
            removing("GetRunResponse", "name"),
            "GetRun.output.name: not at AWS",
        ),
        (
            "omics.GetRun",
            removing("GetRunResponse", "vpcConfig"),
            "GetRun.output.vpcConfig: not at AWS",
        ),
        (
            "omics.GetRun",
            lambda described: described["operations"]["GetRun"]["errors"].clear(),
            "GetRun.errors.ConflictException: not at AWS",
        ),
        (
            "ecs.ListTasks",
            removing("ListTasksRequest", "family"),
            "ListTasks.input.family: not at AWS",
        ),
        (
            "deadline.GetTask",
            lambda described: described["shapes"]["TaskRunStatus"]["enum"].remove("READY"),
            "GetTask.output.runStatus=READY: not at AWS",
        ),
        (
            "omics.GetRun",
            setting("RunName", type="integer"),
            "GetRun.output.name: type is 'integer' at AWS and 'string' here",
        ),
        (
            "ecs.ListTasks",
            adding("ListTasksRequest", STRING, required=True),
            "ListTasks.input.newThing: missing here",
        ),
        (
            "omics.GetRun",
            setting("GetRunRequest", required=["id", "export"]),
            "GetRun.input.export: required is True at AWS and False here",
        ),
        (
            "deadline.GetTask",
            setting("GetTaskResponse", required=["taskId", "createdAt", "createdBy"]),
            "GetTask.output.runStatus: required is False at AWS and True here",
        ),
        (
            "omics.GetRun",
            setting("RunId", max=17),
            "GetRun.input.id: max is 17 at AWS and 18 here",
        ),
        (
            "omics.GetRun",
            setting("RunId", min=2),
            "GetRun.input.id: min is 2 at AWS and 1 here",
        ),
        (
            "omics.GetRun",
            setting("RunId", pattern="[0-9a-f]+"),
            "GetRun.input.id: pattern is '^[0-9a-f]+$' at AWS and '^[0-9]+$' here",
        ),
        (
            "ecs.ListTasks",
            setting("String", enum=["a"]),
            "ListTasks.input.cluster: enum is ['a'] at AWS and None here",
        ),
        (
            "omics.GetRun",
            setting("RunName", sensitive=True),
            "GetRun.output.name: sensitive is True at AWS and False here",
        ),
    ],
)
def test_breaking_changes_are_failures(operation: str, change: Change, line: str) -> None:
    """A removed member, a changed type or a tightened rule is a failure."""
    assert line in [str(each) for each in planted(operation, change) if each.breaks]


@pytest.mark.filterwarnings(f"ignore::{CATEGORY}")
def test_the_comparison_fails_for_breaking_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison of an operation fails if its model has a breaking change."""
    change = removing("GetRunResponse", "name")
    monkeypatch.setattr(f"{__name__}.model_of", lambda each: changed_model(each, change))
    with pytest.raises(AssertionError, match="not at AWS"):
        test_operation_is_as_aws_has_it("omics.GetRun")


def fields_without_docstring(source: str) -> Iterator[str]:
    """Return the names of public fields and classes without a docstring."""
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
    """Each field and class of inputs, outputs and errors has a docstring."""
    assert [] == list(fields_without_docstring(path.read_text()))


def test_field_without_docstring_is_named() -> None:
    """The check for docstrings names the field or class without one."""
    source = "class A:\n  'Text.'\n  x: int\n  'Text.'\n  y: int\nclass B:\n  z: int\n  'Text.'"
    assert ["A.y", "B"] == sorted(fields_without_docstring(source))


READS = re.compile(r"(Get|List|Describe|Search|BatchGet)[A-Z]")


@pytest.mark.parametrize("name", OPERATIONS)
def test_operations_that_read_are_safe_to_repeat(name: str) -> None:
    """An operation whose name says that it reads is declared so, and no other one is."""
    operation = OPERATIONS[name]
    is_safe = operation.repeatability is Repeatability.SAFE
    assert bool(READS.match(operation.name)) == is_safe
