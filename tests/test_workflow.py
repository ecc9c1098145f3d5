"""Runner of several calls: what bounds its calls."""

from __future__ import annotations

import math

import pytest

from omics_tasks._core.workflow import CallStep, Runner, SleepStep, Workflow, with_time_limit
from omics_tasks.healthomics.operations import GET_RUN, GetRunInput


def work(limit: float) -> Workflow[str]:
    yield CallStep(GET_RUN, GetRunInput.model_validate({"run_id": "1"}), limit)
    yield SleepStep(9)
    return "done"


@pytest.mark.parametrize(
    ("inner", "outer", "expected"), [(3, 5, 3), (5, 3, 3), (math.inf, 5, 5), (3, math.inf, 3)]
)
def test_the_smaller_of_two_limits_counts(inner: float, outer: float, expected: float) -> None:
    """A call with two time limits has the smaller one; pauses are unchanged."""
    under_way = Runner(with_time_limit(work(inner), lambda: outer))
    step = under_way.next()
    assert isinstance(step, CallStep)
    assert expected == step.time_limit
    assert SleepStep(9) == under_way.next()
    assert None is under_way.next()
    assert "done" == under_way.result
