"""Equality and hashes of all models."""

from __future__ import annotations

from typing import Any

import pytest

from omics_tasks import Page
from omics_tasks._core.model import Model
from omics_tasks.deadline import TaskBatch, TaskParameterValue
from omics_tasks.ecs import DescribedTasks, Task, TaskArnPage
from omics_tasks.healthomics import Run, RunSummary

ARN = "arn:aws:ecs:us-east-1:111122223333:task/render/0cc4"
TASK = {"taskArn": ARN, "createdAt": 1.5, "containers": [{"name": "main", "exitCode": 0}]}


def each(cls: type[Model]) -> list[type[Model]]:
    return [cls, *(sub for child in cls.__subclasses__() for sub in each(child))]


@pytest.mark.parametrize("cls", each(Model), ids=lambda cls: cls.__name__)
def test_every_model_can_be_hashed(cls: type[Model]) -> None:
    """A model can be in a set, with or without lists and mappings inside."""
    fields: dict[str, Any] = {name: [{"a": [1, {"b": None}]}] for name in cls.model_fields}
    for model in (cls.model_construct(), cls.model_construct(**fields)):
        assert hash(model) == hash(model.model_copy())


@pytest.mark.parametrize(
    ("cls", "members"),
    [
        (Task, {**TASK, "newMember": {"a": [1]}}),
        (DescribedTasks, {"tasks": [TASK], "failures": [{"arn": "a"}]}),
        (TaskArnPage, {"taskArns": [ARN]}),
        (Page[RunSummary], {"items": [{"id": "1"}], "nextToken": "t"}),
        (Run, {"id": "1", "parameters": {"reads": ["a", {"b": 1.5}]}, "tags": {"a": "b"}}),
        (TaskParameterValue, {"string": "x"}),
        (TaskBatch, {"tasks": [], "errors": []}),
    ],
)
def test_equal_models_hash_alike(cls: type[Model], members: dict[str, Any]) -> None:
    """Equal models have the same hash; others may differ."""
    one, two = (cls.model_validate(members, strict=False) for _ in range(2))
    assert (one, hash(one)) == (two, hash(two))


def test_the_order_of_a_mapping_is_no_difference() -> None:
    """Equality and hashes ignore the order of mappings."""
    one = Run(id="1", tags={"a": "1", "b": "2"}, parameters=[{"x": 1, "y": True}])
    two = Run(id="1", tags={"b": "2", "a": "1"}, parameters=[{"y": True, "x": 1}])
    assert (one, hash(one)) == (two, hash(two))


def test_a_hash_tells_models_apart() -> None:
    """The contents of lists change the hash, so that sets of pages stay fast."""
    pages = [Page[RunSummary](items=[RunSummary(id=str(n))]) for n in range(100)]
    assert 100 == len({hash(page) for page in pages})
