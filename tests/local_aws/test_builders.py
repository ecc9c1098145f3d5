"""The methods that add clusters, runs and tasks to the stand-in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, get_type_hints

import pytest

from omics_tasks import ECSClient, HealthOmicsClient, ParamValidationError
from omics_tasks.deadline import Task
from omics_tasks.healthomics import Run, RunTask
from omics_tasks.testing import LocalAWS
from omics_tasks.testing.builder_fields import ECSTaskFields, RunFields, RunTaskFields, TaskFields
from omics_tasks.testing.ecs import ECSTask

NOON = datetime(2026, 1, 2, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "model"), [(RunFields, Run), (RunTaskFields, RunTask), (TaskFields, Task)]
)
def test_builders_take_every_field(fields: type, model: type[Run | RunTask | Task]) -> None:
    """A builder takes all fields of the model."""
    assert set(model.model_fields) == set(get_type_hints(fields))


def test_the_ecs_builder_takes_every_field() -> None:
    """The ECS builder takes all fields except the ARNs that follow from names and ids."""
    arns = {"task_arn", "cluster_arn", "container_instance_arn"}
    assert set(ECSTask.model_fields) - arns == set(get_type_hints(ECSTaskFields))


def test_default_values_are_reproducible() -> None:
    """Two stand-ins with the same seed generate the same values."""
    first, second = LocalAWS(), LocalAWS()
    run, same = first.healthomics.add_run(), second.healthomics.add_run()
    assert run == same
    assert first.healthomics.add_task(run.id) == second.healthomics.add_task(run.id)
    assert first.ecs.add_task() == second.ecs.add_task()
    assert first.deadline.add_task() == second.deadline.add_task()


def test_seeds_determine_ids() -> None:
    """Generated ids depend on the seed."""

    def ids(seed: int) -> list[object]:
        aws = LocalAWS(seed=seed)
        run = aws.healthomics.add_run()
        return [run.id, run.uuid, aws.ecs.add_task(), *aws.deadline.add_task()]

    assert ids(7) == ids(7)
    assert [] == [one for one, other in zip(ids(7), ids(8), strict=True) if one == other]


def test_ids_differ(aws: LocalAWS) -> None:
    """All runs and all tasks get different ids."""
    runs = {aws.healthomics.add_run().id for _ in range(1000)}
    arns = {aws.ecs.add_task() for _ in range(1000)}
    assert (1000, 1000) == (len(runs), len(arns))


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("PENDING", (False, False)),
        ("RUNNING", (True, False)),
        ("COMPLETED", (True, True)),
    ],
)
def test_times_follow_the_status(aws: LocalAWS, status: Any, expected: tuple[bool, bool]) -> None:
    """Only runs that have started or stopped have the time for it, in order."""
    run = aws.healthomics.add_run(status=status, creation_time=NOON)
    assert expected == (run.start_time is not None, run.stop_time is not None)
    times = [t for t in (run.creation_time, run.start_time, run.stop_time) if t is not None]
    assert [NOON, *times[1:]] == sorted(times)


def test_adding_again_replaces(aws: LocalAWS) -> None:
    """A run with the same id replaces the earlier one and keeps its tasks."""
    run = aws.healthomics.add_run()
    aws.healthomics.add_task(run.id)
    aws.healthomics.add_run(id=run.id, status="COMPLETED")
    with HealthOmicsClient(**aws.client_options) as omics:
        assert "COMPLETED" == omics.get_run(run.id).status
        assert 1 == len(omics.list_run_tasks(run.id).collect())


def test_a_cluster_is_added_once(aws: LocalAWS) -> None:
    """Adding an existing cluster changes nothing."""
    cluster = aws.ecs.add_cluster("render")
    arn = aws.ecs.add_task(cluster="render")
    assert cluster == aws.ecs.add_cluster("render")
    with ECSClient(**aws.client_options) as ecs:
        assert [arn] == ecs.list_tasks(cluster="render").collect()


def test_deadline_tasks_share_a_step(aws: LocalAWS) -> None:
    """Given ids are kept and missing ones are generated."""
    first = aws.deadline.add_task()
    second = aws.deadline.add_task(
        farm_id=first.farm_id,
        queue_id=first.queue_id,
        job_id=first.job_id,
        step_id=first.step_id,
    )
    assert first[:4] == second[:4]
    assert first.task_id != second.task_id


def test_invalid_ids(aws: LocalAWS) -> None:
    """A builder raises ParamValidationError for an id that the API doesn't allow."""
    with pytest.raises(ParamValidationError):
        aws.healthomics.add_run(id="seven")
    with pytest.raises(ParamValidationError):
        aws.healthomics.add_task(aws.healthomics.add_run().id, task_id="seven")
    with pytest.raises(ParamValidationError):
        aws.deadline.add_task(farm_id="farm-1")


@pytest.mark.parametrize("name", ["task_arn", "cluster_arn"])
def test_task_and_cluster_arns_can_not_be_set(aws: LocalAWS, name: str) -> None:
    """A task or cluster ARN is a TypeError that names the arguments to use instead."""
    given: Any = {name: "arn:aws:ecs:us-east-1:111122223333:task/default/7"}
    with pytest.raises(TypeError, match=f"{name} follows from cluster= and task_id="):
        aws.ecs.add_task(**given)
    with ECSClient(**aws.client_options) as ecs:
        assert [] == ecs.list_tasks().collect()


@pytest.mark.parametrize("task_id", ["", "default/7", "arn:7", "7 "])
def test_invalid_ecs_task_ids(aws: LocalAWS, task_id: str) -> None:
    """A task id that can't be part of an ARN is a ValueError."""
    with pytest.raises(ValueError, match="task_id must have only letters"):
        aws.ecs.add_task(task_id=task_id)


def test_names_must_agree(aws: LocalAWS) -> None:
    """An id or family that differs from the ARN is an error, and one of both is enough."""
    run_arn = "arn:aws:omics:us-east-1:111122223333:run/7"
    with pytest.raises(ValueError, match="arn is of run 7, not 8"):
        aws.healthomics.add_run(id="8", arn=run_arn)
    assert "7" == aws.healthomics.add_run(arn=run_arn).id
    definition = "arn:aws:ecs:us-east-1:111122223333:task-definition/render:3"
    with pytest.raises(ValueError, match="of family 'render', not 'local'"):
        aws.ecs.add_task(family="local", task_definition_arn=definition)
    arn = aws.ecs.add_task(task_definition_arn=definition)
    with HealthOmicsClient(**aws.client_options) as omics, ECSClient(**aws.client_options) as ecs:
        assert run_arn == omics.get_run("7").arn
        assert [arn] == ecs.list_tasks(family="render").collect()


def test_misspelt_fields(aws: LocalAWS) -> None:
    """A builder raises TypeError for an unknown field."""
    misspelt: Any = {"stauts": "FAILED"}
    with pytest.raises(TypeError, match="Run has no field stauts"):
        aws.healthomics.add_run(**misspelt)


def test_tasks_need_their_parent(aws: LocalAWS) -> None:
    """Adding a task to an unknown run or cluster is a KeyError."""
    with pytest.raises(KeyError):
        aws.healthomics.add_task("7")
    with pytest.raises(KeyError):
        aws.ecs.add_task(cluster="render")


def test_arns_are_of_the_region() -> None:
    """ARNs have the stand-in's region and its partition."""
    arn = LocalAWS(region="cn-north-1").ecs.add_task(task_id="7")
    assert "arn:aws-cn:ecs:cn-north-1:111122223333:task/default/7" == arn
