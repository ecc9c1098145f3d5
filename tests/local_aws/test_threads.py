"""Threads that add, call and advance the time concurrently."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.client import HTTPConnection

import pytest

from omics_tasks import DeadlineClient, ECSClient, HealthOmicsClient, ResourceNotFoundException
from omics_tasks.testing import LocalAWS

from .by_boto3 import IDS


@pytest.fixture(autouse=True)
def _often() -> Iterator[None]:
    """Switch threads very often, so that races are likely."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def side_by_side(*jobs: Callable[[], object]) -> None:
    """Run the functions in parallel and raise the first error of any of them."""
    begin = threading.Barrier(len(jobs))

    def done(job: Callable[[], object]) -> None:
        begin.wait()
        job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        for future in [pool.submit(done, job) for job in jobs]:
            future.result()


def test_adding_from_several_threads(aws: LocalAWS) -> None:
    """No id is generated twice, and no resource is lost, while requests are answered."""
    run = aws.healthomics.add_run()
    arns, ids = list[str](), list[object]()

    def add() -> None:
        for _ in range(50):
            aws.healthomics.add_task(run.id)
            arns.append(aws.ecs.add_task())
            ids.append(aws.deadline.add_task())

    def ask() -> None:
        with HealthOmicsClient(**aws.client_options) as omics:
            for _ in range(20):
                omics.list_run_tasks(run.id).collect()
        with DeadlineClient(**aws.client_options) as deadline:
            for _ in range(50):
                with pytest.raises(ResourceNotFoundException):
                    deadline.get_task(*IDS)

    side_by_side(*[add] * 4, *[ask] * 4)
    with HealthOmicsClient(**aws.client_options) as omics, ECSClient(**aws.client_options) as ecs:
        assert 200 == len(omics.list_run_tasks(run.id).collect())
        assert set(arns) == set(ecs.list_tasks())
    assert (200, 200) == (len(set(arns)), len(set(ids)))


def test_tasks_of_one_step_from_threads(aws: LocalAWS) -> None:
    """No task is lost when several threads add the first tasks of a step."""
    farm, queue, job, step, task = IDS
    for number in range(50):
        job_id = f"{job[:-2]}{number:02}"

        def add(thread: int, job_id: str = job_id) -> None:
            task_id = task.replace("-0", f"-{thread}")
            aws.deadline.add_task(
                farm_id=farm, queue_id=queue, job_id=job_id, step_id=step, task_id=task_id
            )

        side_by_side(*(partial(add, thread) for thread in range(4)))
        with DeadlineClient(**aws.client_options) as deadline:
            assert 4 == len(deadline.list_tasks(farm, queue, job_id, step).collect())


def test_advancing_from_several_threads(aws: LocalAWS) -> None:
    """The time moves by the sum of all threads' ``advance`` calls."""
    began = aws.now

    def advance() -> None:
        for _ in range(2000):
            aws.advance(1)

    side_by_side(*[advance] * 8)
    assert 16_000 == (aws.now - began).total_seconds()


def test_two_hundred_connections(aws: LocalAWS) -> None:
    """200 simultaneous connections are all answered."""
    address = aws.endpoint_url.removeprefix("http://")
    connections = [HTTPConnection(address) for _ in range(200)]
    for _ in range(2):
        for connection in connections:
            connection.request("GET", "/run/7")
        answers = [connection.getresponse() for connection in connections]
        assert [403] * 200 == [answer.status for answer in answers if answer.read()]
    for connection in connections:
        connection.close()
