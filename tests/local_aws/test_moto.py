"""The stand-in's ECS compared with moto's: both answer the same where moto implements a call."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from omics_tasks.testing import LocalAWS

from .by_boto3 import SESSION, boto3_client


@pytest.fixture(scope="module")
def moto_url() -> Iterator[str]:
    """URL of a moto server in this process."""
    server: Any = importlib.import_module("moto.server").ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@dataclass(frozen=True)
class Both:
    """The same cluster in moto and in the stand-in."""

    moto: Any
    ours: Any
    cluster: str
    arns: list[str]
    """Three tasks of family ``a``, the last one stopped, then two of family ``b``."""
    account: tuple[str, str]
    """Moto's, and the stand-in's."""

    def ask(self, operation: str, **members: Any) -> list[Any]:
        """Return both answers to a call, moto's first, with an error as its code and status."""
        return [self._answer(client, operation, members) for client in (self.moto, self.ours)]

    def _answer(self, client: Any, operation: str, members: dict[str, Any]) -> Any:
        try:
            answer = getattr(client, operation)(**members)
        except ClientError as error:
            response: Any = error.response
            status = response["ResponseMetadata"]["HTTPStatusCode"]
            return response["Error"]["Code"], status
        del answer["ResponseMetadata"]
        return self._renamed(answer)

    def _renamed(self, value: Any) -> Any:
        """Return the answer with moto's account id in place of the stand-in's."""
        if isinstance(value, dict):
            return {name: self._renamed(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._renamed(inner) for inner in value]
        moto, ours = self.account
        return value.replace(ours, moto) if isinstance(value, str) else value


@pytest.fixture
def both(aws: LocalAWS, moto_url: str) -> Both:
    moto: Any = SESSION.client(
        "ecs",
        endpoint_url=moto_url,
        region_name=aws.region,
        aws_access_key_id="a",
        aws_secret_access_key="s",
    )
    cluster = f"render-{uuid4()}"
    theirs = moto.create_cluster(clusterName=cluster)["cluster"]["clusterArn"]
    arns = list[str]()
    for family, count in (("a", 3), ("b", 2)):
        container = {"name": "main", "image": "busybox", "memory": 128}
        moto.register_task_definition(family=family, containerDefinitions=[container])
        started = moto.run_task(
            cluster=cluster, taskDefinition=family, count=count, launchType="FARGATE",
            startedBy=f"me-{family}",
        )  # fmt: skip
        arns += [task["taskArn"] for task in started["tasks"]]
    moto.stop_task(cluster=cluster, task=arns[2])
    accounts = theirs.split(":")[4], aws.ecs.add_cluster(cluster).split(":")[4]
    for arn, family in zip(arns, "aaabb", strict=True):
        aws.ecs.add_task(
            cluster=cluster,
            task_id=arn.rpartition("/")[2],
            family=family,
            started_by=f"me-{family}",
            desired_status="STOPPED" if arn == arns[2] else "RUNNING",
        )
    return Both(moto, boto3_client(aws, "ecs"), cluster, arns, accounts)


@pytest.mark.parametrize(
    "filters",
    [
        {"desiredStatus": "RUNNING"},
        {"desiredStatus": "STOPPED"},
        {"family": "a", "desiredStatus": "RUNNING"},
        {"family": "b", "desiredStatus": "RUNNING"},
        {"family": "c"},
        {"startedBy": "me-b"},
        {"startedBy": "you"},
    ],
)
def test_both_list_the_same_tasks(both: Both, filters: dict[str, str]) -> None:
    """Every filter of moto finds the same tasks, though in another order."""
    theirs, ours = both.ask("list_tasks", cluster=both.cluster, **filters)
    assert sorted(theirs["taskArns"]) == sorted(ours["taskArns"])


def test_both_miss_the_same_cluster(both: Both) -> None:
    """An unknown cluster is the same error in both."""
    theirs, ours = both.ask("list_tasks", cluster="nowhere")
    assert theirs == ours == ("ClusterNotFoundException", 400)


MEMBERS = ("taskArn", "clusterArn", "desiredStatus", "startedBy", "launchType")
"""moto changes ``lastStatus`` with every call and returns nothing for missing tasks."""


def test_both_describe_the_same_tasks(both: Both) -> None:
    """Tasks by id and by ARN have the same members in both."""
    names = [both.arns[0].rpartition("/")[2], both.arns[2].rpartition("/")[2]]
    theirs, ours = (
        [{name: task[name] for name in MEMBERS} for task in answer["tasks"]]
        for answer in both.ask("describe_tasks", cluster=both.cluster, tasks=names)
    )
    assert theirs == ours


def test_members_have_the_same_types(both: Both) -> None:
    """Members that both return have the same type, times included."""
    names = [both.arns[0].rpartition("/")[2]]
    theirs, ours = (
        {name: type(value) for name, value in answer["tasks"][0].items()}
        for answer in both.ask("describe_tasks", cluster=both.cluster, tasks=names)
    )
    common = theirs.keys() & ours.keys()
    assert {name: theirs[name] for name in common} == {name: ours[name] for name in common}
    assert {*MEMBERS, "lastStatus", "containers", "attachments"} <= common
