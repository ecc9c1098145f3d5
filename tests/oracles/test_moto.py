"""Tasks of moto's ECS server: our listings compared with boto3's."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError
from pydantic.alias_generators import to_camel

from omics_tasks.ecs import ClusterNotFoundException

from ..asking import Ask, take
from .aws import REGION, boto3_client

PATIENCE = 30.0
"""Seconds to wait for the start of the server."""


@pytest.fixture(scope="session")
def moto_url() -> Generator[str]:
    """URL of a moto server in another process."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        port: int = listening.getsockname()[1]
    with subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        env={name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            _wait_for(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        assert process.poll() is None, "moto's server ended"
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
                connection.request("GET", "/moto-api/data.json")
                assert connection.getresponse().status == 200
                return
        except ConnectionRefusedError:
            time.sleep(0.05)
    pytest.fail("moto's server doesn't answer")


@dataclass(frozen=True)
class Cluster:
    """A cluster with three tasks of one family, the last one stopped, and two of another."""

    url: str
    name: str
    family: str
    of_family: list[str]
    of_other_family: list[str]


def run_tasks(ecs: Any, cluster: str, family: str, count: int) -> list[str]:
    """Start tasks with boto3 and return their ARNs."""
    answer = ecs.run_task(
        cluster=cluster, taskDefinition=family, count=count, launchType="FARGATE", startedBy=family
    )
    return [task["taskArn"] for task in answer["tasks"]]


@pytest.fixture
def cluster(moto_url: str) -> Cluster:
    """A new cluster; another one has a task of the same family."""
    ecs = boto3_client("ecs", moto_url)
    name, elsewhere, family, other_family = (f"{n}-{uuid4()}" for n in ("a", "b", "x", "y"))
    for each in (name, elsewhere):
        ecs.create_cluster(clusterName=each)
    for each in (family, other_family):
        container = {"name": "main", "image": "busybox", "memory": 128}
        ecs.register_task_definition(family=each, containerDefinitions=[container])
    run_tasks(ecs, elsewhere, family, 1)
    of_family, of_other_family = (
        run_tasks(ecs, name, family, 3),
        run_tasks(ecs, name, other_family, 2),
    )
    ecs.stop_task(cluster=name, task=of_family[-1])
    return Cluster(moto_url, name, family, of_family, of_other_family)


def listed(ask: Ask, cluster: Cluster, **filters: Any) -> list[Any]:
    """Return our client's listing of the cluster, which must equal boto3's."""
    members = {to_camel(name): value for name, value in filters.items()}
    theirs = boto3_client("ecs", cluster.url).list_tasks(cluster=cluster.name, **members)
    ours: list[Any] = ask(
        lambda client: take(client.list_tasks(cluster=cluster.name, **filters)),
        "ECS",
        region=REGION,
        endpoint_url=cluster.url,
    )
    assert theirs["taskArns"] == ours
    return ours


def test_tasks_of_a_cluster(ask: Ask, cluster: Cluster) -> None:
    """A listing has the tasks of the given cluster and no others."""
    ours = listed(ask, cluster, desired_status="RUNNING")
    assert sorted([*cluster.of_family[:2], *cluster.of_other_family]) == sorted(ours)


def test_tasks_of_a_family(ask: Ask, cluster: Cluster) -> None:
    """Tasks can be listed by family."""
    ours = listed(ask, cluster, family=cluster.family, desired_status="RUNNING")
    assert sorted(cluster.of_family[:2]) == sorted(ours)


def test_stopped_tasks(ask: Ask, cluster: Cluster) -> None:
    """A stopped task is listed only among the stopped ones."""
    assert cluster.of_family[2:] == listed(ask, cluster, desired_status="STOPPED")


def test_tasks_by_who_started_them(ask: Ask, cluster: Cluster) -> None:
    """Tasks can be listed by ``started_by``."""
    ours = listed(ask, cluster, started_by=cluster.family)
    assert sorted(cluster.of_family) == sorted(ours)


def test_arn_knows_its_parts(ask: Ask, cluster: Cluster) -> None:
    """A task's ARN has its cluster, region and id."""
    (arn,) = listed(ask, cluster, desired_status="STOPPED")
    assert (cluster.name, REGION) == (arn.cluster, arn.region)
    described = boto3_client("ecs", cluster.url).describe_tasks(
        cluster=arn.cluster, tasks=[arn.task_id]
    )
    assert [arn] == [task["taskArn"] for task in described["tasks"]]


def test_an_unknown_cluster(ask: Ask, moto_url: str) -> None:
    """An unknown cluster raises the exception with the same name as boto3's."""
    with pytest.raises(ClusterNotFoundException) as ours:
        ask(
            lambda client: take(client.list_tasks(cluster="nowhere")),
            "ECS",
            region=REGION,
            endpoint_url=moto_url,
        )
    with pytest.raises(ClientError) as theirs:
        boto3_client("ecs", moto_url).list_tasks(cluster="nowhere")
    response: Any = theirs.value.response
    assert {"Code": ours.value.code, "Message": ours.value.message} == response["Error"]
    assert response["ResponseMetadata"]["HTTPStatusCode"] == ours.value.status
