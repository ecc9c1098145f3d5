"""Errors for resources and operations that don't exist."""

from __future__ import annotations

from typing import Any

import pytest

from omics_tasks import ECSClient, HealthOmicsClient, ResourceNotFoundException
from omics_tasks.ecs import ClusterNotFoundException, ServiceNotFoundException
from omics_tasks.testing import LocalAWS

from .by_boto3 import IDS, answers_of, boto3_client, error_of, wire


def test_unknown_run_and_task(aws: LocalAWS) -> None:
    """An unknown run or task is ResourceNotFoundException with status 404."""
    aws.healthomics.add_run(id="7")
    omics = boto3_client(aws, "omics")
    not_found = ("ResourceNotFoundException", 404)
    assert not_found == error_of(lambda: omics.get_run(id="8"))
    assert not_found == error_of(lambda: omics.list_run_tasks(id="8"))
    assert not_found == error_of(lambda: omics.get_run_task(id="7", taskId="8"))
    with (
        HealthOmicsClient(**aws.client_options) as ours,
        pytest.raises(ResourceNotFoundException),
    ):
        ours.get_run("8")


@pytest.mark.parametrize("member", range(5))
def test_unknown_deadline_task(aws: LocalAWS, member: int) -> None:
    """The error names the first of farm, queue, job, step and task that doesn't exist."""
    aws.deadline.add_task(**IDS._asdict())
    name = IDS._fields[member]
    other = IDS._replace(**{name: IDS[member].replace(str(member + 1), "9")})
    client = boto3_client(aws, "deadline")
    with pytest.raises(client.exceptions.ResourceNotFoundException) as caught:
        client.get_task(**wire(other))
    response: Any = caught.value.response
    assert (404, other[member], name.removesuffix("_id"), {}) == (
        response["ResponseMetadata"]["HTTPStatusCode"],
        response["resourceId"],
        response["resourceType"],
        response["context"],
    )


def test_unknown_cluster_and_service(aws: LocalAWS) -> None:
    """An unknown cluster or service is ECS's own error with status 400."""
    ecs = boto3_client(aws, "ecs")
    assert ("ClusterNotFoundException", 400) == error_of(lambda: ecs.list_tasks(cluster="x"))
    assert ("ServiceNotFoundException", 400) == error_of(lambda: ecs.list_tasks(serviceName="x"))
    elsewhere = aws.ecs.add_cluster("render").replace(aws.region, "eu-west-1")
    assert ("ClusterNotFoundException", 400) == error_of(lambda: ecs.list_tasks(cluster=elsewhere))
    with ECSClient(**aws.client_options) as ours:
        with pytest.raises(ClusterNotFoundException):
            ours.list_tasks(cluster="x").collect()
        with pytest.raises(ServiceNotFoundException):
            ours.list_tasks(service_name="x").collect()


def test_empty_listings(aws: LocalAWS) -> None:
    """A listing without items is an empty list without a token."""
    run = aws.healthomics.add_run()
    omics, ecs = boto3_client(aws, "omics"), boto3_client(aws, "ecs")
    bodies = answers_of(omics)
    omics.list_run_tasks(id=run.id)
    assert [{"items": []}] == bodies
    bodies = answers_of(ecs)
    ecs.list_tasks()
    assert [{"taskArns": []}] == bodies


def test_unknown_operations(aws: LocalAWS) -> None:
    """An unknown operation is the error that AWS returns for one."""
    assert ("UnknownOperationException", 404) == error_of(boto3_client(aws, "omics").list_workflows)
    assert ("UnknownOperationException", 400) == error_of(boto3_client(aws, "ecs").list_clusters)
